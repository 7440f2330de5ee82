"""What a run has found so far, and the report and the audit line that are made of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bravo_agent import wire
from bravo_agent.events import Emit, StageFinished
from bravo_agent.model.check import CheckResult
from bravo_agent.model.mapping import Mapping as Mappings
from bravo_agent.model.plan import Plan
from bravo_agent.model.run import CodeReport, Metrics, RunReport, TableReport
from bravo_agent.model.snapshot import Snapshot
from bravo_agent.model.version import Refresh, Version
from bravo_agent.planning.held import held_text
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.transfer.memory import peak_memory
from bravo_agent.usecases._plan import Made
from bravo_agent.usecases.load import Loaded
from bravo_agent.workspace import Workspace, write_text

FAILED, REVIEW, BLOCKED = 1, 3, 4


@dataclass
class RunState:
    """What one run has found so far; everything the report is made of."""

    workspace: Workspace
    database: str
    refresh: Refresh
    emit: Emit
    seconds: dict[str, float] = field(default_factory=dict)
    started_at: str = ""
    plan: str | None = None
    version: Version | None = None
    loaded: Mapping[str, Loaded] = field(default_factory=dict)
    checks: tuple[CheckResult, ...] = ()
    published: bool = False

    def watch(self, event: Any) -> None:
        """Notes the stages' seconds on their way to the caller."""
        if isinstance(event, StageFinished):
            self.seconds[event.stage] = round(self.seconds.get(event.stage, 0.0) + event.seconds, 3)
        self.emit(event)


def audit_line(state: RunState) -> dict[str, Any]:
    """What ``etl_audit`` keeps of every run, whatever its outcome."""
    return {
        "run": f"{state.database}/{state.version.id if state.version else state.started_at}",
        "what": "run",
        "who": state.workspace.user,
        "started_at": state.started_at,
        "finished_at": state.workspace.now().isoformat(timespec="seconds"),
        "database": state.database,
        "refresh": state.refresh,
        "plan": state.plan,
        "version": state.version.id if state.version else None,
        "snapshot": state.version.snapshot if state.version else None,
    }


def finish(
    state: RunState, target: MongoTarget, made: Made, snapshot: Snapshot, code: CodeReport
) -> RunReport:
    """The report of a plan that was carried out to its end, well or not; writes the ledger and the audit line."""
    _write_ledger(state)
    plan = made.plan
    tables = _tables(state, snapshot, made.mapping)
    ends_with, outcome = _outcome(state, plan)
    metrics = _metrics(state, snapshot, tables)
    report = RunReport(
        exit_code=ends_with,
        outcome=outcome,
        database=state.database,
        refresh=state.refresh,
        plan_hash=plan.hash,
        catalog_fingerprint=plan.inputs.source,
        changes=plan.told.changes,
        code=code,
        tables=tables,
        checks=state.checks,
        masked=plan.masked,
        unclassified=plan.unclassified,
        notes=plan.told.notes,
        next_steps=_next_steps(state, plan, code),
        published=state.published,
        run=metrics,
    )
    target.record_run(
        {
            **audit_line(state),
            "outcome": outcome,
            "metrics": wire.plain(metrics),
            "checks": _by_check(state.checks),
            "exit_code": ends_with,
        }
    )
    return report


def _by_check(results: Iterable[CheckResult]) -> dict[str, tuple[int, int]]:
    """Name -> (passed, failed)."""
    found: dict[str, tuple[int, int]] = {}
    for one in results:
        passed, failed = found.get(one.check, (0, 0))
        found[one.check] = (passed + one.passed, failed + (not one.passed))
    return found


def _metrics(state: RunState, snapshot: Snapshot, tables: tuple[TableReport, ...]) -> Metrics:
    load_seconds = state.seconds.get("load", 0.0)
    rows = sum(one.rows for one in tables)
    return Metrics(
        run_id=state.version.id if state.version else snapshot.id,
        version=state.version.id if state.version else None,
        snapshot=snapshot.id,
        started_at=state.started_at,
        seconds=dict(state.seconds),
        peak_memory=peak_memory(),
        bytes_written=sum(one.written for one in state.loaded.values()),
        rows_per_second=round(rows / load_seconds) if load_seconds else 0,
    )


def _write_ledger(state: RunState) -> None:
    """Quarantined rows by their place in the snapshot, one JSON line each, where there are any."""
    entries = [entry for one in state.loaded.values() for entry in one.rejected]
    if entries and state.version:
        lines = (json.dumps(wire.plain(entry), sort_keys=True) for entry in entries)
        write_text(state.workspace.private / "ledger" / f"{state.version.id}.jsonl", "\n".join(lines) + "\n")


def _tables(state: RunState, snapshot: Snapshot, mapping: Mappings) -> tuple[TableReport, ...]:
    found = []
    for one in mapping.entities:
        data = snapshot.data(one.table)
        loaded = state.loaded.get(one.table)
        left_out = tuple(entry for entry in one.left_out if entry[1] not in ("unmapped", "ignored"))
        found.append(
            TableReport(
                one.table,
                one.collection,
                data.rows if data else 0,
                loaded.documents if loaded else 0,
                len(loaded.rejected) if loaded else 0,
                left_out,
            )
        )
    return tuple(found)


def _outcome(state: RunState, plan: Plan) -> tuple[int, str]:
    if plan.exit_code == BLOCKED:
        return BLOCKED, "blocked"
    if not state.published:
        return FAILED, "failed-checks"
    return plan.exit_code, "published-review" if plan.exit_code == REVIEW else "published"


def _next_steps(state: RunState, plan: Plan, code: CodeReport) -> tuple[str, ...]:
    steps = [f"settle: {held_text(change)}" for change in plan.told.changes if change.held_by]
    open_changes = [change for change in plan.told.changes if change.state == "open"]
    for change in sorted(open_changes, key=lambda one: one.verdict != "block"):
        options = " | ".join(option.name for option in change.question.options) if change.question else ""
        steps.append(f"decide: bravo-agent decide {change.id[:12]} {options}".rstrip())
    if code.patch_file:
        steps.append(f"apply the cascade: git apply {code.patch_file}")
    if code.manual:
        steps.append("edit by hand what the cascade leaves to you, then run again")
    if code.edited:
        steps.append("review and commit the edited files")
    if plan.unclassified:
        steps.append("classify in [privacy.columns] of bravo.toml: " + ", ".join(plan.unclassified))
    if not state.published and plan.exit_code != BLOCKED:
        steps.append("mend what the failed checks name; what readers see is as it was")
    return tuple(steps)
