"""A project that states its documents in JSON Schema: drift is found, and what is to be done is told, never edited."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from bravo_agent import wire
from bravo_agent.changes._samples import INT8, TEXT, column, table
from bravo_agent.config import read_config
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.entities import Place
from bravo_agent.usecases.cascade import make_cascade
from bravo_agent.usecases.detect import Detection, detect
from bravo_agent.usecases.doctor import doctor
from bravo_agent.workspace import BASELINE, Workspace

SCHEMA = {
    "title": "Campaign",
    "type": "object",
    "properties": {"_id": {"type": "integer"}, "name": {"type": "string"}},
    "required": ["_id", "name"],
}
NAME = column("name", TEXT, 2)
BEFORE = Catalog((table(NAME),), "prod", "1")
AFTER = Catalog((table(NAME, column("clicks", INT8, 3)),), "prod", "1")


def workspace(folder: Path) -> Workspace:
    (folder / "bravo.toml").write_text('[project]\nschemas = ["schemas/*.json"]\n')
    (folder / "schemas").mkdir(exist_ok=True)
    (folder / BASELINE).write_text(wire.dumps(BEFORE))
    return Workspace(folder, read_config(folder), {}, lambda: datetime(2026, 11, 23, tzinfo=UTC), "anna")


def found(folder: Path, schema: object) -> tuple[Workspace, Detection]:
    here = workspace(folder)
    (folder / "schemas" / "campaign.json").write_text(json.dumps(schema, indent=2))
    return here, detect(here, AFTER)


def test_a_change_is_manual_work_in_the_schema(tmp_path: Path) -> None:
    here, detection = found(tmp_path, SCHEMA)
    (change,) = detection.changes
    assert (change.kind, change.entity, change.state) == ("new_field", "Campaign", "decided")
    cascade = make_cascade(here, detection)
    assert cascade.patch.edits == ()
    (work,) = cascade.patch.manual
    assert (work.file, work.line) == ("schemas/campaign.json", 1)
    assert "read, never edited" in work.why


def test_the_edited_schema_settles_it(tmp_path: Path) -> None:
    edited = {**SCHEMA, "properties": {**SCHEMA["properties"], "clicks": {"type": ["integer", "null"]}}}  # type: ignore[dict-item]
    _, detection = found(tmp_path, edited)
    assert [change for change in detection.changes if change.state != "settled"] == []
    entity = detection.models.entity("Campaign")
    assert entity is not None
    assert entity.fields[2].place == Place("schemas/campaign.json", 11)


def test_doctor_says_how_the_models_are_known(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(
        "from pydantic import BaseModel, create_model\nclass A(BaseModel):\n    x: int\n"
        "Made = create_model('Made', y=(int, 1))\nMade.__module__ = __name__\n"
    )
    here, detection = found(tmp_path, SCHEMA)
    assert "read by an import, the source does not tell: m:Made" in detection.notes
    (told,) = [one for one in doctor(here) if one.subject == "models"]
    assert told.found == "3 models: 1 from source, 1 by an import, 1 from JSON Schema"
