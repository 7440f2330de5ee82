"""Everything, in order: acquire, detect, decide, code, build aside, check, publish, audit."""

from __future__ import annotations

import json
import resource
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bravo_agent import wire
from bravo_agent.errors import BravoError, FailedError
from bravo_agent.events import Emit, Noted, StageFinished, ignore
from bravo_agent.model.check import CheckResult
from bravo_agent.model.mapping import Mapping as Mappings
from bravo_agent.model.plan import Patch
from bravo_agent.model.run import CodeReport, Metrics, RunReport, TableReport
from bravo_agent.model.version import CollectionState, Refresh, Version
from bravo_agent.planning.exit_code import exit_code
from bravo_agent.planning.load_mapping import LoadMapping
from bravo_agent.stores.application import branch, head_commit
from bravo_agent.stores.mongodb import MongoTarget, database_name
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.usecases._plan import masking_hash, plan_hash
from bravo_agent.usecases._refresh import refresh_full, refresh_incremental
from bravo_agent.usecases._stage import stage
from bravo_agent.usecases.acquire import acquire
from bravo_agent.usecases.cascade import Applied, Cascade, apply_cascade, make_cascade, save_patch
from bravo_agent.usecases.detect import Detection, detect, load_mapping, privacy_of
from bravo_agent.usecases.load import Loaded, transform_hash
from bravo_agent.usecases.validate import failed_checks
from bravo_agent.workspace import Workspace, write_text

FAILED, REVIEW, BLOCKED = 1, 3, 4
CodeMode = Literal["apply", "patch", "leave"]


@dataclass
class _Run:
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


def run(
    workspace: Workspace,
    *,
    source: str = "direct",
    snapshot: str = "latest",
    database: str | None = None,
    refresh: Refresh = "full",
    code: CodeMode = "apply",
    emit: Emit = ignore,
) -> RunReport:
    """Brings production data into ``database`` as a new version, as far as everything is settled.

    ``code``: ``apply`` edits the working tree, ``patch`` writes the cascade to a file, ``leave`` makes none (the
    data part alone: models and baseline stay as they are).

    ``exit_code`` of the report: 3 when columns stayed out because somebody has to decide (or a file was not
    clean), 4 when a change blocks (nothing was published), 1 when a check failed (nothing was published).
    """
    state = _Run(workspace, database_for(workspace, database, refresh), refresh, emit)
    state.started_at = workspace.now().isoformat(timespec="seconds")
    with workspace.target(state.database) as target:
        target.guard()
        resumable = _interrupted(target, state)
        target.recover(state.watch, resume=resumable.id if resumable else None)
        reader = _acquire(workspace, source, snapshot, resumable, state)
        with stage("detect", state.watch):
            found = detect(workspace, reader.snapshot.catalog)
            cascade = make_cascade(workspace, found) if code != "leave" else Cascade(Patch(), Patch(), found)
        if found.exit_code == BLOCKED:
            return _finish(state, target, reader, found, cascade, Applied(), load_mapping(workspace, found))
        applied = _code(state, cascade, apply=code == "apply")
        settled = detect(workspace, reader.snapshot.catalog) if applied.edited else found
        if code != "leave" and applied.patch_file is None:
            # The baseline moves over what the models show; never while a patch still waits to be applied.
            workspace.save_baseline(settled.next_baseline)
        mapping = load_mapping(workspace, settled)
        try:
            _load(state, target, reader, settled, mapping, resumable)
        except BaseException as error:
            _note_failure(state, target, error)
            raise
        return _finish(state, target, reader, settled, cascade, applied, mapping)


def database_for(workspace: Workspace, wanted: str | None, refresh: Refresh) -> str:
    """The database that is meant: as named, as configured, or for ``parallel`` by branch or date."""
    base = workspace.config.target.database
    if wanted or refresh != "parallel":
        return wanted or base
    name = branch(workspace.project)
    if name and name not in ("main", "master"):
        return database_name(base, branch=name)
    return database_name(base, date=workspace.now().date().isoformat())


def _interrupted(target: MongoTarget, state: _Run) -> Version | None:
    """A build that a crash left and whose snapshot is still here."""
    local = set(state.workspace.snapshots().ids())
    building = (one for one in target.versions() if one.state == "building" and one.refresh == state.refresh)
    return next((one for one in building if one.snapshot in local), None)


def _acquire(
    workspace: Workspace, source: str, snapshot: str, resumable: Version | None, state: _Run
) -> SnapshotReader:
    if resumable is not None and source == "direct" and snapshot in ("latest", resumable.snapshot):
        message = (
            f"goes on with the interrupted load of version {resumable.id}, snapshot {resumable.snapshot}"
        )
        state.emit(Noted("info", message))
        snapshot = resumable.snapshot
    return acquire(workspace, source=source, snapshot=snapshot, emit=state.watch)


def _code(state: _Run, cascade: Cascade, *, apply: bool) -> Applied:
    name = f"cascade-{wire.fingerprint(cascade.diff)[:12]}"
    with stage("cascade", state.watch):
        if not apply:
            return Applied(patch_file=save_patch(state.workspace, cascade, name=name))
        return apply_cascade(state.workspace, cascade, name=name)


