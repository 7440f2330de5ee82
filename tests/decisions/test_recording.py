"""Answers as use cases: recorded, proposed, accepted, rejected, listed, pruned; a person stands behind each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from decisions_scene import BEFORE, BUDGET, CLICKS, NAME, SCORE, Scene, catalog

from bravo_agent.changes._samples import column, varchar
from bravo_agent.errors import StaleError, UsageError
from bravo_agent.model.change import Decision
from bravo_agent.planning.decisions_file import content_hash
from bravo_agent.usecases.decide import (
    accept_proposal,
    list_decisions,
    prune_decisions,
    record_decision,
    reject_proposal,
)

NONE: dict[str, str] = {}


def record(scene: Scene, option: str, kind: str = "new_field", **more: Any) -> Decision:
    found = scene.found()
    (change,) = [one for one in found.changes if one.kind == kind and one.field != "channel"]
    return record_decision(
        scene.workspace, found, change.id[:8], option, params=more.pop("params", NONE), **more
    )


def propose(scene: Scene, option: str, **more: Any) -> Decision:
    return record(
        scene,
        option,
        status="proposed",
        decided_by="model",
        via="api",
        model="claude",
        prompt_hash="ab" * 32,
        **more,
    )


def score(scene: Scene) -> tuple[str, str | None, str | None]:
    (change,) = [one for one in scene.found().changes if one.field == "score"]
    return change.state, change.option, change.decided_by


def states(scene: Scene) -> list[tuple[str, str]]:
    return [(one.decision.option, one.state) for one in list_decisions(scene.workspace, scene.found())]


def test_a_person_answers(scene: Scene) -> None:
    done = record(scene, "default", params={"value": "0"}, rationale="old ones have none")
    assert (done.who, done.decided_by, done.status, done.via) == ("anna", "person", "accepted", "cli")
    assert done.decided_at == "2026-11-22T12:00:00+00:00"
    assert scene.workspace.decisions() == (done,)
    assert score(scene) == ("decided", "default", "person")
    assert states(scene) == [("default", "replayed")]


def test_the_same_answer_again_changes_nothing(scene: Scene) -> None:
    record(scene, "make-optional")
    text = scene.records()
    scene.now = datetime(2027, 5, 5, tzinfo=UTC)
    assert record(scene, "make-optional").decided_at == "2026-11-22T12:00:00+00:00"
    assert scene.records() == text


def test_another_answer_supersedes_by_content_hash(scene: Scene) -> None:
    first = record(scene, "make-optional")
    scene.user = "bert"
    second = record(scene, "ignore")
    assert second.supersedes == content_hash(first)
    assert scene.workspace.decisions() == (second,)
    assert record(scene, "make-optional").supersedes == content_hash(second)


def test_a_model_proposes_and_a_person_accepts(scene: Scene) -> None:
    proposal = propose(scene, "default", params={"value": "0"}, rationale="zero is neutral")
    assert (proposal.who, proposal.status) == ("", "proposed")
    assert score(scene) == ("open", None, None)
    assert states(scene) == [("default", "proposed")]
    scene.user = "bert"
    found = scene.found()
    done = accept_proposal(scene.workspace, found, proposal.change_id)
    assert (done.who, done.decided_by, done.status, done.via) == ("bert", "person", "accepted", "cli")
    assert (done.model, done.prompt_hash, done.rationale) == ("claude", "ab" * 32, "zero is neutral")
    assert scene.workspace.decisions() == (done,)
    (change,) = [one for one in scene.found().changes if one.field == "score"]
    assert change.reason == (
        'bravo.decisions.json: default (person bert, via cli, proposed by claude): "zero is neutral"'
    )


def test_a_proposal_leaves_an_accepted_answer_as_it_is(scene: Scene) -> None:
    accepted = record(scene, "ignore")
    proposal = propose(scene, "make-optional")
    assert scene.workspace.decisions() == (accepted, proposal)
    assert score(scene)[1] == "ignore"
    done = accept_proposal(scene.workspace, scene.found(), proposal.change_id, rationale="better")
    assert (done.supersedes, done.rationale) == (content_hash(accepted), "better")
    assert scene.workspace.decisions() == (done,)


def test_only_the_proposal_that_was_read_is_accepted(scene: Scene) -> None:
    """A model may replace its proposal while a person reads it."""
    read = content_hash(propose(scene, "default", params={"value": "0"}))
    now = propose(scene, "default", params={"value": "666"})
    for verb in (accept_proposal, reject_proposal):
        for hash_ in (read, read[:8], "", content_hash(now)[:7]):
            with pytest.raises(StaleError, match="proposal-changed"):
                verb(scene.workspace, scene.found(), now.change_id, read=hash_)
    assert scene.workspace.decisions() == (now,)
    done = accept_proposal(scene.workspace, scene.found(), now.change_id, read=content_hash(now))
    assert (done.status, done.params) == ("accepted", (("value", "666"),))


def test_a_rejected_proposal_is_gone(scene: Scene) -> None:
    accepted = record(scene, "ignore")
    proposal = propose(scene, "make-optional")
    assert reject_proposal(scene.workspace, scene.found(), proposal.change_id[:12]) == proposal
    assert scene.workspace.decisions() == (accepted,)
    for verb in (accept_proposal, reject_proposal):
        with pytest.raises(UsageError, match="proposal-none"):
            verb(scene.workspace, scene.found(), proposal.change_id)


@pytest.mark.parametrize(
    "who", [{"decided_by": "model"}, {"status": "proposed"}, {"decided_by": "model", "status": "accepted"}]
)
def test_nobody_is_both(scene: Scene, who: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="decision-without-person"):
        record(scene, "ignore", **who)
    assert scene.records() == ""


@pytest.mark.parametrize(
    ("option", "params", "code"),
    [
        ("shrug", {}, "option-unknown"),
        ("default", {}, "option-params"),
        ("ignore", {"value": "1"}, "option-params"),
        ("default", {"value": "1000"}, "param-invalid"),
        ("default", {"value": "NaN"}, "param-invalid"),
        ("custom", {"function": "no colon"}, "param-invalid"),
        ("calculate", {"expression": ""}, "param-invalid"),
        ("default", {"value": "\udc80"}, "param-invalid"),
    ],
)
def test_what_is_not_legal_is_refused_at_once(
    scene: Scene, option: str, params: dict[str, str], code: str
) -> None:
    with pytest.raises(UsageError, match=code):
        record(scene, option, params=params)
    assert scene.records() == ""


def test_a_text_that_no_file_can_hold_is_refused(scene: Scene) -> None:
    with pytest.raises(UsageError, match="text-not-unicode"):
        record(scene, "ignore", rationale="\udcff")


def test_a_default_fits_the_models_field_too(scene: Scene) -> None:
    models = scene.project / "models.py"
    models.write_text(
        models.read_text()
        .replace("BaseModel\n\n", "BaseModel, Field\n\n", 1)
        .replace("name: str | None = None", "name: str = Field(max_length=3)")
    )
    scene.source = catalog(column("name", varchar(50), 2, nullable=False), BUDGET)
    scene.forget_until_now()
    scene.source = catalog(column("name", varchar(50), 2), BUDGET)
    (change,) = [one for one in scene.found().changes if one.kind == "nullability_relaxed"]
    with pytest.raises(UsageError, match=r"does not fit the model's field name: it is longer than 3"):
        record_decision(scene.workspace, scene.found(), change.id, "default", params={"value": "none"})
    record_decision(scene.workspace, scene.found(), change.id, "default", params={"value": "non"})


def test_what_is_settled_asks_nothing(scene: Scene) -> None:
    models = scene.project / "models.py"
    change = scene.found()
    (one,) = [one for one in change.changes if one.field == "score"]
    models.write_text(models.read_text() + "    score: Decimal\n")
    with pytest.raises(UsageError, match="change-settled"):
        record_decision(scene.workspace, scene.found(), one.id, "ignore", params=NONE)


def test_obsolete_answers_are_noted_and_pruned_only_when_asked(scene: Scene) -> None:
    done = record(scene, "make-optional")
    models = scene.project / "models.py"
    models.write_text(models.read_text() + "    score: Decimal | None = None\n")
    assert states(scene) == [("make-optional", "settled")]
    assert prune_decisions(scene.workspace, scene.found()) == ()
    scene.workspace.save_baseline(scene.found().next_baseline)
    assert states(scene) == [("make-optional", "obsolete")]
    (note,) = scene.found("raise").notes
    assert "1 answer to a change that is not there" in note
    assert scene.workspace.decisions() == (done,)
    assert prune_decisions(scene.workspace, scene.found()) == (done,)
    assert scene.workspace.decisions() == ()
    assert prune_decisions(scene.workspace, scene.found()) == ()
    assert scene.found().notes == ()


def test_answers_of_another_branch_are_no_fault(scene: Scene) -> None:
    record(scene, "make-optional")
    scene.source = BEFORE
    assert scene.found("raise").changes == ()
    assert states(scene) == [("make-optional", "obsolete")]
    scene.source = catalog(NAME, SCORE)
    assert score(scene)[1] == "make-optional"


def test_an_answer_edited_into_something_illegal_is_stale_and_may_be_given_again(scene: Scene) -> None:
    record(scene, "default", params={"value": "0"})
    path = scene.project / "bravo.decisions.json"
    path.write_text(scene.records().replace('"0"', '"12345"'))
    with pytest.raises(StaleError, match="value has more than 3 digits before the point"):
        scene.found("raise")
    assert states(scene) == [("default", "stale")]
    assert record(scene, "ignore").supersedes
    assert score(scene)[1] == "ignore"


def test_another_change_of_the_same_column_inherits_nothing(scene: Scene) -> None:
    record(scene, "make-optional")
    scene.source = catalog(NAME, column("score", CLICKS.type, 4, nullable=False))
    assert score(scene) == ("open", None, None)
    assert states(scene) == [("make-optional", "obsolete")]
