"""A plan, applied by its hash: once, by one, and with what a run gives."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from plans_scene import MODEL, journal, planned, written
from runs_production import expected, without
from runs_scene import Scene, fields


def test_planning_touches_neither_code_nor_target(scene: Scene) -> None:
    scene.drift(1)
    made = scene.json("plan")
    assert scene.changed() == set()
    assert (scene.project / made["file"]).name == f"{made['plan']['hash']}.json"
    with scene.client() as client:
        assert scene.database not in client.list_database_names()
    assert f"edit {MODEL}" in made["lines"]
    assert f"load public.ads into {scene.database}.ads: {_rows(scene, 'ads')} rows" in made["lines"]


def _rows(scene: Scene, table: str) -> str:
    return f"{scene.query(f'select count(*) from {table}')[0][0]:,}"


def test_applying_gives_what_a_run_gives(new_scene: Callable[[], Scene]) -> None:
    by_plan, by_run = new_scene(), new_scene()
    for one in (by_plan, by_run):
        one.drift(1)
    plan = planned(by_plan)
    done = by_plan.json("apply", plan[:8])
    run = by_run.json("--auto")
    assert (done["status"], done["exitCode"], done["outcome"]) == ("applied", 0, "published")
    assert by_plan.documents() == by_run.documents()
    assert by_plan.git("diff", MODEL) == by_run.git("diff", MODEL)
    assert by_plan.changed() == by_run.changed() == {MODEL, "bravo.catalog.json"}
    told = done["report"]
    same = set(run) - {"run", "database"}
    assert {key: told[key] for key in same} == {key: run[key] for key in same}
    assert told["run"]["plan"] == plan
    masked = told["masked"]
    found = without(by_plan.documents(), masked)
    assert found == without(expected(by_plan, without=masked), ())


def test_applied_twice_is_applied_once(scene: Scene) -> None:
    scene.drift(1, 2)
    plan = planned(scene, code=3)
    first = scene.json("apply", plan, code=3)
    before = written(scene)
    again = scene.json("apply", plan, code=3)
    assert written(scene) == before
    assert (again["status"], again["version"], again["outcome"]) == (
        "already_applied",
        first["version"],
        "published-review",
    )
    assert again["report"] is None
    assert journal(scene) == {plan: "applied"}
    assert [one["plan_hash"] for one in scene.json("versions")] == [plan]


@pytest.mark.slow
def test_what_was_rolled_back_is_said_and_not_done_again(scene: Scene) -> None:
    scene.json("--auto")
    first = scene.json("versions")[0]["id"]
    scene.drift(1)
    plan = planned(scene)
    done = scene.json("apply", plan)
    scene.json("rollback", "--version", first)
    again = scene.json("apply", plan)
    assert again["status"] == "already_applied"
    assert again["notes"] == [f"it was applied as version {done['version']}; version {first} is current now"]
    scene.commit()
    snapshot = scene.json("snapshot", "list")["local"][-1]["id"]
    anew = planned(scene, "--snapshot", snapshot)
    assert anew != plan
    assert scene.json("apply", anew)["status"] == "applied"


def test_blocked_plan_publishes_nothing(scene: Scene) -> None:
    scene.drift(1, 7)
    plan = planned(scene, code=4)
    done = scene.json("apply", plan, code=4)
    assert (done["status"], done["outcome"], done["version"]) == ("not_applied", "blocked", None)
    assert scene.changed() == set()
    with scene.client() as client:
        assert "campaigns" not in client[scene.database].list_collection_names()


def test_patch_instead_of_edits(scene: Scene) -> None:
    scene.drift(1)
    plan = planned(scene, "--no-apply-code", code=3)
    done = scene.json("apply", plan, code=3)
    patch = done["report"]["code"]["patch_file"]
    assert scene.changed() == set()
    assert "channel" not in fields(scene.documents(), "campaigns")
    scene.git("apply", patch)
    assert scene.changed() == {MODEL}


def test_work_in_progress_is_planned_around(scene: Scene) -> None:
    scene.drift(1)
    path = scene.project / MODEL
    path.write_text(path.read_text() + "\n# somebody is at work here\n")
    mine = path.read_text()
    plan = planned(scene, code=3)
    assert scene.json("apply", plan, code=3)["report"]["code"]["not_clean"] == [MODEL]
    assert path.read_text() == mine


@pytest.mark.parametrize("refresh", ["incremental", "parallel"])
def test_other_ways_to_bring_data_in(scene: Scene, refresh: str) -> None:
    scene.json("--auto")
    scene.sql("update campaigns set name = 'newer ' || id")
    database = f"{scene.database}-side"
    plan = planned(scene, "--refresh", refresh, *(["--db", database] if refresh == "parallel" else []))
    done = scene.json("apply", plan)
    masked = done["report"]["masked"]
    assert done["report"]["refresh"] == refresh
    documents = without(scene.documents(done["database"]), masked)
    assert documents == without(expected(scene, without=masked), ())


def test_new_rows_do_not_make_it_stale_and_are_not_in_it(scene: Scene) -> None:
    plan = planned(scene)
    before = expected(scene)
    scene.sql("update campaigns set name = 'newer ' || id")
    done = scene.cli("apply", plan, "--json")
    assert done.code == 0
    assert "what production got since is not in it" in done.err
    masked = done.json["report"]["masked"]
    assert without(scene.documents(), masked) == without(before, masked)


def test_failed_check_is_not_applied_and_may_be_tried_again(scene: Scene) -> None:
    scene.json("--auto")
    scene.sql("update campaigns set end_date = 'infinity' where id = (select min(id) from campaigns)")
    plan = planned(scene)
    first = scene.documents()
    for _ in range(2):
        done = scene.json("apply", plan, code=1)
        assert (done["status"], done["outcome"]) == ("not_applied", "failed-checks")
        assert scene.documents() == first
        assert journal(scene)[plan] == "failed"


@pytest.mark.slow
def test_two_applies_at_once(scene: Scene) -> None:
    scene.drift(1)
    plan = planned(scene)
    with scene.start("apply", plan, "--json") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("load: public.ad"):
                break
        process.send_signal(signal.SIGSTOP)
        try:
            error = scene.json("apply", plan, code=1)["error"]
        finally:
            process.send_signal(signal.SIGCONT)
        out, _ = process.communicate(timeout=60)
    assert (error["code"], error["retryable"]) == ("target-busy", True)
    assert json.loads(out)["status"] == "applied"
    assert scene.json("apply", plan)["status"] == "already_applied"


@pytest.mark.slow
def test_plan_of_another_machine(scene: Scene, tmp_path: Path) -> None:
    """The same commit and the same snapshot: the same hash; and without a way to production it is applied."""
    scene.drift(1)
    plan = planned(scene)
    snapshot = scene.json("snapshot", "list")["local"][0]["id"]
    other = replace(
        scene,
        project=tmp_path / "elsewhere" / "app",
        environ={**scene.environ, "BRAVO_SOURCE_URI": "", "BRAVO_USER": "somebody else"},
    )
    other.project.parent.mkdir()
    scene.git("clone", "-q", ".", str(other.project))
    folder = scene.project / ".bravo" / "snapshots" / snapshot
    assert planned(other, "--source", str(folder)) == plan
    mine, theirs = (one.project / ".bravo" / "plans" / f"{plan}.json" for one in (scene, other))
    assert mine.read_bytes() == theirs.read_bytes()
    shutil.rmtree(folder)
    assert other.json("apply", plan)["status"] == "applied"
    assert other.changed() == {MODEL, "bravo.catalog.json"}


def test_unknown_plans(scene: Scene) -> None:
    error = scene.json("apply", "0123456789ab", code=2)["error"]
    assert (error["code"], "bravo-agent plan" in error["hint"]) == ("plan-unknown", True)
    plan = planned(scene)
    for wrong in (plan[:7], "f" * 12):
        error = scene.json("apply", wrong, code=2)["error"]
        assert error["code"] == "plan-unknown"
        assert plan[:12] in error["hint"]
    twin = plan[:20] + "0" * 44
    path = scene.project / ".bravo" / "plans" / f"{plan}.json"
    path.with_name(f"{twin}.json").write_bytes(path.read_bytes())
    assert scene.json("apply", plan[:10], code=2)["error"]["code"] == "plan-ambiguous"
    text = path.read_text()
    path.write_text(text.replace('"refresh": "full"', '"refresh": "parallel"'))
    assert scene.json("apply", plan, code=2)["error"]["code"] == "plan-damaged"
    path.write_text(text.replace('"format": 1', '"format": 99'))
    assert scene.json("apply", plan, code=2)["error"]["code"] == "plan-format"
    with scene.client() as client:
        assert scene.database not in client.list_database_names()
