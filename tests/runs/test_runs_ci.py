"""What a CI job sees: ``bravo-agent --auto --json`` after production drifted."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from runs_production import expected, without
from runs_scene import Outcome, Scene, fields

MODEL = "campaigns/models/campaigns.py"


def _fixed(outcome: Outcome) -> str:
    """The document without what varies: times, rates, memory and ids stand under ``run`` alone."""
    document = outcome.json
    assert set(document.pop("run")) >= {"seconds", "peak_memory", "version", "snapshot"}
    return json.dumps(document, sort_keys=True)


def _drop(scene: Scene) -> None:
    with MongoClient[dict[str, Any]](scene.target_uri) as client:
        client.drop_database(scene.database)


def test_the_same_bytes_twice(scene: Scene, tmp_path: Path) -> None:
    scene.drift(1, 2)
    again = replace(scene, project=tmp_path / "again")
    shutil.copytree(scene.project, again.project)
    first = scene.process("--auto", "--json")
    _drop(scene)
    second = again.process("--auto", "--json")
    assert first.code == second.code == 3, first.err
    assert _fixed(first) == _fixed(second)
    assert "load: public.campaigns" in first.err  # progress is on stderr
    assert scene.git("diff") == again.git("diff")


@pytest.mark.slow
def test_only_the_approved_edits_are_in_the_checkout_and_its_own_tests_pass(scene: Scene) -> None:
    scene.drift(1)
    report = scene.process("--auto", "--json")
    assert report.code == 0, report.err
    assert scene.changed() == {MODEL, "bravo.catalog.json"}
    (line,) = [one for one in scene.git("diff", "-U0", MODEL).splitlines() if one[:2] == "+ "]
    assert line == "+    channel: str | None = None"
    assert report.json["unclassified"] == ["public.campaigns.channel"]
    assert report.json["code"]["edited"] == [MODEL]
    _own_tests(scene)


def _own_tests(scene: Scene) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"],
        cwd=scene.project,
        env=scene.outside(MONGODB_URI=scene.target_uri, CAMPAIGNS_LOADED_DATABASE=scene.database),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "skipped" not in done.stdout


@pytest.mark.slow
def test_the_report_says_what_was_decided_and_by_whom(scene: Scene) -> None:
    scene.drift(1, 5)
    report = scene.json("--auto")
    found = {one["field"]: (one["state"], one["option"], one["decidedBy"]) for one in report["changes"]}
    assert found == {
        "channel": ("decided", "add-field", "safe"),
        "impressions": ("decided", "follow", "safe"),
    }
    written = json.loads((scene.project / "schema-change-report.json").read_text())
    assert written["changes"] == report["changes"]
    again = scene.json("--auto")
    assert again["changes"] == []


@pytest.mark.slow
def test_artifacts_follow_the_models(scene: Scene) -> None:
    config = '[artifacts]\njson-schema = "schemas"\nmongodb-validator = "schemas"\n'
    path = scene.project / "bravo.toml"
    path.write_text(path.read_text() + config)
    scene.json("--auto")
    scene.commit()
    assert scene.json("--auto")["code"]["edited"] == []
    scene.drift(1)
    edited = set(scene.json("--auto")["code"]["edited"])
    schemas = ("Campaign.schema.json", "Campaign.serialization.schema.json", "campaigns.validator.json")
    assert edited == {MODEL, *(f"schemas/{name}" for name in schemas)}
    assert scene.changed() == {*edited, "bravo.catalog.json"}
    assert scene.json("cascade", "--check")["artifacts"] == []
    stale = scene.project / "schemas" / "Campaign.schema.json"
    stale.write_text(stale.read_text().replace("channel", "chanel"))
    checked = scene.cli("cascade", "--check")
    assert checked.code == 1
    assert "stale: schemas/Campaign.schema.json: made anew by `bravo-agent artifacts`\n" in checked.out
    assert scene.json("artifacts")["written"] == ["schemas/Campaign.schema.json"]
    assert scene.json("cascade", "--check")["artifacts"] == []


def test_every_value_arrives_as_production_has_it(scene: Scene) -> None:
    report = scene.json("--auto")
    masked = report["masked"]
    assert "public.users.email" in masked
    documents = scene.documents()
    assert without(documents, masked) == without(expected(scene, without=masked), ())
    assert "password_hash" not in fields(documents, "users")
    emails = {one["email"] for one in documents["users"].values()}
    assert not emails & {row[0] for row in scene.query("select email from users")}


def test_nothing_is_lost_without_git(scene: Scene) -> None:
    shutil.rmtree(scene.project / ".git")
    scene.drift(1)
    assert scene.json("--auto")["code"]["edited"] == [MODEL]
