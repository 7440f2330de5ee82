"""The page for a reviewer and the comment for a pull request: texts of others are text there, and nothing else."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from untrusted_corpus import holds, unseen
from untrusted_scene import Scene

pytestmark = pytest.mark.slow


class Parsed(HTMLParser):
    """What a browser would make of it: elements and attributes, scripts, text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.marks: list[tuple[str, str, str]] = []
        self.scripts: list[str] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        self.marks += [(tag, name, value or "") for name, value in (*attrs, ("", ""))]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        (self.scripts if self._open[-1:] in (["script"], ["style"]) else self.texts).append(data)

    def handle_comment(self, data: str) -> None:
        self.scripts.append(data)


@pytest.fixture(scope="module")
def written(hostile: Scene, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review")
    hostile.cli("review", "--html", str(folder / "review.html"), "--markdown", str(folder / "review.md"))
    return folder


def _faults(parsed: Parsed) -> list[object]:
    wrong: list[object] = [one for one in parsed.scripts if holds(one)]
    for tag, name, value in parsed.marks:
        if holds(tag + name) or name.startswith("on") or tag in ("img", "b", "system", "iframe"):
            wrong.append((tag, name, value))
        # Names may label things; they lead nowhere and style nothing.
        if name in ("href", "src", "action", "style", "srcdoc") and (holds(value) or "evil" in value):
            wrong.append((tag, name, value))
    return wrong


def test_the_page_holds_them_as_text(written: Path) -> None:
    text = (written / "review.html").read_text(encoding="utf-8")
    parsed = Parsed(text)
    assert holds("".join(parsed.texts))
    assert _faults(parsed) == []
    assert unseen(text, also="\n\t") == ""


def test_the_comment_holds_them_as_text(written: Path) -> None:
    text = (written / "review.md").read_text(encoding="utf-8")
    shown = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    parsed = Parsed(shown)
    assert holds("".join(parsed.texts))
    assert _faults(parsed) == []
    assert {tag for tag, _, _ in parsed.marks}.isdisjoint({"a", "img", "script", "blockquote", "pre"})
    assert unseen(text) == ""
    assert len(text) < 65_536
