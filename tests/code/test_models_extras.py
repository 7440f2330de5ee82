"""SQLModel and dataclasses are read, and never edited; what is odd in a source neither hangs nor breaks the reading."""

from __future__ import annotations

import dataclasses
import importlib
import sys
from pathlib import Path

import pytest

from bravo_agent.config import ProjectSection
from bravo_agent.model.entities import Entity
from bravo_agent.stores.application import ModelReading, find_model_paths, read_models

SQLMODEL = """
from decimal import Decimal
from typing import Optional
from sqlmodel import Field, Relationship, SQLModel, Column, String

class HeroBase(SQLModel):
    name: str = Field(index=True, max_length=30)
    fee: Decimal = Field(default=0, max_digits=8, decimal_places=2)

class Hero(HeroBase, table=True):
    __tablename__ = "heroes"
    id: Optional[int] = Field(default=None, primary_key=True)
    text: str = Field(sa_column=Column(String(5)))
    team_id: int | None = Field(default=None, foreign_key="team.id")
    team: Optional["Team"] = Relationship(back_populates="heroes")

class Team(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    heroes: list[Hero] = Relationship(back_populates="team")
"""

DATACLASSES = '''
import dataclasses as dc
from dataclasses import KW_ONLY, InitVar, dataclass, field
from decimal import Decimal
from typing import Annotated, ClassVar, Optional

import pydantic
from pydantic import Field
from pydantic.dataclasses import dataclass as checked

class Plain:
    nothing: int = 1

@dataclass
class Base(Plain):
    size: int
    count: int = 3
    kinds: ClassVar[int] = 1
    given: InitVar[int] = 0

@dc.dataclass(frozen=True, slots=True)
class Alone:
    names: list[str] = field(default_factory=list)
    _: KW_ONLY
    last: "Optional[str]" = None
    made: int = field(init=False, default=2, repr=False)

@dataclass
class Order(Base):
    """No field of a plain base; a default stays though the field is said again."""
    count: int
    price: Decimal = Decimal(1)

@checked
class Checked:
    name: Annotated[str, Field(max_length=5)]
    key: int = Field(default=0, alias="k")
'''


def read(folder: Path, **files: str) -> ModelReading:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return read_models(
        folder, ProjectSection(models=tuple(f"{name}.py" for name in files)), allow_import=False
    )


def one(reading: ModelReading, name: str) -> Entity:
    found = reading.models.entity(name)
    assert found is not None
    return found


def test_sqlmodel_is_read_without_being_installed(tmp_path: Path) -> None:
    reading = read(tmp_path, heroes=SQLMODEL)
    assert reading.notes == ()
    hero = one(reading, "Hero")
    assert hero.form == "sqlmodel"
    assert hero.read_only
    assert [(f.name, f.required, f.shape.kind) for f in hero.fields] == [
        ("name", True, "str"),
        ("fee", False, "decimal"),
        ("id", False, "int"),
        ("text", True, "str"),
        ("team_id", False, "int"),
    ]
    fee = hero.field("fee")
    assert fee is not None
    assert (fee.shape.max_digits, fee.shape.decimal_places) == (8, 2)
    assert [f.name for f in one(reading, "Team").fields] == ["id"]
    assert find_model_paths(tmp_path) == ("heroes.py",)


def test_dataclasses_say_what_the_standard_library_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = read(tmp_path, models_of_data=DATACLASSES)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("models_of_data")
    monkeypatch.delitem(sys.modules, "models_of_data")
    entities = {entity.name: entity for entity in reading.models.entities}
    assert set(entities) == {"Base", "Alone", "Order", "Checked"}
    for name, entity in entities.items():
        assert entity.read_only
        if name != "Checked":
            said = [(field.name, field.required) for field in entity.fields]
            assert said == [
                (f.name, required(f)) for f in dataclasses.fields(getattr(module, name)) if f.init
            ]
    checked = {field.name: field for field in entities["Checked"].fields}
    assert checked["key"].document_name == "k"
    assert checked["name"].shape.max_length == 5


def required(field: dataclasses.Field[object]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def test_a_recursive_alias_ends(tmp_path: Path) -> None:
    text = (
        "from typing import Union\nfrom pydantic import BaseModel\n"
        "Json = Union[dict[str, 'Json'], list['Json'], dict[int, 'Json'], str, int, None]\n"
        "Self = list['Self']\nLoop = Other\nOther = Loop\n"
        "class A(BaseModel):\n    x: Json\n    y: Self\nclass B(BaseModel):\n    x: Loop\n"
        "class C(D):\n    x: int\nclass D(C, BaseModel):\n    y: int\n"
    )
    reading = read(tmp_path, m=text)
    x, y = one(reading, "A").fields
    assert (x.shape.kind, x.shape.optional, y.shape.kind) == ("union", True, "list")


def test_files_that_cannot_be_read_are_notes(tmp_path: Path) -> None:
    (tmp_path / "cookie.py").write_bytes(b"# coding: no-such-thing\nclass A: pass\n")
    (tmp_path / "bytes.py").write_bytes(b"class A:\n    x = '\xff'\n")
    (tmp_path / "null.py").write_bytes(b"class A:\n    x = '\0'\n")
    names = ("cookie.py", "bytes.py", "null.py")
    reading = read_models(tmp_path, ProjectSection(models=names), allow_import=False)
    assert reading.models.entities == ()
    assert sorted(note.partition(":")[0] for note in reading.unread) == sorted(names)


def test_what_a_type_checker_alone_sees_is_no_model(tmp_path: Path) -> None:
    text = (
        "from typing import TYPE_CHECKING\nfrom pydantic import BaseModel\n"
        "if TYPE_CHECKING:\n    class Ghost(BaseModel):\n        x: int\n    Size = str\n"
        "else:\n    Size = int\n"
        "class A(BaseModel):\n    size: Size\n"
    )
    reading = read(tmp_path, m=text)
    assert [entity.name for entity in reading.models.entities] == ["A"]
    assert one(reading, "A").fields[0].shape.kind == "int"


def test_discovery_knows_renamed_and_made_models(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from pydantic import BaseModel as Base\nclass A(Base):\n    x: int\n")
    (tmp_path / "b.py").write_text("import pydantic\nMade = pydantic.create_model('Made', x=(int, 1))\n")
    (tmp_path / "c.py").write_text("from beanie import Document\nclass C(Document):\n    x: int\n")
    (tmp_path / "d.py").write_text("from pydantic import validate_call\n")
    assert find_model_paths(tmp_path) == ("a.py", "b.py", "c.py")
