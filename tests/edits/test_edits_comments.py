"""The comment above a field that is dropped: it goes with the field, it stays for others, or it is told."""

from __future__ import annotations

import pytest

from bravo_agent.model.plan import DropField
from codemods._declaration import declaration_of, model_class
from codemods._field_lines import comment_above, field_lines
from codemods._source import Source
from codemods._splice import splice
from codemods._values import Home
from codemods.drop_field import KIND

HEAD = "class Ad(BaseModel):\n    name: str\n\n"

CASES = {
    "it names the field": ("    # Daily budget in cents\n", "    daily_budget: int\n", "", True, False),
    "above others too": ("    # daily_budget, in cents\n", "    daily_budget: int\n", "    b: int\n", True, False),
    "two lines": ("    # the daily budget,\n    # in cents\n", "    daily_budget: int\n", "    b: int\n", True, False),
    "a heading": ("    # Money\n", "    daily_budget: int\n", "    b: int\n", False, False),
    "a heading and more": (
        "    # Money\n    # daily budget in cents\n", "    daily_budget: int\n", "    b: int\n", False, True,
    ),
    "two fields": ("    # Daily budget and name\n", "    daily_budget: int\n", "    b: int\n", False, True),
    "of it alone, perhaps": ("    # in cents\n", "    daily_budget: int\n", "\n    b: int\n", False, True),
    "above the last": ("    # in cents\n", "    daily_budget: int\n", "", False, True),
    "a line drawn": ("    # --- daily budget ---\n", "    daily_budget: int\n", "\n    b: int\n", False, True),
    "for a tool": ("    # fmt: off daily_budget\n", "    daily_budget: int\n", "\n    b: int\n", False, True),
    "not above it": ("    # daily_budget\n\n", "    daily_budget: int\n", "", False, False),
    "in a text": ('    x: str = """\n    # daily_budget"""\n', "    daily_budget: int\n", "", False, False),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_comment_above(case: str) -> None:
    comment, line, rest, goes, orphan = CASES[case]
    source = Source(HEAD + comment + line + rest)
    declared = declaration_of(source, model_class(source, "Ad"), "daily_budget")
    assert declared is not None
    above = comment_above(declared)
    assert (above.goes, above.orphan) == (goes, orphan)
    after = splice(source.text, [field_lines(source, declared)])
    assert after == HEAD + ("" if goes else comment) + rest


def test_a_class_that_has_nothing_else() -> None:
    source = Source("class Ad(BaseModel):\n    # x of it\n    x: int\n")
    declared = declaration_of(source, model_class(source, "Ad"), "x")
    assert declared is not None
    assert splice(source.text, [field_lines(source, declared)]) == "class Ad(BaseModel):\n    pass\n"


def test_an_orphan_is_told() -> None:
    text = "class Ad(BaseModel):\n    a: int\n\n    # in cents\n    x: int\n"
    made = KIND.carry(text, DropField("Ad", "x"), Home("Ad"), "models.py")
    assert "x: int" not in made.text
    assert [(one.line, one.why.split(":")[0]) for one in made.manual] == [
        (4, "the comment stood directly above x, which is gone")
    ]
