"""Who answers what, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drift_scene import Scene, campaign, catalog

from bravo_agent.changes._samples import INT8, TEXT, column, field, table, use
from bravo_agent.config import Config, PolicySection
from bravo_agent.errors import StaleError, UsageError
from bravo_agent.model.change import Decision, Verdict
from bravo_agent.planning.decisions_file import content_hash, read_decisions, record, write_decisions
from bravo_agent.planning.exit_code import exit_code
from bravo_agent.planning.report import report, report_text

A = column("a", TEXT, 2)
PLAIN = catalog(table(A))
OPTIONAL = catalog(table(A, column("n", INT8, 3)))
REQUIRED = catalog(table(A, column("n", INT8, 3, nullable=False)))
MODELS = campaign(field("a"))


def policy(**kinds: Verdict) -> Config:
    return Config(policy=PolicySection(kinds=kinds))


def only(scene: Scene) -> tuple[str, str, str | None, str | None]:
    (change,) = scene.changes
    return change.state, change.verdict, change.decided_by, change.option


def test_precedence() -> None:
    scene = Scene(PLAIN, OPTIONAL, MODELS)
    (change,) = scene.changes
    assert only(scene) == ("decided", "auto-approve", "safe", "add-field")
    assert only(Scene(PLAIN, OPTIONAL, MODELS, policy(new_field="auto-approve")))[2] == "policy"
    assert only(Scene(PLAIN, OPTIONAL, MODELS, policy(new_field="review")))[:2] == ("open", "review")
    recorded = (Decision(change.id, "ignore"),)
    answered = Scene(PLAIN, OPTIONAL, MODELS, policy(new_field="block"), decisions=recorded)
    assert only(answered) == ("decided", "block", "person", "ignore")
    proposed = (Decision(change.id, "ignore", decided_by="model", status="proposed"),)
    assert only(Scene(PLAIN, OPTIONAL, MODELS, decisions=proposed))[3] == "add-field"


def test_the_reason_names_the_line() -> None:
    (change,) = Scene(PLAIN, OPTIONAL, MODELS, policy(new_field="review")).changes
    assert change.reason == 'bravo.toml: policy.kinds.new_field = "review"'


def test_a_policy_may_not_guess() -> None:
    used = {("Campaign", "a"): use("calculation")}
    scene = Scene(PLAIN, catalog(table()), MODELS, policy(dropped_field="auto-approve"), used)
    assert only(scene)[:2] == ("open", "review")
    key = Scene(PLAIN, catalog(table(A, key=())), MODELS, policy(primary_key_changed="auto-approve"))
    assert only(key)[:2] == ("open", "block")


def test_a_policy_for_no_kind_is_an_error() -> None:
    with pytest.raises(UsageError, match="policy-unknown-kind"):
        _ = Scene(PLAIN, PLAIN, MODELS, policy(new_fields="review")).changes
    assert (
        only(Scene(PLAIN, OPTIONAL, MODELS, Config(policy=PolicySection(kinds={"new-field": "block"}))))[1]
        == "block"
    )


@pytest.mark.parametrize("answer", [Decision("", "shrug"), Decision("", "default")])
def test_an_answer_that_is_not_legal_any_more_is_stale(answer: Decision) -> None:
    (change,) = Scene(PLAIN, REQUIRED, MODELS).changes
    stale = Decision(change.id, answer.option)
    with pytest.raises(StaleError, match=change.id):
        _ = Scene(PLAIN, REQUIRED, MODELS, decisions=(stale,)).changes
    assert Scene(PLAIN, PLAIN, MODELS, decisions=(stale,)).changes == ()


def test_answers_with_their_params() -> None:
    (change,) = Scene(PLAIN, REQUIRED, MODELS).answered("default", value="0").changes
    assert (change.state, change.option, change.params) == ("decided", "default", (("value", "0"),))


def test_exit_codes() -> None:
    review = Scene(PLAIN, REQUIRED, MODELS)
    block = Scene(PLAIN, catalog(), MODELS)
    decided = Scene(PLAIN, OPTIONAL, MODELS).changes
    assert [exit_code(scene.changes) for scene in (review, block, Scene(PLAIN, PLAIN, MODELS))] == [3, 4, 0]
    assert exit_code([*review.changes, *block.changes]) == 4
    assert (exit_code(decided), exit_code(decided, after_cascade=True)) == (0, 3)


def test_the_file_is_canonical_and_reads_back() -> None:
    one, two = Decision("b" * 16, "rename"), Decision("a" * 16, "default", (("value", "0"),))
    text = write_decisions([one, two])
    assert text == write_decisions([two, one])
    assert read_decisions(text) == (two, one)
    with pytest.raises(UsageError, match="decisions-invalid"):
        read_decisions("[]")


def test_recording_supersedes() -> None:
    old, new = Decision("a", "rename"), Decision("a", "drop-and-add")
    proposal = Decision("a", "keep-old-name", decided_by="model", status="proposed")
    superseding = replace(new, supersedes=content_hash(old))
    assert record([old], [new]) == (superseding,)
    assert record([old], [proposal]) == (old, proposal)
    assert record([old, proposal], [new]) == (superseding,)


def test_the_report_speaks_the_wire_language() -> None:
    scene = Scene(PLAIN, REQUIRED, MODELS)
    value = report(scene.changes, ("a note",), {"baseline": "x"})
    (change,) = value["changes"]
    assert change["type"] == "new_field"
    assert (change["decision"], change["severity"], change["table"], change["field"]) == (
        "review",
        "warning",
        "public.campaigns",
        "n",
    )
    assert change["details"] == {"currentType": "int8", "required": True}
    assert [option["name"] for option in change["options"]][:2] == ["calculate", "default"]
    assert report_text(value) == report_text(
        report(tuple(reversed(scene.changes)), ("a note",), {"baseline": "x"})
    )
    assert value["summary"]["open"] == 1
