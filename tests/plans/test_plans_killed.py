"""An apply that is killed at every step: the same hash again ends as if it had not been."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from plans_scene import MODEL, journal, planned
from runs_scene import Scene

from bravo_agent.usecases.inspect_plan import inspect_plan
from bravo_agent.workspace import open_workspace

VICTIM = Path(__file__).with_name("plans_victim.py")
NEWER = (
    "update campaigns set name = 'newer ' || id;"
    "update ads set description = 'newer';"
    "delete from daily_metrics where ad_id % 3 = 0;"
)
# As the victim prints them: the event's fields sorted by name.
BEFORE_THE_SWITCH = (
    "verify stage-finished",
    "one-file-edited",
    "before-baseline",
    "cascade stage-finished",
    "load public.ads table-finished",
    "load stage-finished",
    "index stage-finished",
    "validate public.ads table-finished",
    "validate stage-finished",
    "publish stage-started",
    "publish journal",
)


def _kill(scene: Scene, plan: str, moment: str) -> None:
    victim = [sys.executable, str(VICTIM), plan, moment]
    died = subprocess.run(
        victim, cwd=scene.project, env=scene.outside(), timeout=120, capture_output=True, text=True
    )
    assert died.returncode == -signal.SIGKILL, f"{moment}\n{died.stdout}\n{died.stderr}"


@pytest.fixture
def ready(scene: Scene) -> Scene:
    """A first version with generated schemas, then drift and newer rows: several files to edit, many chunks to load."""
    path = scene.project / "bravo.toml"
    path.write_text(path.read_text() + '\n[load]\nchunk_rows = 100\n\n[artifacts]\njson-schema = "schemas"\n')
    scene.json("--auto")
    scene.commit()
    scene.drift(1)
    scene.sql(NEWER)
    return scene


def _twin(scene: Scene) -> Scene:
    """The same project and snapshot, another target, planned and applied without interruption."""
    folder = scene.project.with_name("twin")
    shutil.copytree(scene.project, folder)
    twin = replace(scene, project=folder, database=f"{scene.database}-twin")
    snapshot = scene.json("snapshot", "list")["local"][-1]["id"]
    plan = planned(twin, "--snapshot", snapshot, "--db", twin.database)
    assert twin.json("apply", plan)["status"] == "applied"
    return twin


def _as_the_twin(scene: Scene, twin: Scene) -> None:
    assert scene.documents() == twin.documents()
    assert scene.git("diff") == twin.git("diff")
    assert scene.changed() == twin.changed()
    assert MODEL in scene.changed()
    assert "bravo.catalog.json" in scene.changed()
    states = [one["state"] for one in scene.json("versions")]
    assert states == ["published", "retired"]
    with scene.client() as client:
        names = client[scene.database].list_collection_names()
    assert [name for name in names if "_bravo_build" in name or "_bravo_undo" in name] == []
    assert scene.json("validate")


@pytest.mark.slow
def test_killed_at_every_step_one_after_the_other(ready: Scene) -> None:
    first = ready.documents()
    plan = planned(ready)
    twin = _twin(ready)
    for moment in BEFORE_THE_SWITCH:
        _kill(ready, plan, moment)
        assert ready.documents() == first, moment
    done = ready.json("apply", plan)
    assert done["status"] == "applied"
    assert journal(ready)[plan] == "applied"
    _as_the_twin(ready, twin)
    with ready.client() as client:
        audit = [one["plan"] for one in client[ready.database]["etl_audit"].find({"outcome": "published"})]
    assert audit.count(plan) == 1


@pytest.mark.parametrize(
    "moment",
    [
        "publish switch",
        pytest.param("publish mark", marks=pytest.mark.slow),
        pytest.param("publish done", marks=pytest.mark.slow),
        pytest.param("publish stage-finished", marks=pytest.mark.slow),
    ],
)
def test_killed_when_it_could_not_say_any_more_what_became_of_it(ready: Scene, moment: str) -> None:
    plan = planned(ready)
    twin = _twin(ready)
    _kill(ready, plan, moment)
    assert journal(ready)[plan] == "running"
    done = ready.json("apply", plan)
    assert (done["status"], done["exitCode"], done["outcome"]) == ("already_applied", 0, "published")
    assert journal(ready)[plan] == "applied"
    _as_the_twin(ready, twin)
    with ready.client() as client:
        lines = list(client[ready.database]["etl_audit"].find({"plan": plan, "outcome": "published"}))
    assert [one["version"] for one in lines] == [done["version"]]


@pytest.mark.parametrize(
    "moment",
    [
        "incremental update campaigns",
        pytest.param("incremental note campaigns", marks=pytest.mark.slow),
        pytest.param("publish mark", marks=pytest.mark.slow),
    ],
)
def test_killed_increment(ready: Scene, moment: str) -> None:
    plan = planned(ready, "--refresh", "incremental")
    _kill(ready, plan, moment)
    done = ready.json("apply", plan)
    assert done["status"] == ("already_applied" if moment.startswith("publish") else "applied")
    assert ready.json("validate")
    campaigns = ready.documents()["campaigns"].values()
    assert (
        all(one["name"].startswith("newer") for one in campaigns)
        or "public.campaigns.name" in ready.json("--auto")["masked"]
    )


@pytest.mark.slow
def test_what_a_killed_apply_left_is_not_applied_over_by_hand(ready: Scene) -> None:
    """A run takes over what was left; the plan then says that it is in place."""
    plan = planned(ready)
    _kill(ready, plan, "load stage-finished")
    workspace = open_workspace(ready.project, ready.environ)
    with workspace.target() as target:
        assert inspect_plan(workspace, plan).standing == "interrupted"
        target.reserve()  # somebody else is at work, and not at this plan
        assert inspect_plan(workspace, plan).standing == "interrupted"
    report = ready.json("--auto")
    assert report["published"]
    again = ready.json("apply", plan)
    assert again["status"] == "already_applied"
    assert again["version"] == report["run"]["version"]


@pytest.mark.slow
def test_killed_run_is_gone_on_with_by_its_plan(ready: Scene) -> None:
    first = ready.documents()
    with ready.start("--auto") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("validate: public.ads:"):
                break
        process.kill()
    assert ready.documents() == first
    (plan,) = (hash_ for hash_, state in journal(ready).items() if state == "running")
    assert ready.json("apply", plan)["status"] == "applied"
    assert json.loads(json.dumps(ready.json("versions")))[0]["plan_hash"] == plan
