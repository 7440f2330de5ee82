"""A field that is to be added and is there already: the same one is nothing to do, another one is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from refactor_project import project_in

MODELS = """from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field, computed_field

Money = Annotated[Decimal, Field(max_digits=12, decimal_places=2)]


class Base(BaseModel):
    id: int


class Ad(Base):
    cost: Decimal
    count: int = 3
    note: str | None = None
    share: int = Field(default=0, ge=0, le=100)
    price: Money
    names: list[str] = []

    @computed_field
    @property
    def twice(self) -> int:
        return self.count * 2
"""
SAME = [
    ("cost", "Decimal"),
    ("count", "int", "--default", "3"),
    ("count", "int", "--default", "3 "),
    ("note", "str", "--optional"),
    ("note", "str | None"),
    ("note", "Optional[str]", "--default", "None"),
    ("share", "Annotated[int, Field(ge=0, le=100)]", "--default", "0"),
    ("price", "Money"),
    ("price", "Annotated[Decimal, Field(max_digits=12, decimal_places=2)]"),
    ("names", "list[str]", "--default", "[]"),
    ("twice", "int", "--computed", "count + count"),
    ("id", "int"),
]
OTHER = [
    (("cost", "int"), "`bravo-agent refactor retype Ad.cost int`"),
    (("cost", "Decimal", "--optional"), "`bravo-agent refactor retype Ad.cost 'Decimal | None'`"),
    (("cost", "Decimal", "--default", "Decimal(0)"), "by hand in models.py:14"),
    (("cost", "Money"), "`bravo-agent refactor retype Ad.cost Money`"),
    (("count", "int"), "by hand in models.py:15"),
    (("count", "int", "--default", "4"), "by hand in models.py:15"),
    (("count", "int", "--computed", "id * 2"), "`bravo-agent refactor drop Ad.count`"),
    (("note", "str"), "by hand in models.py:16"),
    (("share", "int", "--default", "0"), "by hand in models.py:17"),
    (("share", "Annotated[int, Field(ge=1, le=100)]", "--default", "0"), "by hand in models.py:17"),
    (("names", "list[int]", "--default", "[]"), "`bravo-agent refactor retype Ad.names 'list[int]'`"),
    (("twice", "int"), "`bravo-agent refactor drop Ad.twice`"),
    (("twice", "str", "--computed", "str(count)"), "by hand how it is computed in models.py:23"),
    (("id", "str"), "`bravo-agent refactor retype Ad.id str`"),
]


@pytest.mark.parametrize("words", SAME, ids=" ".join)
def test_the_same_field_is_nothing_to_do(words: tuple[str, ...], tmp_path: Path) -> None:
    project = project_in(tmp_path, {"models.py": MODELS})
    done = project.refactor("add", f"Ad.{words[0]}", *words[1:], "--apply")
    assert done.exit_code == 0, done.output
    assert f"Ad has this {words[0]} already" in done.output
    assert project.texts() == {"models.py": MODELS}


@pytest.mark.parametrize(("words", "way"), OTHER, ids=[" ".join(words) for words, _ in OTHER])
def test_another_field_of_that_name_is_refused(words: tuple[str, ...], way: str, tmp_path: Path) -> None:
    project = project_in(tmp_path, {"models.py": MODELS})
    done = project.refactor("add", f"Ad.{words[0]}", *words[1:], "--apply", "--json")
    assert done.exit_code == 2, done.output
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "field-exists"
    start = {"twice": "    @computed_field"}.get(words[0], f"    {words[0]}:")
    line = MODELS[: MODELS.index(start)].count("\n") + 1
    assert f"in models.py:{line + 2 * (words[0] == 'twice')}" in error["message"]
    assert way in error["hint"]
    assert project.texts() == {"models.py": MODELS}


@pytest.mark.parametrize(
    "more", [(), ("--optional",), ("--default", "'x'"), ("--computed", "note or ''")], ids=" ".join
)
def test_to_add_twice_is_to_add_once(more: tuple[str, ...], tmp_path: Path) -> None:
    project = project_in(tmp_path, {"models.py": MODELS})
    assert project.refactor("add", "Ad.name", "str", *more, "--apply").exit_code == 0
    once = project.texts()
    again = project.refactor("add", "Ad.name", "str", *more, "--apply", "--allow-dirty")
    assert again.exit_code == 0, again.output
    assert "already" in again.output
    assert project.texts() == once != {"models.py": MODELS}
