"""The second interpreter of a plan: its steps read aloud, a line each, and nothing done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from bravo_agent.model.change import Change
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.model.plan import (
    AdvanceBaseline,
    CheckData,
    EditCode,
    LoadData,
    Plan,
    PlannedChange,
    Publish,
    SavePatch,
    Step,
)
from bravo_agent.planning.exit_code import BLOCKED
from bravo_agent.planning.held import held_text

_ID = 12
_NOT_WANTED = ("unmapped", "ignored")


def read_aloud(plan: Plan) -> tuple[str, ...]:
    """What the plan does, in order; then what is open and stays out, and what else is worth saying."""
    return (
        f"plan {plan.hash[:_ID]}",
        *(line for step in plan.steps for line in _lines(step)),
        *_left_out(plan),
        *(_open_line(one) for one in plan.changes if one.state == "open"),
        *(_held_line(one) for one in plan.told.changes if one.held_by),
        *(f"by hand: {one.file}:{one.line}: {one.why}" for one in plan.told.manual),
        *(f"ends: {line}" for line in plan.told.ends),
        *_masked(plan),
        *(f"note: {note}" for note in plan.told.notes),
        *(["blocked: nothing would be published"] if plan.exit_code == BLOCKED else []),
    )


def stale_when(plan: Plan) -> tuple[str, ...]:
    """What would make the plan stale, and what would not."""
    inputs = plan.inputs
    at = f"is at version {inputs.current}" if inputs.current else "is empty"
    lines = [
        f"stale when anything it was made from changes: bravo.toml, bravo.decisions.json "
        f"({_answers(len(inputs.decisions))}), bravo.catalog.json, the models "
        f"({', '.join(file for file, _ in inputs.models) or 'none'}), the files it edits, the masking key"
        + (
            f", the functions in {', '.join(name for name, _ in inputs.functions)}"
            if inputs.functions
            else ""
        ),
        f"stale when another version is published: {inputs.database} {at}",
    ]
    if inputs.snapshot:
        lines.append(
            f"not stale by new rows in production: it loads snapshot {inputs.snapshot}, which has to stay here"
        )
    return tuple(lines)


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count} answers"


def _lines(step: Step) -> Iterator[str]:
    match step:
        case EditCode():
            yield from (f"edit {edit.file}" for edit in step.patch.edits)
        case SavePatch():
            why = f": uncommitted changes in {', '.join(step.not_clean)}" if step.not_clean else ""
            yield f"write {step.file}, and edit nothing{why}"
            yield from (f"in the patch: {edit.file}" for edit in step.patch.edits)
        case AdvanceBaseline():
            yield f"advance the baseline to {step.after[:_ID]}"
        case LoadData():
            yield from _load_lines(step)
        case CheckData():
            yield f"check: {', '.join(step.checks)}"
        case Publish():
            yield f"publish {step.database}" + (f", in place of version {step.before}" if step.before else "")
        case _:
            assert_never(step)


def _load_lines(step: LoadData) -> Iterator[str]:
    rows = dict(step.rows)
    if step.snapshot:
        yield f"load snapshot {step.snapshot}, {step.refresh}, {sum(rows.values()):,} rows"
    for one in step.mapping.entities:
        count = f": {rows[one.table]:,} rows" if one.table in rows else ""
        yield f"load {one.table} into {step.database}.{one.collection}{count}"


def _left_out(plan: Plan) -> Iterator[str]:
    for one in plan.load.mapping.entities if plan.load else ():
        yield from _columns_out(one)


def _columns_out(mapping: EntityMapping) -> Iterator[str]:
    for column, why in mapping.left_out:
        if why not in _NOT_WANTED:
            yield f"stays out: {mapping.table}.{column}, until change {why[:_ID]} is settled"


def _masked(plan: Plan) -> Iterator[str]:
    if plan.masked:
        more = f", not classified yet: {', '.join(plan.unclassified)}" if plan.unclassified else ""
        yield f"masked: {len(plan.masked)} columns{more}"


def _open_line(change: PlannedChange) -> str:
    what = "blocks" if change.verdict == "block" else "open"
    return f"{what}: {change.kind} {_place(change)}: bravo-agent decide {change.id[:_ID]}"


def _held_line(change: Change) -> str:
    return f"blocks: {change.kind} {_place(change)}: {held_text(change)}"


def _place(change: PlannedChange | Change) -> str:
    return f"{change.table}.{change.field}" if change.field else change.table
