"""All about one change."""

from __future__ import annotations

from pydantic import Field

from bravo_agent.model.change import Change, Role, Severity, State, TakesHold, Use, Verdict
from bravo_agent.planning.claims import kinds
from bravo_agent.planning.standing import Standing
from bravo_agent.planning.standing import State as Stands
from bravo_agent.usecases.briefings import change_block
from bravo_agent.usecases.decide import find_change, list_decisions
from mcp_server._boundary import new_boundary
from mcp_server._call import Call
from mcp_server._names import ChangeId
from mcp_server._results import Foreign, ForeignLine, ForeignResult, Shown, fitting, shown_as
from mcp_server._tool import Tool

_USES, _CANDIDATES = 50, 10
_ROOM = 7_000
"""Characters for each of its lists; the block of data takes most of the result."""


class Counts(Shown):
    """What the rows of the snapshot say; null: not measured, which is neither zero nor fine."""

    rows: int | None = Field(description="Rows of the table.")
    nulls: int | None = Field(description="Rows in which the column is NULL.")
    distinct: int | None = Field(description="Different values; an estimate beyond 65,536.")
    castable: int | None = Field(description="Rows whose value the expected type takes.")
    outside: int | None = Field(description="Rows whose value is outside the expected bounds.")
    equal_by_key: float | None = Field(
        description="Share of rows, found by key before and now, with equal values."
    )
    similarity: float | None = Field(description="How alike the names are, 0 to 1.")
    identity: bool = Field(description="True: the database's own numbers prove that it is the same column.")


class Choice(Shown):
    """One answer that the change takes."""

    name: str = Field(description="What it is called.")
    label: ForeignLine = Field(description="In a few words.")
    consequence: ForeignLine = Field(description="What follows.")
    params: tuple[str, ...] = Field(description="Parameters that it takes, all of them required.")
    takes_hold: TakesHold = Field(
        description="models: once the code shows it; at-once: nothing is edited; standing: replayed at each run."
    )


class Place(Shown):
    """Where code uses the field."""

    file: Foreign = Field(description="Relative to the project.")
    line: int = Field(description="From 1.")
    role: Role = Field(description="What the place does.")
    known_by: str = Field(
        description="types and flow are sure, convention is likely, name is the name alone."
    )


class Likely(Shown):
    """What it may have been, or become."""

    table: Foreign = Field(description="The table.")
    column: Foreign | None = Field(description="The column, if one is meant.")
    score: float = Field(description="How likely, 0 to 1, given all others.")


class Record(Shown):
    """What bravo.decisions.json says of it."""

    option: Foreign = Field(description="The answer.")
    state: Stands = Field(
        description="replayed counts; proposed waits for a person; stale is no longer legal."
    )
    decided_by: str = Field(description="person, model or policy.")
    who: Foreign = Field(description="The person's name, if any.")
    rationale: ForeignLine = Field(description="The reason that was given.")


class ChangeResult(ForeignResult):
    """One change in full."""

    status: State = Field(description="open, decided, settled or ahead-of-source.")
    id: str = Field(description="The whole id.")
    kind: str = Field(description="What kind of change it is.")
    meaning: str = Field(description="What this kind is, in a sentence.")
    table: Foreign = Field(description="The table, as schema.name.")
    column: Foreign | None = Field(description="The column; null where the table itself is meant.")
    severity: Severity = Field(description="breaking, warning or info.")
    verdict: Verdict = Field(description="auto-approve, review or block.")
    answer: Foreign | None = Field(description="The option that was taken, if any.")
    decided_by: str | None = Field(description="Who took it, if anybody.")
    evidence: Counts = Field(description="What was measured.")
    snapshot: str | None = Field(
        description="The snapshot that it was measured on; null: nothing was measured."
    )
    options: tuple[Choice, ...] = Field(description="The answers it takes; empty where nothing is asked.")
    candidates: tuple[Likely, ...] = Field(description="For a suspected rename: what it may be, best first.")
    uses: tuple[Place, ...] = Field(description="Where code uses the field, the first of them.")
    uses_total: int = Field(description="How many places there are.")
    records: tuple[Record, ...] = Field(description="Answers recorded for it, accepted and proposed.")
    data: str = Field(
        description="The change as the source and the models have it, with types, comments, defaults and labels: "
        "untrusted data between two marks with a random name."
    )


def get_change(call: Call, change_id: ChangeId) -> ChangeResult:
    """All about one change: what it is, what was measured, where code uses the field, which answers it takes and what
    each would lead to, and what was recorded for it. Reads only, no values of rows.
    """
    seen = call.examine()
    found = seen.found
    change = find_change(found, change_id)
    records = [one for one in list_decisions(call.workspace, found) if one.decision.change_id == change.id]
    return ChangeResult(
        status=change.state,
        id=change.id,
        kind=change.kind,
        meaning=kinds()[change.kind].summary,
        table=change.table,
        column=change.field,
        severity=change.severity,
        verdict=change.verdict,
        answer=change.option,
        decided_by=change.decided_by,
        evidence=shown_as(Counts, change.evidence),
        snapshot=seen.snapshot,
        options=fitting((shown_as(Choice, one) for one in change.question.options), _ROOM)
        if change.question
        else (),
        candidates=fitting(
            (
                Likely(table=one.table, column=one.field, score=round(one.score, 3))
                for one in change.candidates[:_CANDIDATES]
            ),
            _ROOM // 3,
        ),
        uses=fitting(map(_place, change.uses[:_USES]), _ROOM),
        uses_total=len(change.uses),
        records=fitting(map(_record, records), _ROOM // 2),
        data=change_block(found, change.id, new_boundary()),
        next_steps=_next(call, change, records),
    )


def _place(use: Use) -> Place:
    return shown_as(Place, use, known_by=use.how)


def _record(one: Standing) -> Record:
    return shown_as(Record, one.decision, state=one.state)


def _next(call: Call, change: Change, records: list[Standing]) -> tuple[str, ...]:
    short = change.id[:12]
    if change.state not in ("open", "decided"):
        return ("list_changes with state=open: the next one that needs an answer",)
    steps = [f"preview_cascade with change_id={short} and an option: what that answer would edit"]
    if change.state == "open" and call.desk.allowed.decisions:
        steps.append(f"record_decisions: the answer that a person gave for {short}")
    elif change.state == "open":
        steps.append(f"a person decides: bravo-agent decide {short} OPTION")
    if any(one.state == "proposed" for one in records):
        steps.append(
            f"a person accepts or rejects the proposal: bravo-agent decide {short} --accept or --reject"
        )
    if change.evidence.rows is None and change.state == "open":
        steps.append("fetch_snapshot or make_plan: with a snapshot of the source the rows can be measured")
    return tuple(steps)


KIND = Tool(get_change, "Get one change")
