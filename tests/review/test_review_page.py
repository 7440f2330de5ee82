"""The page as values, and what is made of it without a browser: charts, diffs, unseen characters, Markdown."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from review_scene import BRACES, SCRIPT, UNSEEN, Project, hostile

from bravo_agent.model.change import Candidate, Evidence
from bravo_agent.model.plan import Edit, Patch
from bravo_agent.review.charts import charts_of
from bravo_agent.review.html import static_html
from bravo_agent.review.make_page import lets_through
from bravo_agent.review.markdown import MOST, code, escaped, markdown
from bravo_agent.review.page import DiffFile, Filters, Page
from bravo_agent.review.side_by_side import side_by_side
from bravo_agent.review.visible import visible
from bravo_agent.stores.application import render_diff


def test_what_is_open_and_blocks_stands_first(project: Project) -> None:
    page = project.sitting.page()
    assert [(card.kind, card.field, card.verdict) for card in page.shown][:2] == [
        ("dropped_field", "budget", "block"),
        ("new_field", "score", "review"),
    ]
    assert {one.name: one.count for one in page.counts if one.count} == {
        "blocked": 1,
        "open": 1,
        "decided": 1,
    }
    assert page.database_note.startswith("[target-not-configured]")
    assert "bravo-agent plan" in page.plans_note


def test_filters(project: Project) -> None:
    (budget, _, channel) = project.sitting.page().shown

    def shown(**wanted: str) -> list[str | None]:
        page = project.sitting.page(Filters(**wanted))
        assert page.total == 3
        return [card.field for card in page.shown]

    assert shown() == ["budget", "score", "channel"]
    assert shown(severity="breaking") == ["budget"]
    assert shown(decision="auto-approve", state="decided") == ["channel"]
    assert shown(kind="new_field") == ["score", "channel"]
    assert shown(text="CAMPAIGNS.sc") == ["score"]
    assert shown(text=budget.id[:8]) == ["budget"]
    assert shown(kind="nothing-such") == []
    assert lets_through(Filters(), channel)


def test_every_answer_without_params_shows_what_it_leads_to(project: Project) -> None:
    card = project.sitting.card(project.only("score").id)
    led = {one.name: one.cascade for one in card.answers}
    assert {name for name, cascade in led.items() if cascade is None} == {"calculate", "default", "custom"}
    optional = led["make-optional"]
    assert optional is not None
    assert [one.file for one in optional.files] == ["models.py"]
    assert any("score" in (row.after or (0, ""))[1] for row in optional.files[0].rows if row.kind == "added")
    assert project.records() == []


def test_an_answer_elsewhere_is_seen_at_the_next_look(project: Project) -> None:
    sitting, other = project.sitting, project.sitting
    change = project.only("score").id
    assert sitting.card(change).state == "open"
    other.answer(change, "ignore", {}, "not ours")
    card = sitting.card(change)
    assert (card.state, card.answered) == ("decided", "ignore by person")
    assert [(one.option, one.rationale, one.state) for one in card.records] == [
        ("ignore", "not ours", "replayed")
    ]
    assert card.following


@pytest.mark.parametrize(
    ("evidence", "told"),
    [
        (Evidence(), []),
        (Evidence(rows=0, nulls=0), []),
        (Evidence(rows=8, nulls=2), ["NULL: 2 (25.0%); with a value: 6 (75.0%)"]),
        (
            Evidence(rows=10, nulls=2, castable=6),
            [
                "NULL: 2 (20.0%); with a value: 8 (80.0%)",
                "fit what is expected: 6 (75.0%); do not: 2 (25.0%)",
            ],
        ),
        (Evidence(holding=(("a", 3), ("b", 0))), ["a: 3 rows; b: 0 rows"]),
        (Evidence(held_before=(("a", 0),)), []),
        (Evidence(equal_by_key=0.5), ["equal by key: 50.0%"]),
    ],
)
def test_charts(project: Project, evidence: Evidence, told: list[str]) -> None:
    charts = charts_of(replace(project.only("score"), evidence=evidence, candidates=()))
    assert [one.spoken for one in charts] == told
    assert all(0 <= bar.share <= 1 for one in charts for bar in one.bars)


def test_candidates_are_a_chart(project: Project) -> None:
    likely = (Candidate("public.campaigns", "rank", 0.75), Candidate("public.ads", "mark", 0.2))
    (chart,) = charts_of(replace(project.only("score"), candidates=likely))
    assert chart.spoken == "rank: 0.75; public.ads.mark: 0.20"


def _sides(found: DiffFile) -> tuple[list[str], list[str]]:
    return (
        [row.before[1] for row in found.rows if row.before],
        [row.after[1] for row in found.rows if row.after],
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\nc\n", "a\nB\nc\n"),
        (None, "one\ntwo"),
        ("--- a\n+++ b\n@@ -1 +1 @@\n", "--- a\n+++ c\n@@ -1,2 +1 @@\ndiff --git a/x b/x\n"),
        ("x\n", ""),
        ("x", "x\n"),
        ("a\r\nb\r\n", "a\r\nc\r\n"),
        ("1\n2\n3\n", "0\n1\n2\n3\n4\n5\n"),
    ],
)
def test_both_sides_of_a_diff_are_the_file(before: str | None, after: str) -> None:
    files = side_by_side(render_diff(Patch((Edit("a b.py", before, after), Edit("z.py", "q\n", "r\n")))))
    assert [one.file for one in files] == ["a b.py", "z.py"]
    assert files[0].new == (before is None)
    left, right = _sides(files[0])
    assert left == (before or "").removesuffix("\n").split("\n") if before else left == []
    assert right == (after.removesuffix("\n").split("\n") if after else [])
    assert _sides(files[1]) == (["q"], ["r"])


def test_hunks_far_apart_keep_their_numbers_and_long_diffs_are_cut() -> None:
    old = [f"line {number}" for number in range(1, 101)]
    new = [*old[:89], "changed", *old[90:]]
    (found,) = side_by_side(render_diff(Patch((Edit("a.py", "\n".join(old), "\n".join(new)),))))
    changed = next(row for row in found.rows if row.kind == "changed")
    assert (changed.before, changed.after) == ((90, "line 90"), (90, "changed"))
    assert found.rows[0].kind == "gap"
    (cut,) = side_by_side(render_diff(Patch((Edit("a.py", None, "\n".join(old)),))), most=10)
    assert (len(cut.rows), cut.cut) == (10, 90)


@pytest.mark.parametrize(
    "sign", ["\x00", "\x1b", "\x7f", "\u202e", "\u2066", "\u200b", "\ufeff", "\U000e0041"]
)
def test_unseen_characters_are_written_out(sign: str) -> None:
    assert visible(f"a{sign}b") == f"a{ascii(sign)[1:-1]}b"


def test_what_everybody_sees_stays() -> None:
    text = "größe 名前 👍 a\tb"
    assert visible(text) == text
    assert visible("x\u3164\ufe0f\U000e0101y") == r"x\u3164\ufe0f\U000e0101y"


class Tags(HTMLParser):
    """Every element and attribute of a page, and all its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_static_file_stands_alone(project: Project) -> None:
    text = static_html(hostile(project).sitting.page(complete=True))
    found = Tags(text)
    assert not found.tags & {"form", "input", "button", "select", "img", "iframe", "object", "base"}
    assert not [name for name in found.attributes if name.startswith("on") or name == "style"]
    assert not re.findall(r"(?:src|href)=\"(?!#|data:,)[^\"]*\"", text)
    assert text.count("<script>") == 1
    assert BRACES in found.text
    assert not re.search(r"\b49\b", found.text)
    assert SCRIPT in found.text
    assert "csrf" not in text
    for sign in UNSEEN:
        assert sign in " xbevil\n" or sign not in text


