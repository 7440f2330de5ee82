"""What stands beside the changes: plans, and the versions and runs of the target, as far as they can be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bravo_agent.errors import BravoError
from bravo_agent.model.version import Version
from bravo_agent.review.page import RunLine, VersionLine
from bravo_agent.usecases.plans import PlanStanding, list_plans
from bravo_agent.usecases.runs import PastRun, list_runs
from bravo_agent.usecases.versions import list_versions
from bravo_agent.workspace import Workspace

T = TypeVar("T")
_SHOWN = 10


@dataclass(frozen=True)
class Surroundings:
    """See `Page`."""

    plans: tuple[PlanStanding, ...] = ()
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
        plans,
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


def _run(one: PastRun) -> RunLine:
    passed, failed = sum(counts[1] for counts in one.checks), sum(counts[2] for counts in one.checks)
    return RunLine(
        what=" ".join(text for text in (one.what, one.refresh) if text),
        outcome=one.outcome,
        version=" -> ".join(text for text in (one.before, one.version) if text),
        who=one.who,
        at=one.started_at,
        seconds=f"{sum(taken for _, taken in one.seconds):.1f} s" if one.seconds else "",
        rate=f"{one.rows_per_second:,.0f} rows/s" if one.rows_per_second else "",
        memory=f"{one.peak_memory / 2**20:.0f} MB" if one.peak_memory else "",
        checks=f"{passed} of {passed + failed}" if one.checks else "",
    )