def _load(
    state: _Run,
    target: MongoTarget,
    reader: SnapshotReader,
    found: Detection,
    mapping: LoadMapping,
    resumable: Version | None,
) -> None:
    workspace = state.workspace
    mappings = mapping.mapping.entities
    if not mappings:
        raise FailedError(
            "nothing-mapped",
            "no table of the snapshot has a model",
            hint="Map tables to models in [entities] of bravo.toml, or run `bravo-agent init`.",
        )
    hashed = transform_hash(workspace, mappings)
    goes_on = resumable is not None and (resumable.snapshot, resumable.transform_hash) == (
        reader.snapshot.id,
        hashed,
    )
    if resumable is not None and not goes_on:
        target.abandon(resumable.id)
    version = _version(state, reader, found, mapping.mapping, hashed)
    today = workspace.now().date().isoformat()
    own = resumable.id if resumable is not None and goes_on else target.next_version_id(today)
    version = replace(version, id=own)
    state.version = version
    target.begin(version, emit=state.watch)
    refresh = refresh_incremental if state.refresh == "incremental" else refresh_full
    optional = mapping.optional_targets
    state.loaded, state.checks = refresh(
        workspace,
        reader,
        mappings,
        found.models,
        optional,
        target,
        version,
        state.watch,
        resumed=goes_on,
    )
    if failed_checks(state.checks, workspace.config.load.quarantine):
        target.abandon(version.id)
        return
    target.mark_verified(version.id)
    with stage("publish", state.watch):
        target.publish(version.id, state.watch)
    state.published = True


def _version(
    state: _Run,
    reader: SnapshotReader,
    found: Detection,
    mapping: Mappings,
    hashed: str,
) -> Version:
    workspace, now = state.workspace, state.workspace.now()
    fingerprints = found.fingerprints()
    return Version(
        id="",
        database=state.database,
        state="building",
        refresh=state.refresh,
        current=False,
        snapshot=reader.snapshot.id,
        catalog_fingerprint=fingerprints["source"],
        models_fingerprint=fingerprints["models"],
        plan_hash=plan_hash(workspace, found, mapping),
        masking_hash=masking_hash(workspace, mapping),
        transform_hash=hashed,
        git_commit=head_commit(workspace.project),
        created_by=workspace.user,
        created_at=now.isoformat(timespec="seconds"),
        verified=False,
        collections=tuple(CollectionState(one.collection, 0) for one in mapping.entities),
        branch=branch(workspace.project),
    )


def _note_failure(state: _Run, target: MongoTarget, error: BaseException) -> None:
    """A failure leaves its line in the audit; the build stays, so that the next run can go on with it."""
    code = error.code if isinstance(error, BravoError) else type(error).__name__
    if state.version is None:
        return
    try:
        target.record_run({**_audit(state), "outcome": "failed", "error": code})
    except BravoError:
        return  # the first failure is the one to be told


def _audit(state: _Run) -> dict[str, Any]:
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


def _finish(
    state: _Run,
    target: MongoTarget,
    reader: SnapshotReader,
    found: Detection,
    cascade: Cascade,
    applied: Applied,
    mapping: LoadMapping,
) -> RunReport:
    _write_ledger(state)
    masked, unclassified = privacy_of(state.workspace, mapping.mapping)
    tables = _tables(state, reader, mapping)
    code = CodeReport(applied.edited, applied.patch_file, applied.not_clean, cascade.patch.manual)
    ends_with, outcome = _outcome(state, found, code)
    rows = sum(one.rows for one in tables)
    load_seconds = state.seconds.get("load", 0.0)
    metrics = Metrics(
        run_id=state.version.id if state.version else reader.snapshot.id,
        version=state.version.id if state.version else None,
        snapshot=reader.snapshot.id,
        started_at=state.started_at,
        seconds=dict(state.seconds),
        peak_memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        bytes_written=sum(one.written for one in state.loaded.values()),
        rows_per_second=round(rows / load_seconds) if load_seconds else 0,
    )
    report = RunReport(
        exit_code=ends_with,
        outcome=outcome,
        database=state.database,
        refresh=state.refresh,
        plan_hash=plan_hash(state.workspace, found, mapping.mapping),
        catalog_fingerprint=found.fingerprints()["source"],
        changes=found.changes,
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
        {**_audit(state), "outcome": outcome, "metrics": wire.plain(metrics), "exit_code": ends_with}
    )
    return report


def _write_ledger(state: _Run) -> None:
    """Quarantined rows by their place in the snapshot, one JSON line each, where there are any."""
    entries = [entry for one in state.loaded.values() for entry in one.rejected]
    if entries and state.version:
        lines = (json.dumps(wire.plain(entry), sort_keys=True) for entry in entries)
        write_text(state.workspace.private / "ledger" / f"{state.version.id}.jsonl", "\n".join(lines) + "\n")


def _tables(state: _Run, reader: SnapshotReader, mapping: LoadMapping) -> tuple[TableReport, ...]:
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


def _outcome(state: _Run, found: Detection, code: CodeReport) -> tuple[int, str]:
    if found.exit_code == BLOCKED:
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
    state: _Run, found: Detection, code: CodeReport, unclassified: tuple[str, ...]
) -> tuple[str, ...]:
    steps = []
    open_changes = [change for change in found.changes if change.state == "open"]
    if open_changes:
        first = open_changes[0]
        options = " | ".join(option.name for option in first.question.options) if first.question else ""
        steps.append(f"decide: bravo-agent decide {first.id[:12]} {options}".rstrip())
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
