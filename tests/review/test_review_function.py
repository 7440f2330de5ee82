"""Whoever approves a drafted function reads its code where they approve it, whatever stands in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import expect
from review_browser import CONTRAST, NAMELESS, Opens
from review_scene import BRACES, SCRIPT, Project

from bravo_agent.model.change import Decision
from bravo_agent.review.html import static_html
from bravo_agent.review.markdown import markdown
from bravo_agent.rules._bound import code_hash
from bravo_agent.usecases._transforms import keep_draft

FILE = "bravo_transforms/campaigns_score.py"
# What could end a block or hide a line: tags, fences, empty lines, line ends of other kinds, bidi and tag characters.
CODE = f"""\"\"\"{SCRIPT} {BRACES} </code></pre><img src=x onerror=alert(1)> @anna #1\"\"\"

```
</details>
\tdef hidden():\x0c\u2028\u202e\U000e0041
def transform(value):

    return 1 if value else 0  # the last line
"""


def draft(project: Project, code: str = CODE, *, kept: bool = True) -> str:
    """A proposal of a model that names the code; gives its hash."""
    change, digest = project.only("score"), code_hash(code)
    if kept:
        keep_draft(project.workspace, code)
    params = (("function", "bravo_transforms.campaigns_score:transform"), ("sha256", digest))
    proposal = Decision(
        change.id,
        "custom",
        params,
        decided_by="model",
        via="mcp",
        status="proposed",
        rationale="why",
        model="claude",
    )
    project.workspace.save_decisions((proposal,))
    return digest


@pytest.fixture
def drafted(project: Project) -> Project:
    draft(project)
    return project


def test_it_is_read_beside_the_buttons(opens: Opens, drafted: Project) -> None:
    with drafted.served() as served:
        watched = opens()
        page = watched.enter(served)
        page.get_by_role("link", name="public.campaigns.score").first.click()
        proposed = page.get_by_role("region", name="Proposed by model claude: custom")
        code = proposed.get_by_role("figure", name=f"Code of {FILE}")
        expect(code).to_be_visible()
        expect(page.get_by_role("figure", name="Code of")).to_have_count(1)
        lines = code.locator("li").all_text_contents()
        assert len(lines) == len(CODE.split("\n")) - 1
        assert SCRIPT in lines[0]
        assert lines[4].strip() == r"def hidden():\x0c\u2028\u202e\U000e0041"
        assert lines[7].strip() == "return 1 if value else 0  # the last line"
        expect(proposed.get_by_role("button", name="Accept")).to_be_visible()
        assert page.title() != "owned"
        assert (page.evaluate(CONTRAST), page.evaluate(NAMELESS)) == ([], [])
        page.set_viewport_size({"width": 360, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not [one for one in watched.told if "alert" in one or "dialog" in one]


def test_a_hash_without_a_file_says_so(project: Project) -> None:
    digest = draft(project, kept=False)
    for text in (static_html(project.sitting.page()), markdown(project.sitting.page())):
        assert "on this machine" in text
        assert digest in text
    # A file of that name is no proof: its hash is.
    (project.folder / FILE).parent.mkdir()
    (project.folder / FILE).write_text("def transform(value):\n    return 'another'\n")
    assert "another" not in static_html(project.sitting.page()) + markdown(project.sitting.page())
    (project.folder / FILE).write_text(CODE)
    assert "the last line" in static_html(project.sitting.page())


def test_the_file_shows_it_whole(opens: Opens, drafted: Project, tmp_path: Path) -> None:
    file = tmp_path / "review.html"
    file.write_text(static_html(drafted.sitting.page()), encoding="utf-8")
    page = opens().page
    page.goto(file.as_uri())
    lines = page.get_by_role("figure", name=f"Code of {FILE}").locator("li").all_text_contents()
    assert len(lines) == len(CODE.split("\n")) - 1
    assert lines[-1].strip() == "return 1 if value else 0  # the last line"


def test_the_comment_shows_it_as_far_as_there_is_room(project: Project) -> None:
    draft(project)
    text = markdown(project.sitting.page())
    shown = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    (block,) = re.findall(r"<pre><code>(.*?)</code></pre>", shown, re.DOTALL)
    assert block.count("\n") == len(CODE.split("\n")) - 1
    assert not re.search(
        r"<(?!/?(?:details|summary|h2|h3|p|ul|li|code|pre|table|thead|tbody|tr|th|td|br)\b)", shown
    )
    assert not re.search(r"<", block)
    assert "the last line" in block
    draft(project, "".join(f"line_{number} = '{'x' * 40}'\n" for number in range(400)))
    long = markdown(project.sitting.page())
    (block,) = re.findall(r"<pre><code>(.*?)</code></pre>", long, re.DOTALL)
    assert len(block) <= 4_001
    assert f"{400 - block.count(chr(10))} more lines have no room here" in long
