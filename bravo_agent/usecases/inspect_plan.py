"""A plan read out, with what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bravo_agent.errors import BravoError, UsageError
from bravo_agent.model.plan import Plan
from bravo_agent.planning.exit_code import BLOCKED
from bravo_agent.planning.read_aloud import read_aloud, stale_when
from bravo_agent.usecases._plans_here import find_plan, newest_plans
from bravo_agent.workspace import Workspace

PlanStanding = Literal["ready", "blocked", "running", "interrupted", "applied", "failed", "unknown"]


@dataclass(frozen=True)
class PlanView:
    """``lines`` say what it does, ``stale`` what would make it stale. ``standing`` is as the target's journal has it.

    ``ready``: nobody began it; ``interrupted``: whoever began it is gone, the same plan again goes on or says what
    became of it; ``unknown``: the journal cannot be asked. ``version``: what it made, or is making.
    """

    plan: Plan
    lines: tuple[str, ...]
    stale: tuple[str, ...]
    standing: PlanStanding
    version: str | None = None


def inspect_plan(workspace: Workspace, plan: str = "latest") -> PlanView:
    """The plan of that hash (or of its beginning), or the newest here; nothing but its file and the journal is read.

    Raises ``plan-unknown``, ``plan-ambiguous``.
    """
    found = find_plan(workspace, _newest(workspace) if plan == "latest" else plan)
    standing, version = _standing(workspace, found)
    return PlanView(found, read_aloud(found), stale_when(found), standing, version)


def known_plans(workspace: Workspace) -> tuple[str, ...]:
    """Hashes of the plans here, the newest first."""
    return newest_plans(workspace)


def _newest(workspace: Workspace) -> str:
    known = newest_plans(workspace)
    if not known:
        raise UsageError(
            "plan-unknown", "there is no plan here yet", hint="Make one: bravo-agent plan (or make_plan)."
        )
    return known[0]


def _standing(workspace: Workspace, plan: Plan) -> tuple[PlanStanding, str | None]:
    if plan.exit_code == BLOCKED:
        return "blocked", None
    try:
        with workspace.target(plan.inputs.database) as target:
            record = target.plan_record(plan.hash)
            if record is not None and target.broken_off(record):
                return "interrupted", record.version
    except BravoError:
        return "unknown", None
    return (record.state, record.version) if record else ("ready", None)
