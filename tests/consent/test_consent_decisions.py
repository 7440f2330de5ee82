"""Decisions through MCP: only what a person confirmed counts, and everything else leaves the change undecided."""

from __future__ import annotations

import shlex

import pytest
from consent_scene import (
    BOTH,
    CANCEL,
    DECLINE,
    MODES,
    NO,
    Person,
    call,
    changes,
    decisions,
    play,
    serve,
    told,
)
from mcp import Client, MCPError
from mcp.types import ElicitResult, InputRequiredResult
from runs_scene import Scene


@pytest.fixture
def drifted(scene: Scene) -> Scene:
    """A required column and a rename: both ask."""
    scene.drift(2, 3)
    return scene


def answers(scene: Scene) -> list[dict[str, object]]:
    found = changes(scene)
    return [
        {"change_id": found["renamed_field"].id, "option": "rename", "rationale": "same values"},
        {"change_id": found["new_field"].id[:12], "option": "default", "params": {"value": "0.00"}},
    ]


def states(scene: Scene) -> set[str]:
    return {one.state for one in changes(scene).values()}


@pytest.mark.parametrize("mode", MODES)
def test_what_a_person_confirmed_counts(drifted: Scene, mode: str) -> None:
    person = Person()
    given = answers(drifted)
    server = serve(drifted)
    done = call(server, "record_decisions", mode=mode, person=person, answers=given)
    assert done["status"] == "recorded"
    assert {one["command"] for one in done["answers"]} == {None}
    assert states(drifted) == {"decided"}
    recorded = decisions(drifted)
    assert {(one.decided_by, one.via, one.status, one.who) for one in recorded} == {
        ("person", "elicitation", "accepted", "tester")
    }
    (question,) = person.asked
    assert all(f"change {one['change_id']}: {one['option']}" in question for one in given)
    assert "value = 0.00" in question
    again = call(server, "record_decisions", mode=mode, person=person, answers=given)
    assert again == done
    assert (len(person.asked), decisions(drifted)) == (1, recorded)


@pytest.mark.parametrize("mode", BOTH)
@pytest.mark.parametrize("says", [DECLINE, NO])
def test_a_no_is_no_answer(drifted: Scene, mode: str, says: str) -> None:
    person = Person(says)
    done = call(serve(drifted), "record_decisions", mode=mode, person=person, answers=answers(drifted))
    assert done["status"] == "declined"
    assert {one["status"] for one in done["answers"]} == {"left"}
    assert (len(person.asked), decisions(drifted), states(drifted)) == (1, (), {"open"})


@pytest.mark.parametrize("mode", BOTH)
@pytest.mark.parametrize("person", [None, Person(CANCEL)], ids=["no elicitation", "cancel"])
def test_without_a_person_it_is_proposed(drifted: Scene, mode: str, person: Person | None) -> None:
    done = call(serve(drifted), "record_decisions", mode=mode, person=person, answers=answers(drifted))
    assert done["status"] == "needs_confirmation"
    assert states(drifted) == {"open"}
    assert {(one.decided_by, one.via, one.status, one.who) for one in decisions(drifted)} == {
        ("model", "mcp", "proposed", "")
    }
    for one in done["answers"]:
        program, *words = shlex.split(one["command"])
        assert program == "bravo-agent"
        drifted.json(*words)
    assert states(drifted) == {"decided"}
    accepted = decisions(drifted)
    assert {(one.decided_by, one.via, one.status, one.who) for one in accepted} == {
        ("person", "cli", "accepted", "tester")
    }
    assert {one.model for one in accepted} == {"mcp"}  # the name that the client gives of itself


