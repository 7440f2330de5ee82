"""What was run against a target, as its audit trail tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class PastRun:
    """One line of ``etl_audit``. ``what`` is run or rollback; ``error`` a code; ``checks`` (name, passed, failed).

    ``version`` is what it made or went back to, ``before`` the one it went back from; ``rows_per_second``, ``seconds``
    (by stage) and ``peak_memory`` (bytes) where they were noted.
    """

    run: str
    what: str
    who: str
    started_at: str
    finished_at: str
    outcome: str
    version: str | None = None
    snapshot: str | None = None
    plan: str | None = None
    exit_code: int | None = None
    error: str | None = None
    checks: tuple[tuple[str, int, int], ...] = ()
    seconds: tuple[tuple[str, float], ...] = ()
    rows_per_second: float | None = None
    peak_memory: int | None = None
    refresh: str | None = None
    before: str | None = None


def list_runs(workspace: Workspace, *, database: str | None = None, limit: int = 50) -> tuple[PastRun, ...]:
    """The last runs, newest first."""
    with workspace.target(database) as target:
        return tuple(_past(document) for document in target.runs(limit))


def _past(document: Mapping[str, Any]) -> PastRun:
    metrics = document.get("metrics") or {}
    return PastRun(
        run=str(document["run"]),
        what=str(document.get("what", "run")),
        who=str(document.get("who", "")),
        started_at=str(document.get("started_at", "")),
        finished_at=str(document.get("finished_at", "")),
        outcome=str(document.get("outcome", "")),
        version=document.get("version") or document.get("to"),
        snapshot=document.get("snapshot"),
        plan=document.get("plan"),
        exit_code=document.get("exit_code"),
        error=document.get("error"),
        checks=tuple(sorted((name, *counts) for name, counts in (document.get("checks") or {}).items())),
        seconds=tuple(sorted((metrics.get("seconds") or {}).items())),
        rows_per_second=metrics.get("rows_per_second"),
        peak_memory=metrics.get("peak_memory"),
        refresh=document.get("refresh"),
        before=document.get("from"),
    )
