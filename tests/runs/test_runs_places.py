"""A cascade as an edit, a patch or a branch, never over uncommitted work; and its manifest, place by place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from runs_scene import Scene

MODEL = "campaigns/models/campaigns.py"


@pytest.fixture
def dropped(scene: Scene) -> Scene:
    """A column that only the model names is gone, and that is answered."""
    scene.drift(8)
    (change,) = scene.json("detect")["changes"]
    scene.json("decide", change["id"], "drop-field")
    scene.commit()
    return scene


def manifest(scene: Scene, file: str) -> Any:
    return json.loads((scene.project / file).read_text(encoding="utf-8"))


def hold(found: Any) -> None:
    """Every place says what it means, how that is known, and what became of it."""
    (change,) = found["changes"]
    assert (change["kind"], change["field"], change["option"]) == (
        "dropped_field",
        "legacy_code",
        "drop-field",
    )
    assert change["files"] == found["files"] == [MODEL]
    (edited,) = [one for one in change["places"] if one["fate"] == "edited"]
    assert (edited["file"], edited["verdict"], edited["how"]) == (MODEL, "target", "types")
    assert all(one["why"] and one["line"] for one in change["places"])


@pytest.mark.slow
def test_an_edit_of_the_working_tree(dropped: Scene) -> None:
    assert dropped.cli("cascade", "--check").code == 1
    assert dropped.changed() == set()
    done = dropped.json("cascade", "--apply")["done"]
    assert (done["edited"], done["branch"], dropped.changed()) == ([MODEL], None, {MODEL})
    hold(manifest(dropped, done["manifest"]))
    assert dropped.cli("cascade", "--check").code == 0
    assert dropped.json("cascade", "--apply", "--allow-dirty")["done"]["edited"] == []
    assert dropped.json("detect")["changes"] == []


def test_a_commit_on_a_new_branch(dropped: Scene) -> None:
    done = dropped.json("cascade", "--branch", "follow")["done"]
    assert (done["branch"], dropped.changed()) == ("follow", set())
    assert dropped.git("diff", "--name-only", "HEAD", "follow").split() == [MODEL]
    said = dropped.git("log", "-1", "--format=%B", "follow")
    assert "- dropped_field public.campaigns.legacy_code: drop-field" in said
    hold(manifest(dropped, done["manifest"]))
    again = dropped.cli("cascade", "--branch", "follow", "--json")
    assert (again.code, "branch-exists" in again.err) == (2, True)


def test_a_patch_file_with_its_manifest_beside_it(dropped: Scene) -> None:
    patch = dropped.project / "cascade.patch"
    done = dropped.json("cascade", "--patch", str(patch))["done"]
    assert done["manifest"] == f"{patch}.json"
    hold(manifest(dropped, "cascade.patch.json"))
    dropped.git("apply", "--check", patch.name)


def test_never_over_uncommitted_work_unless_told(dropped: Scene) -> None:
    path = dropped.project / MODEL
    path.write_text(path.read_text() + "\n# somebody's\n")
    before = path.read_text()
    refused = dropped.cli("cascade", "--apply")
    assert (refused.code, f"not clean, so nothing was written: {MODEL}" in refused.out) == (3, True)
    assert dropped.json("cascade", "--branch", "follow", code=3)["done"]["not_clean"] == [MODEL]
    assert path.read_text() == before
    assert dropped.json("cascade", "--apply", "--allow-dirty")["done"]["edited"] == [MODEL]
    assert path.read_text().endswith("# somebody's\n")


@pytest.mark.parametrize("both", [("--apply", "--check"), ("--branch", "b", "--apply")])
def test_one_thing_at_a_time(dropped: Scene, both: tuple[str, ...]) -> None:
    done = dropped.cli("cascade", *both)
    assert (done.code, dropped.changed()) == (2, set())


@pytest.mark.slow
def test_a_run_writes_it_too(dropped: Scene) -> None:
    report = dropped.json("run", "--no-apply-code", code=3)["code"]
    assert report["manifest"] == f"{report['patch_file']}.json"
    hold(manifest(dropped, report["manifest"]))
    report = dropped.json("run")["code"]
    hold(manifest(dropped, report["manifest"]))
    assert dropped.changed() == {MODEL, "bravo.catalog.json"}
    assert dropped.json("run")["code"]["manifest"] is None
