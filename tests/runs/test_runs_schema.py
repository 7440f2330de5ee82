"""The registry of a project: what runs enter, and what the commands make of it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from runs_scene import Scene

MODEL = "campaigns/models/campaigns.py"


def _numbers(scene: Scene) -> list[int]:
    return [one["number"] for one in scene.json("schema", "log")]


def _required_column(scene: Scene) -> None:
    scene.sql("alter table campaigns add column region text not null default 'eu'")
    scene.sql("alter table campaigns alter column region drop default")


def test_two_runs_and_a_third(scene: Scene) -> None:
    assert scene.cli("schema", "log").out == "nothing is registered yet\n"
    scene.json("--auto")
    scene.json("--auto")
    (only,) = scene.json("schema", "log")
    versions = [one["id"] for one in scene.json("versions")]
    assert (only["number"], only["versions"], only["current"]) == (1, versions[::-1], True)
    assert only["git_commit"] == scene.git("rev-parse", "HEAD").strip()
    assert only["registered_by"] == "tester"
    scene.drift(1)
    scene.json("--auto")
    newest, first = scene.json("schema", "log")
    assert (newest["number"], newest["current"], first["current"]) == (2, True, False)
    assert newest["note"] is None
    text = scene.cli("schema", "log").out
    assert newest["catalog_fingerprint"][:12] in text
    assert f"{versions[0]} (+1)" in text
    scene.json("rollback", "--version", versions[0])
    assert [one["current"] for one in scene.json("schema", "log")] == [False, True]
    assert scene.json("schema", "show", "current")["schema"]["number"] == 1
    assert scene.json("schema", "show", "latest")["schema"]["number"] == 2


def test_a_load_registers_too(scene: Scene) -> None:
    scene.json("snapshot", "export")
    scene.json("load")
    assert _numbers(scene) == [1]


@pytest.mark.slow
def test_killed_between_publish_and_register(scene: Scene) -> None:
    scene.json("--auto")
    scene.drift(1)
    victim = [sys.executable, str(Path(__file__).with_name("runs_victim.py")), "register"]
    died = subprocess.run(victim, cwd=scene.project, env=scene.outside(), timeout=120, check=False)
    assert died.returncode == -signal.SIGKILL
    assert _numbers(scene) == [1]
    killed = scene.json("versions")[0]
    assert killed["current"]
    scene.json("--auto")
    newest, first = scene.json("schema", "log")
    assert killed["id"] in newest["versions"]
    assert len(newest["versions"]) == 2
    assert len(first["versions"]) == 1


def test_ways_to_name_a_schema(scene: Scene) -> None:
    scene.json("--auto")
    scene.drift(1)
    scene.json("--auto")
    newest, first = scene.json("schema", "log")
    for which in ("1", first["versions"][0], first["catalog_fingerprint"][:8], first["models_fingerprint"]):
        assert scene.json("schema", "show", which)["schema"] == {
            key: value for key, value in first.items() if key not in ("current", "note")
        }
    assert newest["catalog_fingerprint"] != first["catalog_fingerprint"]
    unknown = scene.json("schema", "show", "7", code=2)["error"]
    assert unknown["code"] == "schema-unknown"
    path = scene.project / MODEL
    path.write_text(path.read_text() + "\n\nclass Another(BaseModel):\n    id: int\n")
    scene.json("--auto")
    twice = scene.json("schema", "log")[0]["catalog_fingerprint"][:12]
    assert scene.json("schema", "show", twice, code=2)["error"]["code"] == "schema-ambiguous"


@pytest.mark.slow
def test_diff_says_what_detect_says(scene: Scene, tmp_path: Path) -> None:
    scene.json("--auto")
    scene.sql("alter table campaigns rename column name to title")
    scene.sql("alter table ads add column remark text")
    scene.json("--auto", code=3)
    found = scene.json("schema", "diff", "1", "2")
    kinds = {one["type"] for one in found["catalog"]["changes"]}
    assert kinds >= {"renamed_field", "new_field"}
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(scene.cli("schema", "show", "1", "--json").out)
    after.write_text(scene.cli("schema", "show", "2", "--part", "catalog", "--json").out)
    told = scene.json("detect", "--before", str(before), "--after", str(after))
    assert told["changes"] == found["catalog"]["changes"]
    models = {(one["entity"], one["field"], one["before"]) for one in found["models"]}
    assert ("campaigns.models.ads:Ad", "remark", None) in models or any(
        field == "remark" for _, field, _ in models
    )
    text = scene.cli("schema", "diff", "1", "2").out
    assert "schema 1 -> schema 2" in text
    assert ".remark: not there -> " in text
    assert "table public.campaigns (id)" in scene.cli("schema", "show", "1").out


def test_another_source_database_is_noted(new_scene: Callable[[], Scene]) -> None:
    scene, restored = new_scene(), new_scene()
    scene.json("--auto")
    moved = Scene(
        scene.project,
        restored.source_uri,
        scene.target_uri,
        scene.database,
        {**scene.environ, "BRAVO_SOURCE_URI": restored.source_uri},
    )
    moved.json("--auto")
    newest, first = moved.json("schema", "log")
    assert newest["catalog_fingerprint"] == first["catalog_fingerprint"]
    assert newest["note"].startswith("another source database than that of schema 1")


def test_check_before_and_after_a_change(scene: Scene) -> None:
    first_day = scene.json("schema", "check")
    assert (first_day["compatible"], first_day["against"]) == (True, [])
    scene.json("--auto")
    for mode in ("BACKWARD", "FORWARD", "FULL", "FULL_TRANSITIVE"):
        assert scene.json("schema", "check", "--mode", mode)["compatible"]
    scene.sql("alter table campaigns drop column name")
    scene.sql("alter table ads alter column description type varchar(9000) using description")
    # The models still say what they said: readers of today lose what production has dropped.
    done = scene.json("schema", "check", "--mode", "FORWARD", code=1)
    (compared,) = done["against"]
    told = {(one["table"], one["column"], one["rule"]) for one in compared["incompatibilities"]}
    assert ("campaigns", "name", "column-missing") in told
    text = scene.cli("schema", "check", "--mode", "forward")
    assert text.code == 1
    assert "FORWARD with schema 1: not compatible\n    campaigns.name: column-missing: " in text.out
    assert scene.json("schema", "check", "--against", "1", "--mode", "FORWARD", code=1) == done
    baseline = scene.json("schema", "check", "--mode", "FULL", "--source", "baseline")
    assert baseline["compatible"]


def test_only_what_the_models_read_counts(scene: Scene) -> None:
    scene.json("--auto")
    scene.sql("create table unrelated (id int primary key)")
    scene.sql("alter table campaigns drop column internal_notes")
    _required_column(scene)
    assert scene.json("schema", "check", "--mode", "FULL_TRANSITIVE")["compatible"]
    path = scene.project / MODEL
    text = path.read_text()
    line = next(one for one in text.splitlines() if one.startswith("    name: "))
    path.write_text(text.replace(line, f"{line}\n    region: str", 1))
    faults = scene.json("schema", "check", code=1)["against"][0]["incompatibilities"]
    assert [(one["column"], one["rule"]) for one in faults] == [("region", "column-missing")]
    path.write_text(text.replace(line, f'{line}\n    region: str = "eu"', 1))
    assert scene.json("schema", "check")["compatible"]
    scene.edit("[target]", '[registry]\ncompatibility = "FULL"\n\n[target]')
    assert scene.json("schema", "check")["mode"] == "FULL"


def test_export_answers_without_a_database(scene: Scene, tmp_path: Path) -> None:
    scene.json("--auto")
    scene.drift(1)
    scene.json("--auto")
    file = tmp_path / "registry.json"
    assert scene.json("schema", "export", "--to", str(file))["schemas"] == 2
    first = file.read_bytes()
    scene.json("schema", "export", "--to", str(file))
    assert file.read_bytes() == first
    alone = Scene(
        scene.project,
        "",
        "",
        scene.database,
        {**scene.environ, "BRAVO_TARGET_URI": "", "BRAVO_SOURCE_URI": ""},
    )
    for line in (
        ("log",),
        ("show", "1"),
        ("show", "current", "--part", "models"),
        ("diff", "1", "2"),
        ("check", "--source", "baseline", "--mode", "FULL_TRANSITIVE"),
    ):
        there = scene.cli("schema", *line, "--json")
        here = alone.cli("schema", *line, "--registry", str(file), "--json")
        assert (here.code, here.out) == (there.code, there.out)
    document = json.loads(first)
    assert [one["number"] for one in document["schemas"]] == [1, 2]
    assert scene.json("schema", "log", "--registry", str(scene.project / "bravo.toml"), code=2)


def test_the_page_can_be_typed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[2] / "docs" / "schema-registry.md").read_text(encoding="utf-8")
    lines = re.findall(r"^bravo-agent (schema .*)$", page, re.MULTILINE)
    assert len(lines) == 6
    scene.json("--auto")
    scene.drift(1)
    scene.json("--auto")
    monkeypatch.chdir(scene.project)
    for line in lines:
        done = scene.cli(*line.split())
        assert (done.code, done.err) == (0, ""), line
        assert done.out


def test_nothing_of_rows_or_secrets_is_in_it(scene: Scene, tmp_path: Path) -> None:
    scene.json("--auto")
    file = tmp_path / "registry.json"
    scene.json("schema", "export", "--to", str(file))
    text = file.read_text()
    assert scene.environ["BRAVO_MASK_KEY"] not in text
    assert scene.source_uri not in text
    values = scene.query("select email, id::text from users limit 20") + scene.query(
        "select name, name from campaigns limit 20"
    )
    assert not [one for one, _ in values if one and one in text]
