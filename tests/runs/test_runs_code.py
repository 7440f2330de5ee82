"""The code part of a run where it may not, or cannot, be written: patches, dry runs, files that are not clean."""

from __future__ import annotations

import hashlib
from pathlib import Path

from runs_scene import Scene, fields

MODEL = "campaigns/models/campaigns.py"


def test_without_applying_the_patch_waits_and_its_field_stays_out(scene: Scene) -> None:
    scene.drift(1)
    report = scene.json("--auto", "--no-apply-code", code=3)
    patch = report["code"]["patch_file"]
    assert scene.changed() == set()
    assert "channel" not in fields(scene.documents(), "campaigns")
    assert f"apply the cascade: git apply {patch}" in report["nextSteps"]
    assert scene.json("--auto", "--no-apply-code", code=3)["code"]["patch_file"] == patch
    scene.git("apply", patch)
    assert scene.changed() == {MODEL}
    scene.commit()
    report = scene.json("--auto", "--no-apply-code")
    assert report["code"]["patch_file"] is None
    assert "channel" in fields(scene.documents(), "campaigns")
    assert scene.changed() == {"bravo.catalog.json"}


def test_a_file_with_uncommitted_changes_is_left_alone(scene: Scene) -> None:
    scene.drift(1)
    path = scene.project / MODEL
    path.write_text(path.read_text() + "\n# somebody is at work here\n")
    mine = path.read_text()
    report = scene.json("--auto", code=3)
    assert report["code"]["not_clean"] == [MODEL]
    assert path.read_text() == mine
    assert "channel" not in fields(scene.documents(), "campaigns")
    scene.commit()
    scene.git("apply", report["code"]["patch_file"])
    scene.commit()
    assert scene.json("--auto")["code"]["edited"] == []
    assert "channel" in fields(scene.documents(), "campaigns")


def _tree(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_dry_run_writes_nothing_but_the_report(scene: Scene) -> None:
    scene.drift(1, 2)
    before = _tree(scene.project)
    plan = scene.json("--auto", "--dry-run", code=3)
    after = _tree(scene.project)
    assert set(after) - set(before) <= {"schema-change-report.json"}
    assert {name: after[name] for name in before} == before
    with scene.client() as client:
        assert scene.database not in client.list_database_names()
    assert f"edit {MODEL}" in plan["lines"]
    assert f"publish {scene.database}" in plan["lines"]
    text = scene.cli("run", "--dry-run").out
    assert "open: new_field public.campaigns.performance_score" in text
    scene.drift(7)
    assert "blocked: nothing would be published" in scene.json("--auto", "--dry-run", code=4)["lines"]


def test_the_cascade_alone(scene: Scene, tmp_path: Path) -> None:
    scene.drift(1)
    assert scene.json("cascade", "--check", code=1)["files"] == [MODEL]
    patch = tmp_path / "own.patch"
    scene.json("cascade", "--patch", str(patch))
    assert scene.changed() == set()
    scene.git("apply", str(patch))
    assert scene.json("cascade", "--check")["files"] == []
