"""What a run has found so far, and the report and the audit line that are made of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bravo_agent import wire
from bravo_agent.events import Emit, StageFinished
from bravo_agent.model.change import Change
from bravo_agent.model.check import CheckResult
from bravo_agent.model.run import CodeReport, Metrics, RunReport, TableReport
from bravo_agent.model.version import Refresh, Version
from bravo_agent.planning.exit_code import exit_code
from bravo_agent.planning.load_mapping import LoadMapping
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.transfer.memory import peak_memory
from bravo_agent.usecases._plan import plan_hash
from bravo_agent.usecases.cascade import Applied, Cascade
from bravo_agent.usecases.detect import Detection, privacy_of
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
        "version": state.version.id if state.version else None,
        "snapshot": state.version.snapshot if state.version else None,
    }


def finish(
    state: RunState,
    target: MongoTarget,
    reader: SnapshotReader,
    found: Detection,
    cascade: Cascade,
    applied: Applied,
    mapping: LoadMapping,
    *,
    before: tuple[Change, ...] = (),
) -> RunReport:
    """The report of a run that came to its end, well or not; writes the ledger and the audit line.

    ``before``: the changes as they stood before the cascade was applied.
    """
    _write_ledger(state)
    masked, unclassified = privacy_of(state.workspace, mapping.mapping)
    tables = _tables(state, reader, mapping)
    code = CodeReport(applied.edited, applied.patch_file, applied.not_clean, cascade.patch.manual)
    ends_with, outcome = _outcome(state, found, mapping, code)
    metrics = _metrics(state, reader, tables)
    report = RunReport(
        exit_code=ends_with,
        outcome=outcome,
        database=state.database,
        refresh=state.refresh,
        plan_hash=plan_hash(state.workspace, found, mapping.mapping),
        catalog_fingerprint=found.fingerprints()["source"],
        changes=_told(before, found.changes),
        code=code,
        tables=tables,
        checks=state.checks,
        masked=masked,
        unclassified=unclassified,
        notes=(*found.notes, *_carried(mapping)),
        next_steps=_next_steps(state, found, code, unclassified),
        published=state.published,
        run=metrics,
    )
    target.record_run(
        {**audit_line(state), "outcome": outcome, "metrics": wire.plain(metrics), "exit_code": ends_with}
    )
    return report


def _told(before: tuple[Change, ...], now: tuple[Change, ...]) -> tuple[Change, ...]:
    """As they stand now, but what this very run decided and carried out keeps its answer, and whose it was."""
    decided = {change.id: change for change in before if change.state == "decided"}
    return tuple(decided.get(change.id, change) if change.state == "settled" else change for change in now)


def _metrics(state: RunState, reader: SnapshotReader, tables: tuple[TableReport, ...]) -> Metrics:
    load_seconds = state.seconds.get("load", 0.0)
    rows = sum(one.rows for one in tables)
    return Metrics(
        run_id=state.version.id if state.version else reader.snapshot.id,
        version=state.version.id if state.version else None,
        snapshot=reader.snapshot.id,
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


def _tables(state: RunState, reader: SnapshotReader, mapping: LoadMapping) -> tuple[TableReport, ...]:
    found = []
    for one in mapping.mapping.entities:
        data = reader.snapshot.data(one.table)
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


def is_blocked(found: Detection, mapping: LoadMapping) -> bool:
    """Whether nothing may be published: a change blocks, or a wanted table could not be loaded at all.

    A version without the collection of a wanted table would take it away from its readers.
    """
    return found.exit_code == BLOCKED or bool(mapping.held)


def _outcome(state: RunState, found: Detection, mapping: LoadMapping, code: CodeReport) -> tuple[int, str]:
    if is_blocked(found, mapping):
        return BLOCKED, "blocked"
    if not state.published:
        return FAILED, "failed-checks"
    if exit_code(found.changes, after_cascade=True) == REVIEW or code.patch_file:
        return REVIEW, "published-review"
    return 0, "published"


def _carried(mapping: LoadMapping) -> tuple[str, ...]:
    return tuple(
        f"{table}.{column} feeds the field {key} on, under its old name, until change {change} is decided"
        for change, table, column, key in mapping.carried
    )


def _next_steps(
    state: RunState, found: Detection, code: CodeReport, unclassified: tuple[str, ...]
) -> tuple[str, ...]:
    steps = []
    open_changes = [change for change in found.changes if change.state == "open"]
    for change in sorted(open_changes, key=lambda one: one.verdict != "block"):
        options = " | ".join(option.name for option in change.question.options) if change.question else ""
        steps.append(f"decide: bravo-agent decide {change.id[:12]} {options}".rstrip())
    if code.patch_file:
        steps.append(f"apply the cascade: git apply {code.patch_file}")
    if code.manual:
        steps.append("edit by hand what the cascade leaves to you, then run again")
    if code.edited:
        steps.append("review and commit the edited files")
    if unclassified:
        steps.append("classify in [privacy.columns] of bravo.toml: " + ", ".join(unclassified))
    if not state.published and found.exit_code != BLOCKED:
        steps.append("mend what the failed checks name; what readers see is as it was")
    return tuple(steps)
