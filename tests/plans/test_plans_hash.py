"""What the hash of a plan stands for, and what it does not."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans_scene import MODEL, planned
from runs_scene import Scene

from bravo_agent.errors import UsageError
from bravo_agent.model.inputs import Inputs
from bravo_agent.model.mapping import Mapping
from bravo_agent.model.plan import CheckData, Edit, EditCode, LoadData, Patch, Plan, Publish, Told
from bravo_agent.planning.plan_file import read_plan, with_hash, write_plan
from bravo_agent.planning.stale import drifted, drifted_changes

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
PAIRS = st.dictionaries(TEXTS, TEXTS, max_size=3).map(lambda found: tuple(sorted(found.items())))
ANSWERS = st.dictionaries(TEXTS, st.tuples(TEXTS, TEXTS), max_size=3)
INPUTS = st.builds(
    Inputs,
    **dict.fromkeys(("snapshot", "content", "source", "baseline", "masking", "database"), TEXTS),
    **dict.fromkeys(("models", "config", "functions"), PAIRS),
    decisions=ANSWERS.map(lambda found: tuple(sorted((key, *one) for key, one in found.items()))),
    current=st.none() | TEXTS,
    newest=st.none() | TEXTS,
)


def _plan(inputs: Inputs) -> Plan:
    edit = EditCode(Patch((Edit("a.py", None, "x = 1\n"),)), "before", "after")
    load = LoadData("d", "s", "full", Mapping(()), "content", "transform")
    steps = (edit, load, CheckData(("counts",)), Publish("d", None, "transform"))
    return with_hash(Plan("", 1, "apply", "full", inputs, steps, (), 0, told=Told(notes=("a note",))))


@given(INPUTS)
def test_file_and_back(inputs: Inputs) -> None:
    plan = _plan(inputs)
    assert read_plan(write_plan(plan), where="here") == plan
    assert with_hash(replace(plan, told=Told())).hash == plan.hash
    assert with_hash(replace(plan, exit_code=3)).hash != plan.hash
    assert with_hash(replace(plan, steps=plan.steps[:-1])).hash != plan.hash


@given(INPUTS, INPUTS)
def test_what_differs_is_named_and_changes_the_hash(then: Inputs, now: Inputs) -> None:
    now = replace(now, snapshot=then.snapshot, database=then.database, source=then.source)
    assert (with_hash(_plan(then)).hash == _plan(now).hash) == (then == now)
    assert bool(drifted(then, now)) == (then != now)
    assert drifted(then, then) == ()
    assert all(one.before != one.after or one.what for one in drifted(then, now))


def test_other_steps_from_the_same_inputs() -> None:
    inputs = Inputs("s", "c", "s", "b", (), (), (), (), "m", "d", None, None)
    plan = _plan(inputs)
    (line,) = drifted_changes(plan, replace(plan, steps=plan.steps[1:]))
    assert line.line.startswith("the steps: was edit-code, load-data")


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1}', '{"format": 1, "hash": 3}', "{"])
def test_what_is_no_plan(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_plan(text, where="here")
    assert caught.value.code in ("file-unreadable", "plan-damaged", "plan-format")


def _reordered(text: str) -> str:
    document = json.loads(text)
    document["decisions"].reverse()
    document["decisions"] = [dict(reversed(one.items())) for one in document["decisions"]]
    return json.dumps(dict(reversed(document.items())))


@pytest.mark.slow
def test_by_value(scene: Scene) -> None:
    """Order, white space, comments and defaults that are spelt out do not count; what is meant does."""
    scene.drift(1, 2, 8)
    snapshot = scene.json("snapshot", "export")["id"]
    for change in scene.json("detect")["changes"]:
        if change["state"] == "open":
            option = next(one["name"] for one in change["options"] if not one["params"])
            scene.json("decide", change["id"], option)
    config, decisions = scene.project / "bravo.toml", scene.project / "bravo.decisions.json"
    first = planned(scene, "--snapshot", snapshot, code=_code(scene))

    def again(*more: str) -> str:
        return planned(scene, "--snapshot", snapshot, *more, code=_code(scene, *more))

    assert again() == first
    decisions.write_text(_reordered(decisions.read_text()))
    text = config.read_text()
    config.write_text(f"# a comment\n\n{text}\n[load]   # and another\nworkers   =   2\n")
    (scene.project / "README.md").write_text("not of interest\n")
    assert again() == first
    config.write_text(f"{text}\n[load]\nworkers = 3\n")
    hashes = [first, again()]
    config.write_text(text)
    hashes += [again("--db", f"{scene.database}-x"), again("--refresh", "parallel"), again("--no-apply-code")]
    other = replace(scene, environ={**scene.environ, "BRAVO_MASK_KEY": "another-key"})
    hashes.append(planned(other, "--snapshot", snapshot, code=_code(scene)))
    kept = decisions.read_text()
    decisions.unlink()
    hashes.append(again())
    decisions.write_text(kept)
    path = scene.project / MODEL
    path.write_text(path.read_text().replace("class Campaign(", "class Campaign(", 1) + "\n\nX = 1\n")
    scene.commit()
    assert again() != first  # the text that the patch edits is another
    scene.json("--auto", "--snapshot", snapshot, code=_code(scene))
    hashes.append(again())
    assert len(set(hashes)) == len(hashes)


def _code(scene: Scene, *more: str) -> int:
    return scene.cli("run", "--dry-run", *more).code


def test_no_secret_no_path_no_time(scene: Scene) -> None:
    scene.drift(1)
    made = scene.json("plan")
    text = (scene.project / made["file"]).read_text()
    for secret in (
        scene.environ["BRAVO_MASK_KEY"],
        scene.source_uri,
        scene.target_uri,
        str(scene.project),
        "tester",
    ):
        assert secret not in text
    values = {str(row[0]) for row in scene.query("select name from campaigns union select email from users")}
    assert values
    assert not any(value in text for value in values)
