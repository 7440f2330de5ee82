"""Answers to changes' questions: a person's where a person confirms them, else proposals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bravo_agent.errors import UsageError
from bravo_agent.model.change import Change, Decision
from bravo_agent.planning.untrusted import visible
from bravo_agent.usecases.decide import check_answer, record_decision
from mcp_server._answers import accept_command, decide_command, plain
from mcp_server._call import Call
from mcp_server._names import ChangeId
from mcp_server._results import Result, Shown
from mcp_server._tool import Tool
from mcp_server.consent import Consent

_REASON = 600
_VALUE = 500


class Answer(BaseModel):
    """One answer to one change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    change_id: ChangeId
    option: Annotated[
        str, Field(pattern="^[a-z][a-z-]{1,30}$", description="One of the options that get_change names.")
    ]
    params: dict[str, Annotated[str, Field(max_length=_VALUE)]] = Field(
        default_factory=dict,
        description="The parameters of the option, each as text; none where it takes none.",
    )
    rationale: Annotated[str, Field(max_length=_REASON)] = Field(
        default="", description="Why, in a sentence or two; kept with the answer."
    )


class Recorded(Shown):
    """What became of one answer."""

    change_id: str = Field(description="The change's whole id.")
    option: str = Field(description="The answer.")
    status: Literal["accepted", "proposed", "left"] = Field(
        description="accepted: it counts; proposed: it waits for a person; left: nothing was written."
    )
    decided_by: str | None = Field(description="person or model; null where nothing was written.")
    via: str | None = Field(description="How it came; null where nothing was written.")
    command: str | None = Field(description="What a person runs to give this answer; null where it counts.")


class RecordResult(Result):
    """All answers of the call, in their order."""

    status: Literal["recorded", "needs_confirmation", "declined"] = Field(
        description="recorded: all of them count; needs_confirmation: those that are proposed wait for a person, who "
        "runs the command; declined: a person said no, and the changes stay undecided."
    )
    answers: tuple[Recorded, ...] = Field(description="One for each answer.")


def record_decisions(
    call: Call,
    answers: Annotated[
        list[Answer], Field(min_length=1, max_length=20, description="Answers that belong together.")
    ],
) -> RecordResult:
    """Records answers to changes in bravo.decisions.json. The person at the client is asked to confirm them; only what
    they confirm counts. Where nobody can be asked, or a parameter is a text, an answer is recorded as a proposal, which
    counts for nothing until a person accepts it. One answer that is not legal, and none is recorded. Functions are
    answered by draft_transform and approve_transform. The same answers again change nothing.
    """
    found = call.found()
    changes = _checked(call, answers)
    if call.consent == "declined":
        done = tuple(_left(change, answer) for change, answer in zip(changes, answers, strict=True))
        return RecordResult(status="declined", answers=done, next_steps=(_DECLINED,))
    standing = {one.change_id: one for one in call.workspace.decisions() if one.status == "accepted"}
    recorded = []
    for change, answer in zip(changes, answers, strict=True):
        same = _same(standing.get(change.id), answer)
        if same is None:
            confirmed = call.consent == "given" and plain(answer.params)
            same = record_decision(
                call.workspace,
                found,
                change.id,
                answer.option,
                params=answer.params,
                rationale=visible(answer.rationale, _REASON),
                via="elicitation" if confirmed else "mcp",
                decided_by="person" if confirmed else "model",
                model=call.client,
                status="accepted" if confirmed else "proposed",
            )
        recorded.append(_recorded(same))
    waits = any(one.status == "proposed" for one in recorded)
    return RecordResult(
        status="needs_confirmation" if waits else "recorded",
        answers=tuple(recorded),
        next_steps=_next(call.consent, recorded),
    )


def question(call: Call, answers: Sequence[Answer]) -> str | None:
    """What a person is asked: never about an answer that could not be recorded, nor about a text."""
    changes = _checked(call, answers)
    standing = {one.change_id: one for one in call.workspace.decisions() if one.status == "accepted"}
    asked = [one for one in answers if plain(one.params)]
    if not any(
        _same(standing.get(change.id), answer) is None and plain(answer.params)
        for change, answer in zip(changes, answers, strict=True)
    ):
        return None
    lines = [
        f"{number}. change {one.change_id}: {one.option}{_with(one)}" for number, one in enumerate(asked, 1)
    ]
    more = len(answers) - len(asked)
    return "\n".join(
        [
            f"Record {len(asked)} of {len(answers)} answers to schema changes as decided by you?",
            *lines,
            *(
                [f"{more} of them hold a text, which is not shown here: they become proposals."]
                if more
                else []
            ),
            "To see a change and what an answer leads to: bravo-agent decide CHANGE",
        ]
    )


_DECLINED = "the person said no: leave the changes open, and ask in the conversation what they want instead"


def _with(answer: Answer) -> str:
    return "".join(f", {name} = {value}" for name, value in sorted(answer.params.items()))


def _checked(call: Call, answers: Sequence[Answer]) -> list[Change]:
    """The change of each answer, all of them legal; raises for the first that is not."""
    found = call.found()
    changes: list[Change] = []
    for answer in answers:
        change = check_answer(found, answer.change_id, answer.option, answer.params, answer.rationale)
        if "function" in answer.params:
            raise UsageError(
                "answer-needs-draft",
                f"{answer.option} names a function, and that takes code that a person has read",
                hint="draft_transform checks the code, approve_transform asks a person; or a person runs: "
                "bravo-agent decide CHANGE custom --param function=MODULE:FUNCTION.",
                where=change.id[:12],
            )
        if any(change.id == other.id for other in changes):
            raise UsageError(
                "answer-twice",
                f"change {change.id[:12]} is answered twice in one call",
                hint="Give one answer for each change.",
                where=change.id[:12],
            )
        changes.append(change)
    return changes


def _same(standing: Decision | None, answer: Answer) -> Decision | None:
    said = (answer.option, tuple(sorted(answer.params.items())))
    return standing if standing and (standing.option, standing.params) == said else None


def _recorded(one: Decision) -> Recorded:
    return Recorded(
        change_id=one.change_id,
        option=one.option,
        status=one.status,
        decided_by=one.decided_by,
        via=one.via,
        command=accept_command(one) if one.status == "proposed" else None,
    )


def _left(change: Change, answer: Answer) -> Recorded:
    return Recorded(
        change_id=change.id,
        option=answer.option,
        status="left",
        decided_by=None,
        via=None,
        command=decide_command(change.id, answer.option, answer.params),
    )


def _next(consent: Consent, recorded: Sequence[Recorded]) -> tuple[str, ...]:
    waiting = [one.command for one in recorded if one.command]
    if not waiting:
        return ("preview_cascade: what the decided changes do to the code", "make_plan: work out the run")
    why = {
        "unavailable": "this client cannot ask a person",
        "cancelled": "nobody answered the question",
    }.get(consent, "a text is shown to a person at their terminal alone")
    return (f"{why}; a person reads and accepts each proposal:", *waiting)


KIND = Tool(
    record_decisions,
    "Record decisions",
    needs="decisions",
    reads=False,
    person=True,
    asks=question,
)