def test_it_says_the_same_for_the_same(project: Project) -> None:
    assert static_html(project.sitting.page()) == static_html(project.sitting.page())
    assert markdown(project.sitting.page()) == markdown(project.sitting.page())


PROSE = [
    "1. one", "- a", "+ b", "= c", "# d", "> e", "a | b", "`code`", "**bold**", "_it_", "~~no~~", "[a](b)", "![a](b)",
    "<b>x</b>", "&lt;b&gt;", "a\\", "\nnew line\n\n# head", "$x$", "<!-- x", "```\nx\n```",
]  # fmt: skip


def _plain(tokens: list[object]) -> str:
    return "".join(
        _plain(token.children) if token.children else token.content  # type: ignore[attr-defined]
        for token in tokens
    )


@pytest.mark.parametrize("text", PROSE)
def test_prose_is_taken_for_nothing_else(text: str) -> None:
    """Held against another reader of Markdown: one paragraph, one text, the same as was written."""
    reader = MarkdownIt("gfm-like", {"linkify": False, "html": True})
    tokens = reader.parse(escaped(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children or ()} <= {"text", "text_special"}
    assert _plain(tokens[1:2]).replace("\u200b", "") == visible(text)
    row = reader.parse(f"| a | b |\n|---|---|\n| {code(text)} | {escaped(text)} |\n")
    assert sum(token.type == "td_open" for token in row) == 2


@pytest.mark.parametrize(
    "text",
    [
        "@anna",
        "x @org/team",
        "#12",
        "GH-12",
        "https://evil.example",
        "www.evil.example",
        "a@b.example",
        ":tada:",
    ],
)
def test_github_finds_no_mention_and_no_link(text: str) -> None:
    shown = _plain(MarkdownIt("commonmark").parse(escaped(text)))
    assert not re.search(r"[@#]\w|GH-\d|://|www\.|:\w+:", shown)
    assert shown.replace("\u200b", "") == text


def test_the_comment_keeps_its_bound(project: Project) -> None:
    page = hostile(project).sitting.page()
    text = markdown(page)
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(text)
    html = "".join(
        child.content
        for token in tokens
        for child in (token, *(token.children or ()))
        if child.type in ("html_inline", "html_block")
    )
    assert Tags(html).tags <= {"code", "details", "summary"}
    for sign in UNSEEN:
        assert sign in " xbevil\n" or sign not in text
    wide = replace(
        page, shown=tuple(replace(card, id=f"{n:064x}") for n in range(100) for card in page.shown)
    )
    for most in (MOST, 5_000, 1_000):
        bounded = markdown(wide, most)
        assert len(bounded) <= most
        assert "have no room here" in bounded


def test_nothing_changed() -> None:
    page = Page("shop", 0, (), (), ())
    assert "Nothing changed." in markdown(page)
    assert "Nothing changed." in static_html(page)