def test_a_text_is_never_shown_and_never_accepted_here(drifted: Scene) -> None:
    text = "daily_budget_amount * bid_multiplier"
    found = changes(drifted)
    given = [
        {"change_id": found["new_field"].id, "option": "calculate", "params": {"expression": text}},
        {"change_id": found["renamed_field"].id, "option": "rename", "rationale": "SAY YES TO ALL"},
    ]
    person = Person()
    done = call(serve(drifted), "record_decisions", person=person, answers=given)
    assert done["status"] == "needs_confirmation"
    assert [one["status"] for one in done["answers"]] == ["proposed", "accepted"]
    assert all(word not in person.asked[0] for word in (text, "bid_multiplier", "SAY YES", "daily_budget"))
    alone = call(serve(drifted), "record_decisions", person=person, answers=given[:1])
    assert (alone["status"], len(person.asked)) == ("needs_confirmation", 1)
    assert changes(drifted)["new_field"].state == "open"


@pytest.mark.parametrize(
    ("option", "params", "code"),
    [
        ("rename", {}, "option-unknown"),
        ("default", {}, "option-params"),
        ("default", {"value": "much"}, "param-invalid"),
        ("default", {"value": "1", "more": "2"}, "option-params"),
        ("custom", {"function": "os:system"}, "answer-needs-draft"),
    ],
)
def test_an_illegal_answer_is_neither_asked_nor_recorded(
    drifted: Scene, option: str, params: dict[str, str], code: str
) -> None:
    person = Person()
    good, bad = answers(drifted)
    given = [good, {**bad, "option": option, "params": params}]
    done = call(serve(drifted), "record_decisions", person=person, answers=given)
    assert (done["status"], done["code"]) == ("error", code)
    assert (person.asked, decisions(drifted)) == ([], ())
    twice = call(serve(drifted), "record_decisions", person=person, answers=[good, good])
    assert (twice["code"], person.asked) == ("answer-twice", [])


@pytest.mark.parametrize("mode", BOTH)
def test_what_happens_while_a_person_thinks(drifted: Scene, mode: str) -> None:
    """The change is gone by the time they say yes: nothing is recorded."""
    back = "alter table campaigns rename column daily_budget_amount to daily_budget"
    person = Person(before=lambda: drifted.sql(back))
    done = call(serve(drifted), "record_decisions", mode=mode, person=person, answers=answers(drifted))
    assert (done["status"], done["code"], len(person.asked)) == ("error", "change-unknown", 1)
    assert decisions(drifted) == ()


def test_without_the_flag_it_is_not_there(drifted: Scene) -> None:
    server, person = serve(drifted, allow_decisions=False), Person()
    for mode in MODES:
        listed = play(server, lambda client: client.list_tools(), mode=mode)
        names = {one.name for one in listed.tools}
        assert not names & {"record_decisions", "draft_transform", "approve_transform"}
        refused = call(server, "record_decisions", mode=mode, person=person, answers=answers(drifted))
        assert (refused["code"], person.asked, decisions(drifted)) == ("not-allowed", [], ())
        assert "--allow-decisions" in refused["message"]


def test_an_answer_counts_once(drifted: Scene) -> None:
    """The same answer sent again, after a person decided otherwise, is no answer: it is asked anew."""
    server, given = serve(drifted), {"answers": answers(drifted)[1:]}

    async def work(client: Client) -> None:
        session = client.session
        asked = await session.call_tool("record_decisions", given, allow_input_required=True)
        assert isinstance(asked, InputRequiredResult)
        assert asked.input_requests
        yes = {key: ElicitResult(action="accept", content={"confirm": True}) for key in asked.input_requests}
        state = asked.request_state
        sent = {"input_responses": yes, "request_state": state, "allow_input_required": True}
        done = await session.call_tool("record_decisions", given, **sent)  # type: ignore[call-overload]
        assert told(done)["status"] == "recorded"
        again = await session.call_tool("record_decisions", given, **sent)  # type: ignore[call-overload]
        assert told(again)["status"] == "recorded"
        drifted.json("decide", changes(drifted)["new_field"].id, "make-optional")
        late = await session.call_tool("record_decisions", given, **sent)  # type: ignore[call-overload]
        assert isinstance(late, InputRequiredResult)

    play(server, work, person=Person())
    assert changes(drifted)["new_field"].option == "make-optional"


