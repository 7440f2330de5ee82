"""A change read out: what, whom it hurts, which line decided, what may be answered, what follows."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from decisions_scene import Scene

from bravo_agent.errors import UsageError
from bravo_agent.model.change import Evidence
from bravo_agent.planning.decide import decide as decide_again
from bravo_agent.usecases.decide import record_decision
from bravo_agent.usecases.detect import Detection
from bravo_agent.usecases.explain_change import ChangeExplanation, explain_change


def explained(scene: Scene, field: str) -> ChangeExplanation:
    found = scene.found()
    (change,) = [one for one in found.changes if one.field == field]
    return explain_change(scene.workspace, found, change.id[:10])


def decide(scene: Scene, field: str, option: str, **more: str) -> None:
    found = scene.found()
    (change,) = [one for one in found.changes if one.field == field]
    record_decision(scene.workspace, found, change.id, option, params=more)


def test_an_open_change(scene: Scene) -> None:
    told = explained(scene, "score")
    text = "\n".join(told.lines)
    assert "new_field public.campaigns.score" in told.lines[0]
    assert "public.campaigns.score is new: numeric(5,2), not null" in text
    assert "severity: warning (no use found in the code)" in text
    assert "decided by the line: default: new_field is review" in text
    assert "evidence now: nothing was measured" in text
    assert "default: The model gets a field with this default" in text
    assert "not an answer here: add-field" in text
    assert f"bravo-agent decide {told.document['id'][:12]} default --param value=..." in text
    assert "stays out of the load" in text
    assert told.document["cascade"] is None
    assert told.document["optionsNotOffered"] == ["add-field"]
    json.dumps(told.document)


def test_a_blocked_change_with_its_uses(scene: Scene) -> None:
    told = explained(scene, "budget")
    text = "\n".join(told.lines)
    assert "calculation: reader.py:5 (by " in text
    assert "next: blocked: nothing is published" in text
    assert told.document["usesByRole"]["calculation"] == ["reader.py:5"]


def test_a_decided_change_says_who_and_what_it_edits(scene: Scene) -> None:
    decide(scene, "score", "make-optional")
    told = explained(scene, "score")
    text = "\n".join(told.lines)
    assert "decision: review, decided, make-optional by person" in text
    assert "recorded, replayed: make-optional by person anna, via cli at 2026-11-22T12:00:00+00:00" in text
    assert "edits: models.py" in text
    assert "next: the next run edits the models" in text
    assert told.document["cascade"]["files"] == ["models.py"]
    assert told.document["records"][0]["state"] == "replayed"
    assert scene.records()
    assert "score" not in (scene.project / "models.py").read_text()


def test_a_waived_change_says_which_line(scene: Scene) -> None:
    scene.policy(
        '[[policy.waivers]]\nkind = "dropped_field"\ntable = "public.campaigns"\ndecision = "auto-approve"\n'
        'option = "keep-optional"\nreason = "the export"\nexpires = 2026-12-31\n'
    )
    lines = explained(scene, "budget").lines
    assert (
        "decided by the line: bravo.toml line 3: [[policy.waivers]]: auto-approve as keep-optional, "
        '"the export", until 2026-12-31'
    ) in lines


def test_a_stale_answer_can_be_explained(scene: Scene) -> None:
    decide(scene, "score", "default", value="1")
    path = scene.project / "bravo.decisions.json"
    path.write_text(path.read_text().replace('"1"', '"x"'))
    text = "\n".join(explained(scene, "score").lines)
    assert "recorded, stale: default" in text
    assert "value is no number" in text
    assert "edits: not told while another answer is stale" in explained(scene, "channel").lines


def test_a_settled_change(scene: Scene) -> None:
    models = scene.project / "models.py"
    models.write_text(models.read_text() + "    score: Decimal\n")
    assert (
        explained(scene, "score").lines[-1] == "next: nothing to do; the next run moves the baseline over it"
    )


def test_every_kind_of_change_can_be_explained(scene: Scene) -> None:
    for change in scene.found().changes:
        told = explain_change(scene.workspace, scene.found(), change.id)
        assert told.document["id"] == change.id
        assert told.lines[-1].strip()


def test_an_unknown_id(scene: Scene) -> None:
    with pytest.raises(UsageError, match="change-unknown"):
        explain_change(scene.workspace, scene.found(), "ffff")


def test_other_evidence_than_then_is_told(scene: Scene) -> None:
    found = scene.found()
    (change,) = [one for one in found.changes if one.field == "score"]

    def seen(nulls: int) -> Detection:
        measured = replace(change, evidence=Evidence(rows=1_204, nulls=nulls))
        (decided,) = decide_again((measured,), scene.workspace.decisions(), scene.workspace.config)
        return replace(found, changes=(decided,))

    record_decision(scene.workspace, seen(0), change.id, "ignore", params={})
    same = explain_change(scene.workspace, seen(0), change.id)
    assert (same.document["evidenceChanged"], "evidence now: 0 of 1,204 rows are NULL" in same.lines) == (
        False,
        True,
    )
    assert "evidence: the same, as far as it was measured, as when it was answered" in same.lines
    other = explain_change(scene.workspace, seen(3), change.id)
    assert other.document["evidenceChanged"] is True
    assert "evidence: another than when it was answered" in other.lines
