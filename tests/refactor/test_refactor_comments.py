"""A field dropped through the whole code: the comments above it go, stay, or are told."""

from __future__ import annotations

from pathlib import Path

from refactor_examples import code_of

from bravo_agent.model.plan import DropField
from codemods._everywhere import CodeExample
from codemods.drop_everywhere import KIND

HEAD = "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n    id: int\n\n"


def dropped(folder: Path, body: str) -> tuple[str, list[tuple[int, str]], list[str]]:
    """The class's body then, what is told, and what becomes of each word."""
    example = CodeExample("x", None, {"app/models.py": HEAD + body})
    made = KIND.through(code_of(example, folder), DropField("Ad", "cost"))
    (edit,) = made.patch.edits
    told = [(one.line, one.why.split(",")[0]) for one in made.mentions]
    return edit.after.removeprefix(HEAD), told, [one.fate for one in made.treated]


def test_what_goes_with_the_field_is_not_told(tmp_path: Path) -> None:
    body = '    # cost in cents\n    «cost»: int = 0  # the cost\n    """The cost of it."""\n'
    body += "    ‹tax›: int = 0  # no cost\n"
    after, told, fates = dropped(tmp_path, body)
    assert after == "    tax: int = 0  # no cost\n"
    assert told == [(10, "its words name the field")]
    assert fates == ["edited", "edited", "edited", "edited", "left", "left"]


def test_an_orphan_is_told_and_a_heading_stays(tmp_path: Path) -> None:
    after, told, _ = dropped(tmp_path, "    # In cents\n    «cost»: int = 0\n\n    ‹tax›: int = 0\n")
    assert after == "    # In cents\n\n    tax: int = 0\n"
    assert told == [(7, "the comment stood directly above cost")]
    after, told, _ = dropped(tmp_path, "    # Money\n    «cost»: int = 0\n    ‹tax›: int = 0\n")
    assert (after, told) == ("    # Money\n    tax: int = 0\n", [])