def test_an_answer_belongs_to_its_question_and_its_server(drifted: Scene) -> None:
    """Other arguments, or a server that was started anew: refused, and a new call asks anew."""
    one, other = ({"answers": [answer]} for answer in answers(drifted))

    async def ask(client: Client) -> InputRequiredResult:
        asked = await client.session.call_tool("record_decisions", one, allow_input_required=True)
        assert isinstance(asked, InputRequiredResult)
        return asked

    async def answer(client: Client, asked: InputRequiredResult, arguments: dict[str, object]) -> None:
        yes = {
            key: ElicitResult(action="accept", content={"confirm": True})
            for key in asked.input_requests or ()
        }
        with pytest.raises(MCPError, match="requestState"):
            await client.session.call_tool(
                "record_decisions",
                arguments,
                input_responses=yes,
                request_state=asked.request_state,
                allow_input_required=True,
            )

    server = serve(drifted)
    asked = play(server, ask, person=Person())
    play(server, lambda client: answer(client, asked, other), person=Person())
    play(serve(drifted), lambda client: answer(client, asked, one), person=Person())
    assert decisions(drifted) == ()
    person = Person()
    assert call(serve(drifted), "record_decisions", person=person, **one)["status"] == "recorded"
    assert len(person.asked) == 1


@pytest.mark.parametrize("content", [None, {}, {"confirm": "yes"}, {"confirm": 1}, {"confirm": None}])
@pytest.mark.parametrize("mode", BOTH)
def test_a_form_that_does_not_say_yes(drifted: Scene, mode: str, content: dict[str, object] | None) -> None:
    class Odd(Person):
        async def __call__(self, context: object, params: object) -> ElicitResult:
            return ElicitResult(action="accept", content=content)  # type: ignore[arg-type]

    async def work(client: Client) -> bool:
        given = {"answers": answers(drifted)}
        try:
            return bool((await client.call_tool("record_decisions", given)).is_error)
        except MCPError:
            return True

    assert play(serve(drifted), work, mode=mode, person=Odd())
    assert decisions(drifted) == ()


@pytest.mark.parametrize("mode", BOTH)
def test_a_function_is_drafted_then_approved(scene: Scene, mode: str) -> None:
    scene.drift(5)
    change = changes(scene)["type_widened"]
    server, person = serve(scene), Person()
    code = "def transform(value):\n    return 0 if value is None else max(0, min(int(value), 2147483647))\n"
    refused = call(
        server, "draft_transform", mode=mode, change_id=change.id, code="import os\n" + code, rationale="x"
    )
    assert (refused["status"], refused["sha256"]) == ("refused", None)
    assert "os" in refused["faults"][0]
    assert decisions(scene) == ()
    drafted = call(server, "draft_transform", mode=mode, person=person, change_id=change.id, code=code)
    assert (drafted["status"], drafted["faults"], person.asked) == ("proposed", [], [])
    assert (scene.project / drafted["draft"]).read_text() == code
    approve = {"change_id": change.id, "sha256": drafted["sha256"]}
    other = call(server, "approve_transform", mode=mode, person=person, change_id=change.id, sha256="0" * 64)
    assert (other["code"], person.asked) == ("proposal-none", [])
    for says, status in ((DECLINE, "declined"), (CANCEL, "needs_confirmation")):
        left = call(server, "approve_transform", mode=mode, person=Person(says), **approve)
        assert left["status"] == status
        assert not (scene.project / drafted["file"]).exists()
    assert call(server, "approve_transform", mode=mode, **approve)["status"] == "needs_confirmation"
    done = call(server, "approve_transform", mode=mode, person=person, **approve)
    assert (done["status"], done["file"]) == ("approved", drafted["file"])
    assert (scene.project / drafted["file"]).read_text() == code
    assert drafted["sha256"] in person.asked[0]
    (record,) = decisions(scene)
    assert (record.decided_by, record.via, record.who, record.model) == (
        "person",
        "elicitation",
        "tester",
        "mcp",
    )
    assert call(server, "approve_transform", mode=mode, person=person, **approve)["status"] == "approved"
    assert call(server, "draft_transform", mode=mode, change_id=change.id, code=code)["status"] == "approved"
    assert (len(person.asked), decisions(scene)) == (1, (record,))
