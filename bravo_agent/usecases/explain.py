"""What a run would do, without doing it: the same plan, read out instead of carried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from bravo_agent import wire
from bravo_agent.checks import kinds
from bravo_agent.model.plan import AdvanceBaseline, CheckData, EditCode, LoadData, Plan, Publish, Step
from bravo_agent.model.version import Refresh
from bravo_agent.planning.exit_code import BLOCKED
from bravo_agent.planning.fingerprint import structure_fingerprint
from bravo_agent.usecases._plan import plan_hash
from bravo_agent.usecases.cascade import Cascade, make_cascade
from bravo_agent.usecases.detect import detect, load_mapping, source_catalog
from bravo_agent.usecases.run import database_for
from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class Explanation:
    """The plan and its reading, a line a step."""

    plan: Plan
    lines: tuple[str, ...]
    exit_code: int


def explain(
    workspace: Workspace,
    *,
    source: str = "direct",
    snapshot: str = "latest",
    database: str | None = None,
    refresh: Refresh = "full",
) -> Explanation:
    """The plan of a run from the source as it is now; writes the change report and nothing else."""
    found = detect(workspace, source_catalog(workspace, source, snapshot))
    cascade = make_cascade(workspace, found)
    mapping = load_mapping(workspace, cascade.after)
    open_changes = [change for change in found.changes if change.state == "open"]
    steps: tuple[Step, ...] = ()
    if found.exit_code != BLOCKED:
        steps = (
            *_code_steps(cascade),
            LoadData(database_for(workspace, database, refresh), snapshot, refresh, mapping.mapping),
            CheckData(tuple(kinds())),
            Publish(database_for(workspace, database, refresh)),
        )
    plan = Plan(
        plan_hash(workspace, cascade.after, mapping.mapping),
        steps,
        tuple(change.id for change in open_changes),
        tuple(change.id for change in open_changes if change.verdict == "block"),
    )
    lines = [f"plan {plan.hash[:12]}", *(line for step in steps for line in _lines(step))]
    lines += [
        f"open: {change.kind} {change.table}.{change.field or ''} {change.id[:12]}" for change in open_changes
    ]
    if plan.blocked_changes:
        lines.append("blocked: nothing would be published")
    return Explanation(plan, tuple(lines), found.exit_code)


def _code_steps(cascade: Cascade) -> tuple[Step, ...]:
    after = cascade.after
    before, then = structure_fingerprint(after.baseline), structure_fingerprint(after.next_baseline)
    steps: list[Step] = []
    if cascade.patch.edits:
        old = wire.fingerprint([edit.before for edit in cascade.patch.edits])
        new = wire.fingerprint([edit.after for edit in cascade.patch.edits])
        steps.append(EditCode(cascade.patch, old, new))
    if before != then:
        steps.append(AdvanceBaseline(before, then))
    return tuple(steps)


def _lines(step: Step) -> list[str]:
    match step:
        case EditCode():
            return [f"edit {edit.file}" for edit in step.patch.edits]
        case AdvanceBaseline():
            return [f"advance the baseline to {step.after[:12]}"]
        case LoadData():
            return [
                f"load {one.table} into {step.database}.{one.collection}" for one in step.mapping.entities
            ]
        case CheckData():
            return [f"check: {', '.join(step.checks)}"]
        case Publish():
            return [f"publish {step.database}"]
        case _:
            assert_never(step)
