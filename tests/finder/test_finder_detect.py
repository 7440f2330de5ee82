"""Detection rests on the finder: for the fields of the changes, and for nothing where nothing changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from finder_scene import write_marked

from bravo_agent import wire
from bravo_agent.config import Config
from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.usecases.detect import detect
from bravo_agent.workspace import BASELINE, Workspace, make_workspace

AD = Table(
    "public",
    "ads",
    tuple(Column(name, ColumnType("int8"), nullable=False) for name in ("id", "cost", "name")),
    ("id",),
)
FILES = {
    "app/__init__.py": "",
    "app/models.py": (
        "from pydantic import BaseModel, Field\n\n\nclass Ad(BaseModel):\n    id: int = Field(alias='_id')\n"
        "    cost: int\n    name: int\n\n\nclass Row(BaseModel):\n    cost: int\n"
    ),
    "app/calculations.py": "from app.models import Ad, Row\n\n\ndef f(a: Ad, r: Row) -> int:\n    return a.cost\n\n\n"
    "def g(r: Row, cost: int) -> int:\n    return r.cost * cost\n",
    "app/dumps.py": "from app.models import Ad\n\n\ndef f(a: Ad) -> object:\n    return a.model_dump()['cost']\n",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    write_marked(tmp_path, FILES)
    (tmp_path / BASELINE).write_text(wire.dumps(Catalog((AD,))))
    return make_workspace(tmp_path, Config())


def test_nothing_is_looked_for_where_nothing_changed(workspace: Workspace) -> None:
    found = detect(workspace, Catalog((AD,)))
    assert found.changes == ()
    assert not (workspace.private / "cache").exists()


def test_the_uses_of_a_change_are_those_of_its_field(workspace: Workspace) -> None:
    gone = replace(AD, columns=tuple(one for one in AD.columns if one.name != "cost"))
    found = detect(workspace, Catalog((gone,)))
    (change,) = found.changes
    assert (change.kind, change.severity) == ("dropped_field", "breaking")
    assert [(use.file, use.line, use.how) for use in change.uses] == [
        ("app/calculations.py", 5, "types"),
        ("app/dumps.py", 5, "flow"),
    ]
    assert found.notes == ()
    report = (workspace.project / "schema-change-report.json").read_bytes()
    detect(workspace, Catalog((gone,)))
    assert (workspace.project / "schema-change-report.json").read_bytes() == report
    assert json.loads(report)["changes"][0]["uses"][0]["how"] == "types"


def test_what_is_known_is_not_looked_for_again(workspace: Workspace) -> None:
    gone = Catalog((replace(AD, columns=tuple(one for one in AD.columns if one.name != "cost")),))
    found = detect(workspace, gone, write_report=False)
    (workspace.project / "app" / "dumps.py").unlink()
    again = detect(workspace, gone, write_report=False, uses=found.uses)
    assert again.changes == found.changes
