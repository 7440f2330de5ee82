"""The plans of this project, each with how it stands to what is there now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bravo_agent.errors import BravoError
from bravo_agent.model.inputs import Drifted
from bravo_agent.model.plan import Plan
from bravo_agent.planning.read_aloud import read_aloud
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.usecases._inputs import GONE, content_of
from bravo_agent.usecases._plan_drift import compared
from bravo_agent.usecases._plans_here import find_plan, newest_plans
from bravo_agent.workspace import Workspace

State = Literal["as it was made", "stale", "applied", "not known"]


@dataclass(frozen=True)
class PlanStanding:
    """``lines`` are the plan read aloud; ``note`` says as which version it was applied, or why nothing is known."""

    hash: str
    state: State
    lines: tuple[str, ...]
    drifted: tuple[Drifted, ...] = ()
    note: str = ""


def list_plans(workspace: Workspace, *, count: int = 5) -> tuple[PlanStanding, ...]:
    """The ``count`` newest, the newest first. Writes nothing.

    The files of a plan's snapshot are not read for it: `apply` does, and works the plan out anew before it begins.
    """
    return tuple(_standings(workspace, newest_plans(workspace)[:count]))


def _standings(workspace: Workspace, names: Iterable[str]) -> Iterator[PlanStanding]:
    away: dict[str, str] = {}
    for name in names:
        lines: tuple[str, ...] = ()
        try:
            plan = find_plan(workspace, name)
            lines, database = read_aloud(plan), plan.inputs.database
            # A server that does not answer is waited for once.
            if database not in away:
                yield _held_against(workspace, plan, lines)
                continue
            note = away[database]
        except BravoError as error:
            note = f"[{error.code}] {error.message}"
            if lines:
                away[database] = note
        yield PlanStanding(name, "not known", lines, note=note)


def _held_against(workspace: Workspace, plan: Plan, lines: tuple[str, ...]) -> PlanStanding:
    with workspace.target(plan.inputs.database) as target:
        record = target.plan_record(plan.hash)
        if record is not None and record.state == "applied":
            note = f"as version {record.version}" if record.version else ""
            return PlanStanding(plan.hash, "applied", lines, note=note)
        folder = workspace.snapshots().path / plan.inputs.snapshot
        there = (folder / "manifest.json").is_file()
        snapshot = SnapshotReader(folder).snapshot if there else None
        content = content_of(snapshot) if snapshot else GONE
        found = compared(workspace, target, plan, snapshot.catalog if snapshot else None, content)
    return PlanStanding(plan.hash, "stale" if found.drifted else "as it was made", lines, found.drifted)
