"""The second interpreter: a plan, a change and a check read aloud."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plans_scene import MODEL, planned, written
from runs_scene import Scene

from bravo_agent import checks


def test_plan_is_read_as_it_was_planned_and_needs_no_server(scene: Scene) -> None:
    scene.drift(1, 2)
    made = scene.json("plan", code=3)
    alone = replace(scene, environ={"BRAVO_MASK_KEY": "x", "BRAVO_DEBUG": "1"})
    told = alone.json("explain", made["plan"]["hash"][:8])
    assert told["of"] == "plan"
    assert {key: told[key] for key in made["plan"]} == made["plan"]
    lines = alone.cli("explain", made["plan"]["hash"]).out.splitlines()
    assert lines[: len(made["lines"])] == made["lines"]
    wanted = [
        f"edit {MODEL}",
        "advance the baseline to",
        "load snapshot",
        "load public.campaigns into",
        "check: ",
        f"publish {scene.database}",
        "stays out: public.campaigns.performance_score, until change",
        "open: new_field public.campaigns.performance_score",
        "masked: ",
        "stale when anything it was made from changes",
        "stale when another version is published",
        "not stale by new rows",
    ]
    places = [next(i for i, line in enumerate(lines) if line.startswith(one)) for one in wanted]
    assert places == sorted(places)


def test_reading_writes_nothing(scene: Scene) -> None:
    scene.drift(2)
    plan = planned(scene, code=3)
    scene.json("apply", plan, code=3)
    change = scene.json("detect")["changes"][0]["id"]
    before = written(scene)
    for one in (plan, change, "counts"):
        scene.json("explain", one)
    assert written(scene) == before


def test_change(scene: Scene) -> None:
    scene.drift(2)
    change = scene.json("detect")["changes"][0]["id"]
    told = scene.json("explain", change[:6])
    assert (told["of"], told["id"], told["type"]) == ("change", change, "new_field")
    assert "performance_score" in scene.cli("explain", change).out


@pytest.mark.parametrize("name", checks.kinds())
def test_check(scene: Scene, name: str) -> None:
    unreachable = replace(scene, environ={**scene.environ, "BRAVO_TARGET_URI": ""})
    told = unreachable.json("explain", name)
    assert (told["of"], told["check"], told["stage"]) == ("check", name, checks.kinds()[name].stage)
    assert told["holds"]
    assert told["last"] == "last result: not known (target-not-configured)"


def test_last_result_of_a_check(scene: Scene) -> None:
    assert scene.json("explain", "counts")["last"] == "last result: none yet"
    scene.json("--auto")
    version = scene.json("versions")[0]["id"]
    assert (
        scene.json("explain", "counts")["last"]
        == f"last result: 6 passed, 0 failed ({scene.database}/{version})"
    )


def test_unknown_names_tell_what_is_like_them(scene: Scene) -> None:
    error = scene.json("explain", "count", code=2)["error"]
    assert error["code"] == "explain-unknown"
    assert "counts" in error["hint"]
    plan = planned(scene)
    wrong = plan[:6] + ("0" if plan[6] != "0" else "1") + plan[7:12]
    assert plan[:12] in scene.json("explain", wrong, code=2)["error"]["hint"]
