"""An accepted drop that code is not ready for: held, and told alike, until a person has taken the uses away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from decisions_scene import CHANNEL, MODELS, NAME, SCORE, Scene, catalog

from bravo_agent.model.change import Change, Use
from bravo_agent.planning.exit_code import exit_code
from bravo_agent.planning.held import held_text
from bravo_agent.planning.report import schema_change
from bravo_agent.usecases.cascade import apply_cascade, make_cascade
from bravo_agent.usecases.decide import answered, record_decision
from bravo_agent.usecases.explain_change import explain_change
from bravo_agent.usecases.preview import preview

READS = Use("reader.py", 5, "calculation", "types", "return campaign.budget * 2")
WAIVER = (
    '[[policy.waivers]]\nkind = "dropped_field"\ntable = "public.campaigns"\ndecision = "{}"\n{}'
    'reason = "known"\nexpires = 2026-12-31\n'
)


@pytest.fixture
def dropped(scene: Scene) -> Scene:
    """Only the used column is gone."""
    scene.source = catalog(NAME)
    return scene


def answer(scene: Scene, option: str = "drop-field") -> Change:
    found = scene.found()
    (asked,) = found.changes
    decision = record_decision(scene.workspace, found, asked.id, option, params={})
    change = answered(scene.workspace, found, decision)
    assert change is not None
    assert change == scene.only("dropped_field")
    return change


def test_a_use_that_reads_the_field_holds_the_drop(dropped: Scene) -> None:
    change = answer(dropped)
    assert (change.state, change.option, change.verdict) == ("decided", "drop-field", "block")
    assert change.held_by == (READS,)
    assert exit_code([change]) == exit_code([change], after_cascade=True) == dropped.found().exit_code == 4
    assert held_text(change) == (
        "drop-field leaves 1 use in code: reader.py:5 (calculation); take them away by hand, or choose another option: "
        f"bravo-agent decide {change.id[:12]} keep-optional | custom"
    )


def test_everything_tells_the_same(dropped: Scene) -> None:
    change = answer(dropped)
    said = held_text(change)
    told = explain_change(dropped.workspace, dropped.found(), change.id)
    assert told.lines[-2:] == ("next: blocked: nothing is published before this is settled", f"  {said}")
    assert told.document["heldBy"] == schema_change(change)["heldBy"]
    assert told.document["heldBy"][0]["line"] == 5
    cascade = make_cascade(dropped.workspace, dropped.found())
    assert cascade.patch.edits == ()
    assert [one.held_by for one in cascade.after.changes] == [(READS,)]
    assert [(one.file, one.line) for one in cascade.patch.manual] == [("reader.py", 5)]


def test_the_question_says_so_before_it_is_answered(dropped: Scene) -> None:
    (asked,) = dropped.found().changes
    assert asked.question is not None
    assert "of 1 use in code: until then nothing is published" in asked.question.options[0].consequence
    seen = preview(dropped.workspace, dropped.found(), asked.id, "drop-field", params={})
    assert [(one.file, one.line) for one in seen.manual] == [("reader.py", 5)]


def test_once_the_use_is_gone_the_drop_is_carried_out(dropped: Scene) -> None:
    answer(dropped)
    (dropped.project / "reader.py").write_text(
        "from models import Campaign\n\nNEW = Campaign(id=1, budget=None)\n"
    )
    found = dropped.found()
    assert (dropped.only("dropped_field").held_by, found.exit_code) == ((), 0)
    cascade = make_cascade(dropped.workspace, found)
    assert [edit.file for edit in cascade.patch.edits] == ["models.py", "reader.py"]
    assert exit_code(cascade.after.changes, after_cascade=True) == 0
    apply_cascade(dropped.workspace, cascade)
    assert dropped.found().changes == ()
    assert "budget" not in (dropped.project / "reader.py").read_text()


def test_another_option_lifts_the_block(dropped: Scene) -> None:
    answer(dropped)
    assert answer(dropped, "keep-optional").held_by == ()
    assert dropped.found().exit_code == 0


def test_a_word_that_may_be_the_field_is_left_to_review(dropped: Scene) -> None:
    (dropped.project / "reader.py").write_text("def rest(campaign):\n    return campaign.budget * 2\n")
    change = answer(dropped)
    assert (change.verdict, change.held_by) == ("block", ())
    cascade = make_cascade(dropped.workspace, dropped.found())
    assert [(one.file, one.line) for one in cascade.patch.manual] == [("reader.py", 2)]
    assert exit_code(cascade.after.changes, after_cascade=True) == 3


def test_a_field_on_one_way_and_something_else_on_another_holds(dropped: Scene) -> None:
    (dropped.project / "reader.py").write_text(
        "from models import Campaign\n\n\nclass Other:\n    budget: int = 0\n\n\n"
        "def rest(one: Campaign | Other) -> object:\n    return one.budget\n"
    )
    assert [(use.file, use.line) for use in answer(dropped).held_by] == [("reader.py", 9)]


def test_what_only_fills_the_field_and_cannot_go_holds_nothing(dropped: Scene) -> None:
    """As it would not have blocked before there was an answer."""
    (dropped.project / "reader.py").unlink()
    text = MODELS.replace("    budget: Decimal | None = None\n", "    budget: Decimal | None = None; pass\n")
    (dropped.project / "models.py").write_text(text)
    change = answer(dropped)
    assert (change.verdict, change.held_by) == ("review", ())
    assert len(make_cascade(dropped.workspace, dropped.found()).patch.manual) == 1


def test_the_answer_of_a_waiver_is_held_as_well(dropped: Scene) -> None:
    dropped.policy(WAIVER.format("auto-approve", 'option = "drop-field"\n'))
    change = dropped.only("dropped_field")
    assert (change.decided_by, change.held_by, dropped.found().exit_code) == ("policy", (READS,), 4)


@pytest.mark.parametrize(
    "text",
    [WAIVER.format("review", ""), '[policy.kinds]\ndropped_field = "review"\n'],
    ids=["waiver", "kind"],
)
def test_a_policy_that_lifts_the_block_lifts_this_one(dropped: Scene, text: str) -> None:
    dropped.policy(text)
    assert dropped.found().exit_code == 3
    assert answer(dropped).held_by == ()
    after = make_cascade(dropped.workspace, dropped.found()).after
    assert exit_code(after.changes, after_cascade=True) == 3


def test_the_rest_of_the_cascade_is_made_all_the_same(scene: Scene) -> None:
    scene.source = catalog(NAME, SCORE, CHANNEL)
    for field, option in (("budget", "drop-field"), ("score", "make-optional"), ("channel", "add-field")):
        found = scene.found()
        (asked,) = [one for one in found.changes if one.field == field]
        record_decision(scene.workspace, found, asked.id, option, params={})
    cascade = make_cascade(scene.workspace, scene.found())
    assert [edit.file for edit in cascade.patch.edits] == ["models.py"]
    states = {one.field: (one.state, bool(one.held_by)) for one in cascade.after.changes}
    assert states == {"budget": ("decided", True), "score": ("settled", False), "channel": ("settled", False)}


def test_many_uses_are_counted_and_the_first_shown(dropped: Scene) -> None:
    change = answer(dropped)
    many = replace(change, held_by=tuple(replace(READS, line=line) for line in range(1, 6)))
    assert (
        "leaves 5 uses in code: reader.py:1 (calculation), reader.py:2 (calculation), reader.py:3 "
        in held_text(many)
    )
    assert "(calculation) and 2 more; take them away" in held_text(many)
    assert held_text(replace(change, held_by=())) == ""
