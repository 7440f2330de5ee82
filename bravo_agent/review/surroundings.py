"""What stands beside the changes: plans, and the versions and runs of the target, as far as they can be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from bravo_agent.errors import BravoError
from bravo_agent.model.version import Version
from bravo_agent.review.page import PlanCard, RunLine, VersionLine
from bravo_agent.usecases.plans import PlanStanding, list_plans
from bravo_agent.usecases.runs import list_runs
from bravo_agent.usecases.versions import list_versions
from bravo_agent.workspace import Workspace

T = TypeVar("T")
_SHOWN = 10


@dataclass(frozen=True)
class Surroundings:
    """See `Page`."""

    plans: tuple[PlanCard, ...] = ()
    plans_note: str = ""
    database: str = ""
    versions: tuple[VersionLine, ...] = ()
    runs: tuple[RunLine, ...] = ()
    database_note: str = ""


def look_around(workspace: Workspace, database: str | None = None) -> Surroundings:
    """Plans, versions and runs; a project without a target is reviewed too, and says so."""
    plans, plans_note = _or_why(lambda: list_plans(workspace))
    versions, note = _or_why(lambda: list_versions(workspace, database=database))
    runs, runs_note = _or_why(lambda: list_runs(workspace, database=database)) if not note else ((), "")
    return Surroundings(
        tuple(_plan(one) for one in plans),
        plans_note or ("" if plans else "There is no plan here yet: bravo-agent plan"),
        database or workspace.config.target.database,
        tuple(_version(one) for one in versions[:_SHOWN]),
        tuple(_run(one) for one in runs[:_SHOWN]),
        note or runs_note or ("" if versions else "No version yet: bravo-agent run"),
    )


def _or_why(look: Callable[[], tuple[T, ...]]) -> tuple[tuple[T, ...], str]:
    """What there is, or a sentence on why it cannot be seen."""
    try:
        return look(), ""
    except BravoError as error:
        return (), f"[{error.code}] {error.message}. {error.hint}"


def _plan(one: PlanStanding) -> PlanCard:
    return PlanCard(one.hash, one.state, one.lines, tuple(drift.line for drift in one.drifted), one.note)


def _version(one: Version) -> VersionLine:
    return VersionLine(
        one.id,
        "current" if one.current else one.state,
        one.refresh,
        one.snapshot,
        sum(found.documents for found in one.collections),
        one.verified,
        one.created_by,
        one.created_at,
        one.plan_hash[:12],
    )


def _run(one: Mapping[str, Any]) -> RunLine:
    metrics = one.get("metrics") or {}
    checks = (one.get("checks") or {}).values()
    seconds, memory = metrics.get("seconds") or {}, metrics.get("peak_memory")
    rate = metrics.get("rows_per_second")
    way = f"{one['from']} -> {one['to']}" if "from" in one and "to" in one else ""
    return RunLine(
        what=" ".join(str(text) for text in (one.get("what"), one.get("refresh")) if text),
        outcome=str(one.get("outcome") or ""),
        version=way or str(one.get("version") or ""),
        who=str(one.get("who") or ""),
        at=str(one.get("started_at") or ""),
        seconds=f"{sum(seconds.values()):.1f} s" if seconds else "",
        rate=f"{rate:,.0f} rows/s" if rate else "",
        memory=f"{memory / 2**20:.0f} MB" if memory else "",
        checks=f"{sum(passed for passed, _ in checks)} of {sum(map(sum, checks))}" if checks else "",
    )
