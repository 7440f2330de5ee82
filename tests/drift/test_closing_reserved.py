"""New columns whose names no field can have: a legal name, the column's own as alias, and the drift is closed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.usecases.cascade import Cascade, apply_cascade, make_cascade
from bravo_agent.usecases.decide import record_decision
from bravo_agent.usecases.detect import detect
from bravo_agent.workspace import Workspace, open_workspace

MODELS = """\
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Document(BaseModel):
    kind_of: ClassVar[str] = "document"

    def touch(self) -> None:
        pass

    @property
    def origin(self) -> str:
        return ""


class Ad(Document):
    id: int = Field(alias="_id")
    name: str

    def shown(self) -> str:
        return self.name


class Item(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)

    id: int = Field(alias="_id")
"""
INT, TEXT = ColumnType("int4"), ColumnType("text")
ADS = Table(
    "public", "ads", (Column("id", INT, False, number=1), Column("name", TEXT, False, number=2)), ("id",)
)
ITEMS = Table("public", "items", (Column("id", INT, False, number=1),), ("id",))
RESERVED = {
    "class": "class_",
    "from": "from_",
    "None": "None_",
    "match": "match",
    "copy": "copy_",
    "json": "json_",
    "schema": "schema_",
    "validate": "validate_",
    "model_config": "f_model_config",
    "model_dump": "f_model_dump",
    "model_name": "f_model_name",
    "_x": "f__x",
    "__dict__": "f___dict__",
    "int": "int_",
    "str": "str_",
    "1st": "f_1st",
    "unit price": "unit_x20_price",
    "touch": "touch_",
    "origin": "origin_",
    "kind_of": "kind_of_",
}
CHECK = """
import json, sys
from models import {model}
field, key, given = json.loads(sys.argv[1])
made = {model}.model_validate({{**given, key: "v"}})
assert getattr(made, field) == "v", made
assert made.model_dump(by_alias=True)[key] == "v"
assert getattr({model}.model_validate(given), field) is None
"""


def after_new_column(folder: Path, table: Table, name: str) -> tuple[Workspace, Catalog, Cascade]:
    (folder / "bravo.toml").write_text('[project]\nmodels = ["models.py"]\n[privacy]\nmode = "keep"\n')
    (folder / "models.py").write_text(MODELS)
    workspace = open_workspace(folder, {"BRAVO_USER": "tester"})
    workspace.save_baseline(Catalog((ADS, ITEMS), "prod", "1"))
    new = replace(table, columns=(*table.columns, Column(name, TEXT, True, number=9)))
    source = Catalog(tuple(new if one is table else one for one in (ADS, ITEMS)), "prod", "1")
    found = detect(workspace, source)
    (change,) = found.changes
    record_decision(workspace, found, change.id, "add-field", params={})
    return workspace, source, make_cascade(workspace, detect(workspace, source))


@pytest.mark.parametrize("column", RESERVED)
def test_a_name_that_no_field_can_have(tmp_path: Path, column: str) -> None:
    workspace, source, cascade = after_new_column(tmp_path, ADS, column)
    assert cascade.patch.manual == ()
    closed(workspace, source, cascade, "Ad", RESERVED[column], column)


@pytest.mark.parametrize(("column", "key"), [("net_total", "netTotal"), ("class", "class")])
def test_where_the_application_makes_its_keys(tmp_path: Path, column: str, key: str) -> None:
    workspace, source, cascade = after_new_column(tmp_path, ITEMS, column)
    field = RESERVED.get(column, column)
    closed(workspace, source, cascade, "Item", field, key)


def closed(workspace: Workspace, source: Catalog, cascade: Cascade, model: str, field: str, key: str) -> None:
    assert f"+    {field}: str | None = " in cascade.diff
    apply_cascade(workspace, cascade)
    assert {change.state for change in detect(workspace, source).changes} <= {"settled"}
    assert make_cascade(workspace, detect(workspace, source)).patch.edits == ()
    given = {"_id": 1, "name": "n"} if model == "Ad" else {"_id": 1}
    words = [sys.executable, "-W", "error", "-c", CHECK.format(model=model), json.dumps([field, key, given])]
    done = subprocess.run(
        words, cwd=workspace.project, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_method_of_the_model_itself_is_left_to_people(tmp_path: Path) -> None:
    _, _, cascade = after_new_column(tmp_path, ADS, "shown")
    (work,) = cascade.patch.manual
    assert "Ad.shown is not a field" in work.why
    assert cascade.patch.edits == ()


@pytest.mark.parametrize(
    ("column", "field"), [("class", "class_"), ("copy", "copy_"), ("model_config", "f_model_config")]
)
def test_a_column_that_is_renamed_to_such_a_name(tmp_path: Path, column: str, field: str) -> None:
    (tmp_path / "bravo.toml").write_text('[project]\nmodels = ["models.py"]\n[privacy]\nmode = "keep"\n')
    (tmp_path / "models.py").write_text(MODELS)
    workspace = open_workspace(tmp_path, {"BRAVO_USER": "tester"})
    ads = replace(ADS, oid=1)
    workspace.save_baseline(Catalog((ads,), "prod", "1"))
    source = Catalog(
        (replace(ads, columns=(ads.columns[0], replace(ads.columns[1], name=column))),), "prod", "1"
    )
    found = detect(workspace, source)
    (change,) = found.changes
    record_decision(workspace, found, change.id, "rename", params={})
    cascade = make_cascade(workspace, detect(workspace, source))
    assert cascade.patch.manual == ()
    assert f'+    {field}: str = Field(alias="{column}")' in cascade.diff
    apply_cascade(workspace, cascade)
    assert {one.state for one in detect(workspace, source).changes} <= {"settled"}
