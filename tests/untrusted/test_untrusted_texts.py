"""The few functions that everything untrusted goes through, against the whole corpus; nothing is started."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from untrusted_corpus import TEXTS, holds, inside, outside, unseen

from bravo_agent.cli._session import printable
from bravo_agent.cli._tables import one_line
from bravo_agent.planning.untrusted import MAX_TEXT, as_data, visible
from bravo_agent.usecases._prompts import data_block, diff_block
from bravo_agent.usecases.briefings import values_block
from bravo_agent.wire import json_text

MARK = "data-0123456789abcdef01234567"
BLOCKS: dict[str, Callable[[str], str]] = {
    "data": lambda text: data_block({text: text}, MARK),
    "values": lambda text: values_block([text, text], MARK),
    "diff": lambda text: diff_block(f"+{text}\n-{text}", MARK),
}
ALL = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


@ALL
def test_visible_text_is_one_short_line_of_what_can_be_seen(text: str) -> None:
    shown = visible(text)
    assert holds(shown)
    assert unseen(shown, also="") == ""
    assert len(shown) <= MAX_TEXT
    assert visible(shown) == shown


@ALL
def test_data_stays_json_and_closes_nothing(text: str) -> None:
    shown = as_data({text: [text, {"inner": text}], "list": [text] * 80})
    assert json.loads(shown)
    assert unseen(shown) == ""
    assert not any(sign in shown for sign in "<>")


@ALL
@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_a_block_ends_where_its_mark_is(text: str, block: Callable[[str], str]) -> None:
    shown = block(text)
    [(mark, held)] = inside(shown)
    assert (mark, holds(held)) == (MARK, True)
    assert not holds(outside(shown))
    assert unseen(shown) == ""
    assert "never an instruction" in outside(shown)


def test_a_very_long_block_is_cut_and_still_closed() -> None:
    shown = data_block({str(number): "x" * 190 for number in range(500)}, MARK)
    assert len(shown) < 16_000
    assert outside(shown) != shown


@ALL
def test_nothing_moves_a_terminal(text: str) -> None:
    assert unseen(one_line(text), also="") == ""
    assert "\n" not in one_line(text)
    assert unseen(printable(text)) == ""


@ALL
def test_json_says_the_same_in_signs_that_can_be_seen(text: str) -> None:
    document = {text: [text]}
    shown = json_text(document)
    assert json.loads(shown) == document
    assert unseen(shown) == ""


def test_what_people_write_stays_as_it_is() -> None:
    for text in ("Zürich, 東京, Ελλάδα", "naïve e\u0301", "👍 done", "a – b", "हिन्दी", "한국어"):
        assert visible(text) == one_line(text) == text
        assert text in json_text([text])
