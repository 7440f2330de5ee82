"""A decided rename goes through the whole code: models, API, queries, fixtures, tests; the application's own say so."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from runs_scene import Scene, fields

NEW, OLD = "daily_budget_amount", "daily_budget"
EDITED = {
    "campaigns/api.py",
    "campaigns/calculations.py",
    "campaigns/models/campaigns.py",
    "campaigns/repository.py",
    "campaigns/rounding.py",
    "campaigns/schemas.py",
    "campaigns/serializers.py",
    "campaigns/validation.py",
    "tests/factories.py",
    "tests/fixtures/campaigns.json",
    "tests/test_api.py",
    "tests/test_calculations.py",
    "tests/test_models.py",
    "tests/test_repository.py",
    "tests/test_rounding.py",
    "tests/test_serializers.py",
    "tests/test_validation.py",
}


@pytest.mark.slow
def test_a_rename_is_carried_through_and_the_suite_is_green(scene: Scene) -> None:
    scene.drift(3)
    (change,) = scene.json("detect")["changes"]
    scene.json("decide", change["id"], "rename", code=0)
    scene.commit()
    assert set(scene.json("cascade", "--check", code=1)["files"]) == EDITED
    report = scene.json("--auto")
    assert set(report["code"]["edited"]) == EDITED
    assert report["code"]["manual"] == []
    found = fields(scene.documents(), "campaigns")
    assert NEW in found
    assert OLD not in found
    assert scene.json("detect")["changes"] == []
    assert scene.json("cascade", "--check")["files"] == []
    assert suite(scene)["returncode"] == 0
    before = scene.git("diff")
    assert scene.json("--auto")["code"]["edited"] == []
    assert scene.git("diff") == before


@pytest.mark.slow
def test_a_drop_waits_until_its_uses_are_settled(scene: Scene) -> None:
    scene.drift(8)
    answer_drop(scene)
    scene.commit()
    assert scene.json("--auto")["code"]["edited"] == ["campaigns/models/campaigns.py"]
    scene.commit()
    scene.drift(7)
    answer_drop(scene)
    scene.commit()
    checked = scene.json("cascade", "--check", code=1)
    assert checked["files"] == []
    assert {one["file"] for one in checked["manual"]} >= {
        "campaigns/calculations.py",
        "campaigns/serializers.py",
    }
    assert scene.changed() == set()


def answer_drop(scene: Scene) -> None:
    """Drops the field of the one column that was dropped."""
    (change,) = [one for one in scene.json("detect")["changes"] if one["type"] == "dropped_field"]
    scene.json("decide", change["id"], "drop-field", code=0)


def suite(scene: Scene) -> dict[str, Any]:
    """The application's own tests, in its folder."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=scene.project,
        capture_output=True,
        text=True,
        env={**os.environ, "MONGODB_URI": scene.target_uri},
        timeout=200,
        check=False,
    )
    return {"returncode": done.returncode, "tail": done.stdout[-2000:]}
