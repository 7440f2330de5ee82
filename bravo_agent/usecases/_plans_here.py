"""The plans of this project: .bravo/plans/HASH.json."""

from __future__ import annotations

from pathlib import Path

from bravo_agent.errors import UsageError
from bravo_agent.model.plan import Plan
from bravo_agent.planning.plan_file import damaged, read_plan, write_plan
from bravo_agent.workspace import Workspace, write_text

SHORTEST = 8
_TOLD = 5


def save_plan(workspace: Workspace, plan: Plan) -> str:
    """Writes the plan; gives the file's path relative to the project."""
    path = _folder(workspace) / f"{plan.hash}.json"
    write_text(path, write_plan(plan))
    return path.relative_to(workspace.project).as_posix()


def plans_like(workspace: Workspace, beginning: str) -> tuple[str, ...]:
    """Hashes of the plans here that begin so, sorted."""
    return tuple(
        sorted(one.stem for one in _folder(workspace).glob("*.json") if one.stem.startswith(beginning))
    )


def newest_plans(workspace: Workspace) -> tuple[str, ...]:
    """Hashes of the plans here, the one that was written last first."""
    found = [(one.stat().st_mtime_ns, one.stem) for one in _folder(workspace).glob("*.json")]
    return tuple(name for _, name in sorted(found, reverse=True))


def find_plan(workspace: Workspace, beginning: str) -> Plan:
    """The plan of that hash, or of that beginning of one; raises ``plan-unknown``, ``plan-ambiguous``."""
    if len(beginning) < SHORTEST:
        raise UsageError(
            "plan-unknown",
            f"{beginning!r} is too short: a plan is named by its hash, or by {SHORTEST} or more digits of it",
            hint=_there(workspace),
        )
    found = plans_like(workspace, beginning)
    if len(found) != 1:
        raise UsageError(
            "plan-ambiguous" if found else "plan-unknown",
            f"{beginning} is the beginning of {len(found)} plans",
            hint=f"Give more digits: {', '.join(found)}." if found else _there(workspace),
            where=beginning,
        )
    path = _folder(workspace) / f"{found[0]}.json"
    where = path.relative_to(workspace.project).as_posix()
    plan = read_plan(path.read_text(encoding="utf-8"), where=where)
    if plan.hash != path.stem:
        # What was looked at under this name is another plan, however well this one fits its own hash.
        raise damaged(where)
    return plan


def _there(workspace: Workspace) -> str:
    """What to do about an unknown plan."""
    newest = newest_plans(workspace)
    if not newest:
        return "There is no plan here yet. Make one: bravo-agent plan"
    return f"The newest here are: {', '.join(one[:12] for one in newest[:_TOLD])}."


def _folder(workspace: Workspace) -> Path:
    return workspace.private / "plans"
