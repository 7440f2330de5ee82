"""What changed at the source that the models do not show."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bravo_agent.errors import UsageError
from bravo_agent.model.change import Change, Severity, State, Verdict
from bravo_agent.usecases.detect import Detection
from mcp_server._call import Call
from mcp_server._results import LIMIT, Cursor, Foreign, Limit, PagedResult, Shown, page_of, shown_as
from mcp_server._tool import Tool

_ORDER = {"block": 0, "review": 1, "auto-approve": 2}


class ChangeLine(Shown):
    """One change, in short."""

    id: str = Field(description="What every other tool names it by.")
    kind: str = Field(description="What kind of change it is.")
    table: Foreign = Field(description="The table, as schema.name.")
    column: Foreign | None = Field(description="The column; null where the table itself is meant.")
    severity: Severity = Field(description="Whom it hurts: breaking, warning or info.")
    verdict: Verdict = Field(description="auto-approve, review, or block: while it is open no run publishes.")
    state: State = Field(
        description="open: somebody has to decide; decided: an answer stands; settled: the models show it; "
        "ahead-of-source: the models have what the source has not yet."
    )
    answer: Foreign | None = Field(description="The option that was taken, if any.")
    options: tuple[str, ...] = Field(description="The options it takes; get_change tells their consequences.")
    uses: int = Field(description="Places in the code that use the field.")


class ChangesResult(PagedResult):
    """A page of changes: blocking ones first."""

    status: Literal["changes", "no-changes"] = Field(
        description="no-changes: nothing matches what was asked for."
    )
    changes: tuple[ChangeLine, ...] = Field(description="The changes of this page.")


def list_changes(
    call: Call,
    state: Annotated[State | None, Field(description="Only changes of this state.")] = None,
    verdict: Annotated[Verdict | None, Field(description="Only changes of this verdict.")] = None,
    table: Annotated[
        str | None, Field(max_length=200, description="Only changes of this table, as schema.name.")
    ] = None,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> ChangesResult:
    """What changed at the source that the application's models do not show, each change with its state, verdict and
    the answers it takes. Blocking changes come first. Reads only. get_change tells all about one of them.
    """
    found = call.found()
    _check_table(found, table)
    matching = [
        change
        for change in found.changes
        if state in (None, change.state)
        and verdict in (None, change.verdict)
        and table in (None, change.table)
    ]
    matching.sort(key=lambda one: (one.state != "open", _ORDER[one.verdict]))
    page = page_of(matching, _line, key=lambda one: one.id, cursor=cursor, limit=limit)
    return ChangesResult(
        status="changes" if matching else "no-changes",
        changes=page.items,
        total=page.total,
        limit=page.limit,
        next_cursor=page.next_cursor,
        next_steps=_next(matching, page.next_cursor),
    )


def _check_table(found: Detection, table: str | None) -> None:
    known = {one.table for one in found.changes}
    known |= {one.key for catalog in (found.source, found.baseline) for one in catalog.tables}
    if table is not None and table not in known:
        raise UsageError(
            "table-unknown",
            "neither the source nor the baseline has that table",
            hint="Name it as schema.name, as list_changes without table shows it.",
        )


def _line(change: Change) -> ChangeLine:
    options = tuple(option.name for option in change.question.options) if change.question else ()
    others = {"column": change.field, "answer": change.option, "options": options, "uses": len(change.uses)}
    return shown_as(ChangeLine, change, **others)


def _next(matching: list[Change], next_cursor: str | None) -> tuple[str, ...]:
    steps = ["list_changes with cursor: the next page"] if next_cursor else []
    if any(change.state == "open" for change in matching):
        steps.append("get_change with the id of an open change: its evidence, uses and options")
    elif matching:
        steps.append("preview_cascade: what the decided changes do to the code")
    else:
        steps.append("make_plan: work out what a run would do")
    return tuple(steps)


KIND = Tool(list_changes, "List changes")
