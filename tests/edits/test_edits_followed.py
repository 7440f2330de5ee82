"""None, labels and types through a small application: what is edited, and every place that people have to look at."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import MakeOptional, RetypeField, SetEnumValues
from bravo_agent.model.refactor import Add, CodeChange
from bravo_agent.usecases._value_changes import ValueChange, ValueEdit
from bravo_agent.usecases.refactor import refactor
from bravo_agent.workspace import Workspace, open_code
from codemods import Home

FILES = {
    "app/__init__.py": "",
    "app/models.py": """\
from enum import StrEnum

from pydantic import BaseModel


class Status(StrEnum):
    DRAFT = "draft"
    LIVE = "live"


class Ad(BaseModel):
    cost: float
    status: Status = Status.DRAFT


class AdOut(BaseModel):
    cost: float
    status: Status


def out(ad: Ad) -> AdOut:
    return AdOut.model_validate(ad.model_dump())
""",
    "app/use.py": """\
from typing import assert_never

from app.models import Ad, Status

COLOURS = {Status.DRAFT: "grey", Status.LIVE: "green"}


def double(ad: Ad) -> float:
    return ad.cost * 2


def shown(ad: Ad) -> str:
    return f"{ad.cost:.2f} {ad.cost}"


def untyped(ad):
    return ad.cost * 3


def colour(status: Status) -> str:
    match status:
        case Status.DRAFT:
            return "grey"
        case Status.LIVE:
            return "green"
    assert_never(status)


def is_open(status: Status) -> bool:
    return status in (Status.LIVE,)
""",
    "tests/test_use.py": "from app.models import Ad\n\nAD = Ad(cost=1.5)\nassert AD.cost == 1.5\n",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return open_code(tmp_path, python=sys.executable)


def followed(workspace: Workspace, edit: ValueEdit, definition: str | None = None) -> CodeChange:
    models = workspace.models().models
    entity = models.entity("Ad")
    assert entity is not None
    home = Home("Ad", "app.models", definition=definition)
    return ValueChange(workspace, models, entity, edit, home, "app/models.py", "app.models").made()


def line(file: str, words: str) -> tuple[str, int]:
    found = [number for number, one in enumerate(FILES[file].splitlines(), 1) if words in one]
    assert len(found) == 1, words
    return file, found[0]


def test_none_is_listed_wherever_it_would_break(workspace: Workspace) -> None:
    made = followed(workspace, MakeOptional("Ad", "cost"))
    (edit,) = made.patch.edits
    assert edit.after == FILES["app/models.py"].replace("cost: float\n", "cost: float | None = None\n", 1)
    listed = {(one.file, one.line): one.why for one in made.patch.manual}
    assert listed.keys() == {
        line("app/use.py", "ad.cost * 2"),
        line("app/use.py", "ad.cost:.2f"),
        line("app/use.py", "ad.cost * 3"),
        ("app/models.py", 17),
    }
    assert "may be None now" in listed[line("app/use.py", "ad.cost * 2")]
    assert "no such format" in listed[line("app/use.py", "ad.cost:.2f")]
    assert "nobody can tell" in listed[line("app/use.py", "ad.cost * 3")]
    assert "AdOut.cost takes no None" in listed["app/models.py", 17]


def test_a_new_label_is_missing_where_all_were_spoken_of(workspace: Workspace) -> None:
    edit = SetEnumValues("Ad", "status", ("draft", "live"), ("draft", "in review", "live"))
    made = followed(workspace, edit, "Status")
    (changed,) = made.patch.edits
    assert '    DRAFT = "draft"\n    IN_REVIEW = "in review"\n    LIVE = "live"\n' in changed.after
    assert {(one.file, one.line) for one in made.patch.manual} == {
        line("app/use.py", "COLOURS"),
        line("app/use.py", "match status"),
        line("app/use.py", "    assert_never("),
    }


def test_another_type_is_converted_where_nothing_is_lost(workspace: Workspace) -> None:
    edit = RetypeField("Ad", "cost", Shape("float"), Shape("decimal"))
    made = followed(workspace, edit)
    texts = {one.file: one.after for one in made.patch.edits}
    assert texts["app/models.py"].count("    cost: Decimal\n") == 2
    assert 'AD = Ad(cost=Decimal("1.5"))' in texts["tests/test_use.py"]
    listed = {(one.file, one.line): one.why for one in made.patch.manual}
    assert "held against a value of the old type" in listed["tests/test_use.py", 4]
    assert "nobody can tell" in listed[line("app/use.py", "ad.cost * 3")]


def test_a_model_that_is_only_read_gets_no_field(tmp_path: Path) -> None:
    source = "from dataclasses import dataclass\n\n\n@dataclass\nclass Ad:\n    cost: int\n"
    (tmp_path / "models.py").write_text(source)
    (tmp_path / "bravo.toml").write_text('[project]\nmodels = ["models.py"]\n')
    made = refactor(open_code(tmp_path, python=sys.executable), Add("Ad", "size", "int"))
    assert made.patch.edits == ()
    assert "never edited" in made.refused[0].why
