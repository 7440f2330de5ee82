"""bravo.decisions.json: canonical, replayed the same way by everybody, and clear about every fault."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from decisions_scene import DEFAULT, IGNORE, SAFE, TODAY, change, policy
from hypothesis import given
from hypothesis import strategies as st

from bravo_agent.changes._kind import change_id
from bravo_agent.errors import StaleError, UsageError
from bravo_agent.model.change import Decision, Evidence
from bravo_agent.planning.decide import decide
from bravo_agent.planning.decisions_file import (
    content,
    content_hash,
    evidence_hash,
    read_decisions,
    record,
    remove,
    write_decisions,
)

IDS = [letter * 16 for letter in "abc"]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
ACCEPTED = st.builds(
    Decision,
    change_id=st.sampled_from(IDS),
    option=st.sampled_from(["ignore", "default"]),
    params=st.lists(st.tuples(st.sampled_from("xyz"), TEXTS), unique_by=lambda pair: pair[0], max_size=2).map(
        lambda pairs: tuple(sorted(pairs))
    ),
    via=st.sampled_from(["cli", "mcp", "elicitation", "api"]),
    rationale=TEXTS,
    who=TEXTS,
    decided_at=st.sampled_from([None, "2026-11-22T12:00:00+00:00"]),
    model=st.sampled_from([None, "claude"]),
    evidence_hash=st.sampled_from([None, "0" * 64]),
)
PROPOSED = ACCEPTED.map(lambda one: replace(one, status="proposed", decided_by="model", who=""))
FILES = st.lists(st.one_of(ACCEPTED, PROPOSED), max_size=6, unique_by=lambda one: (one.change_id, one.status))


@given(FILES, st.randoms(use_true_random=False))
def test_the_order_in_the_file_does_not_matter(found: list[Decision], rng: Any) -> None:
    shuffled = rng.sample(found, len(found))
    text = write_decisions(found)
    assert write_decisions(shuffled) == text
    assert set(read_decisions(text)) == set(found)
    unsorted = json.dumps({"decisions": json.loads(write_decisions(shuffled))["decisions"][::-1]})
    assert write_decisions(read_decisions(unsorted)) == text


@given(FILES, st.one_of(ACCEPTED, PROPOSED))
def test_recording_twice_is_recording_once(found: list[Decision], new: Decision) -> None:
    once = record(found, [new])
    assert record(once, [new]) == once
    assert record(once, [replace(new, decided_at="2030-01-01T00:00:00+00:00")]) == once
    assert read_decisions(write_decisions(once)) == once


@given(FILES, st.lists(PROPOSED, max_size=4))
def test_a_proposal_never_undoes_what_is_accepted(found: list[Decision], proposals: list[Decision]) -> None:
    accepted = [one for one in record(found, []) if one.status == "accepted"]
    after = record(found, proposals)
    assert [one for one in after if one.status == "accepted"] == accepted
    ours = tuple(
        replace(change(id=key, options=(SAFE, IGNORE, DEFAULT), verdict="review"), field=key) for key in IDS
    )
    legal = [replace(one, option="ignore") for one in after]
    states = {one.id: one.option for one in decide(ours, legal, policy())}
    assert states == {key: "ignore" if key in {one.change_id for one in accepted} else None for key in IDS}


@given(FILES, ACCEPTED)
def test_an_accepted_answer_names_what_it_supersedes(found: list[Decision], new: Decision) -> None:
    former = [one for one in found if (one.change_id, one.status) == (new.change_id, "accepted")]
    after = record(found, [new])
    assert not any((one.change_id, one.status) == (new.change_id, "proposed") for one in after)
    (stands,) = [one for one in after if one.change_id == new.change_id]
    if former and content(replace(former[0], supersedes=None)) != content(new):
        assert stands == replace(new, supersedes=content_hash(former[0]))
    else:
        assert content(stands) == content(new)


@given(ACCEPTED, st.text(max_size=5))
def test_same_content_same_hash_whatever_the_time(one: Decision, time: str) -> None:
    later = replace(one, decided_at=time)
    assert content_hash(later) == content_hash(one)
    assert content(later) == content(one)
    assert content_hash(replace(one, option="other")) != content_hash(one)
    assert content_hash(replace(one, who=one.who + "x")) != content_hash(one)


@given(FILES)
def test_removing_leaves_the_rest(found: list[Decision]) -> None:
    for one in found:
        assert remove(found, [one]) == record([other for other in found if other != one], [])


KEYS = st.tuples(
    st.sampled_from(["new_field", "type_change"]),
    st.sampled_from(["public.a", "public.b"]),
    st.sampled_from([None, "x", "y"]),
    st.sampled_from([None, "int4", "int8"]),
    st.sampled_from([None, "int4", "int8"]),
)


@given(KEYS, KEYS)
def test_same_change_same_id_and_no_other_inherits_an_answer(one: Any, two: Any) -> None:
    assert (change_id(*one) == change_id(*two)) == (one == two)
    asked = change(id=change_id(*two), options=(IGNORE,))
    (found,) = decide((asked,), [Decision(change_id(*one), "ignore")], policy())
    assert (found.state == "decided") == (one == two)


ONE: dict[str, Any] = {"change_id": "a" * 16, "option": "ignore"}


def text_of(*entries: Any, **more: Any) -> str:
    return json.dumps({"decisions": list(entries), **more})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1 is not JSON"),
        ("[]", 'not an object with a list "decisions"'),
        ('{"decisions": 1}', 'not an object with a list "decisions"'),
        (text_of(format_version=2), "its format is 2"),
        (text_of(format_version="1"), "its format is '1'"),
        (text_of(answers=[]), "the key answers is not known"),
        (text_of("x"), "entry 1 is not an object"),
        (text_of(ONE, {**ONE, "change_id": "b" * 16, "who_": "x"}), "entry 2: the key who_ is not known"),
        (text_of({"option": "x"}), "entry 1.*change_id"),
        (text_of({**ONE, "option": 1}), "entry 1.*option"),
        (text_of({**ONE, "params": {"value": "0"}}), "entry 1.*params"),
        (text_of({**ONE, "params": [["value", 0]]}), "entry 1.*params"),
        (text_of({**ONE, "params": [["v", "0"], ["v", "1"]]}), "a param is given twice"),
        (text_of({**ONE, "status": "acepted"}), "entry 1.*status"),
        (text_of({**ONE, "change_id": "A" * 16}), "16 hexadecimal digits"),
        (text_of({**ONE, "change_id": "a" * 12}), "16 hexadecimal digits"),
        (
            text_of(ONE, {**ONE, "option": "default", "table": "public.t"}),
            r"entry 2 \(aaaaaaaaaaaa public.t\)",
        ),
        (text_of(ONE, {**ONE, "option": "default"}), "two accepted answers"),
        (text_of({**ONE, "status": "proposed"}), "a person's answer cannot be a proposal"),
        (text_of({**ONE, "decided_by": "model"}), "counts when a person has accepted it"),
        ('{"decisions": [], "decisions": []}', "the key decisions stands there twice"),
        ('{"decisions": [{"option": "a", "option": "b"}]}', "the key option stands there twice"),
        ('{"decisions": [\n<<<<<<< HEAD\n]}', "merge conflict"),
    ],
)
def test_every_fault_is_told_with_what_to_do(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=rf"(?s)decisions-invalid.*{says}.*what to do: "):
        read_decisions(text)


def test_two_proposals_for_one_change_are_a_fault_too() -> None:
    proposal = {**ONE, "status": "proposed", "decided_by": "model"}
    assert len(read_decisions(text_of(ONE, proposal))) == 2
    with pytest.raises(UsageError, match="two proposed answers"):
        read_decisions(text_of(proposal, {**proposal, "option": "x"}))


def test_a_file_of_the_first_version_is_read() -> None:
    (one,) = read_decisions(text_of(ONE))
    assert one == Decision("a" * 16, "ignore")
    assert set(content(one)) == {field.name for field in fields(Decision)} - {"decided_at"}


@pytest.mark.parametrize(
    "answer",
    [
        Decision("0123456789abcdef", "default"),
        Decision("0123456789abcdef", "default", (("other", "0"),)),
        Decision("0123456789abcdef", "gone"),
    ],
)
def test_what_is_not_legal_any_more_is_stale_or_asked_again(answer: Decision) -> None:
    asked = change(options=(DEFAULT, IGNORE))
    with pytest.raises(StaleError, match="0123456789abcdef"):
        decide((asked,), [answer], policy())
    (again,) = decide((asked,), [answer], policy(), stale="ask")
    assert again.state == "open"


def test_other_evidence_is_told_and_not_stale() -> None:
    then, now = Evidence(rows=10, nulls=0), Evidence(rows=10, nulls=3)
    answer = Decision("0123456789abcdef", "keep", evidence_hash=evidence_hash(then))

    def changed(evidence: Evidence, record: Decision = answer) -> bool:
        (one,) = decide((change(evidence=evidence),), [record], policy(), today=TODAY.date())
        assert one.option == "keep"
        return one.evidence_changed

    assert not changed(then)
    assert changed(now)
    assert not changed(Evidence())
    assert not changed(now, replace(answer, evidence_hash=None))
    assert not changed(replace(then, keys=("1",), similarity=0.5, identity=True))


def test_what_was_not_measured_has_no_hash() -> None:
    assert evidence_hash(Evidence(similarity=1.0, identity=True)) is None
    assert evidence_hash(Evidence(rows=0)) is not None
