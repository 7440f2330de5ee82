"""Everything, in order: acquire, detect, decide, code, build aside, check, publish, audit."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bravo_agent import wire
from bravo_agent.errors import BravoError, FailedError
from bravo_agent.events import Emit, Noted, ignore
from bravo_agent.model.mapping import Mapping as Mappings
from bravo_agent.model.plan import Patch
from bravo_agent.model.run import RunReport
from bravo_agent.model.version import CollectionState, Refresh, Version
from bravo_agent.planning.load_mapping import LoadMapping
from bravo_agent.stores.application import branch, head_commit
from bravo_agent.stores.mongodb import MongoTarget, database_name
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.usecases._plan import masking_hash, plan_hash
from bravo_agent.usecases._refresh import former_snapshot, refresh_full, refresh_incremental
from bravo_agent.usecases._run_state import RunState, audit_line, finish, is_blocked
from bravo_agent.usecases._stage import stage
from bravo_agent.usecases._vanishing import tell_vanishing
from bravo_agent.usecases.acquire import acquire
from bravo_agent.usecases.cascade import Applied, Cascade, apply_cascade, make_cascade, save_patch
from bravo_agent.usecases.detect import Detection, detect, load_mapping
from bravo_agent.usecases.load import transform_hash
from bravo_agent.usecases.validate import failed_checks
from bravo_agent.workspace import Workspace

CodeMode = Literal["apply", "patch", "leave"]


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
    state = RunState(workspace, database_for(workspace, database, refresh), refresh, emit)
    state.started_at = workspace.now().isoformat(timespec="seconds")
    with workspace.target(state.database) as target:
        target.guard()
        resumable = _interrupted(target, state)
        target.recover(state.watch, resume=resumable.id if resumable else None)
        resumable = _interrupted(target, state)  # a publish that was under way is finished by now
        if refresh == "incremental":
            former_snapshot(workspace, target.current())  # said before an export, not after it
        reader = _acquire(workspace, source, snapshot, resumable, state)
        with stage("detect", state.watch):
            found = detect(workspace, reader.snapshot.catalog)
            cascade = make_cascade(workspace, found) if code != "leave" else Cascade(Patch(), Patch(), found)
        possible = load_mapping(workspace, found)
        if is_blocked(found, possible):
            return finish(state, target, reader, found, cascade, Applied(), possible)
        tell_vanishing(target, found, possible, state.emit)
        applied = _code(state, cascade, apply=code == "apply")
        settled = found
        if applied.edited:
            # The report on disk stays that of what was found; this one is for what is loaded now.
            settled = detect(workspace, reader.snapshot.catalog, write_report=False)
        if code != "leave" and applied.patch_file is None and not found.reading.unread:
            # The baseline moves over what the models show; never while a patch still waits to be applied, or a
            # file of theirs cannot be read: what it says of a change would be lost.
            workspace.save_baseline(settled.next_baseline)
        mapping = load_mapping(workspace, settled)
        try:
            _load(state, target, reader, settled, mapping, resumable)
        except BaseException as error:
            _note_failure(state, target, error)
            raise
        return finish(state, target, reader, settled, cascade, applied, mapping, before=found.changes)


def database_for(workspace: Workspace, wanted: str | None, refresh: Refresh) -> str:
    """The database that is meant: as named, as configured, or for ``parallel`` by branch or date."""
    base = workspace.config.target.database
    if wanted or refresh != "parallel":
        return wanted or base
    name = branch(workspace.project)
    if name and name not in ("main", "master"):
        return database_name(base, branch=name)
    return database_name(base, date=workspace.now().date().isoformat())


def _interrupted(target: MongoTarget, state: RunState) -> Version | None:
    """A build that a crash left and whose snapshot is still here."""
    local = set(state.workspace.snapshots().ids())
    building = (one for one in target.versions() if one.state == "building" and one.refresh == state.refresh)
    return next((one for one in building if one.snapshot in local), None)


def _acquire(
    workspace: Workspace, source: str, snapshot: str, resumable: Version | None, state: RunState
) -> SnapshotReader:
    if resumable is not None and source == "direct" and snapshot in ("latest", resumable.snapshot):
        message = (
            f"goes on with the interrupted load of version {resumable.id}, snapshot {resumable.snapshot}"
        )
        state.emit(Noted("info", message))
        snapshot = resumable.snapshot
    return acquire(workspace, source=source, snapshot=snapshot, emit=state.watch)


def _code(state: RunState, cascade: Cascade, *, apply: bool) -> Applied:
    name = f"cascade-{wire.fingerprint(cascade.diff)[:12]}"
    with stage("cascade", state.watch):
        if not apply:
            return Applied(patch_file=save_patch(state.workspace, cascade, name=name))
        return apply_cascade(state.workspace, cascade, name=name)


def _load(
    state: RunState,
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
        # A build is dropped; an increment, which stands in the live collections already, is undone.
        target.recover(state.watch)
        return
    target.mark_verified(version.id)
    with stage("publish", state.watch):
        target.publish(version.id, state.watch)
    state.published = True


def _version(
    state: RunState,
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


def _note_failure(state: RunState, target: MongoTarget, error: BaseException) -> None:
    """A failure leaves its line in the audit; the build stays, so that the next run can go on with it."""
    code = error.code if isinstance(error, BravoError) else type(error).__name__
    if state.version is None:
        return
    try:
        target.record_run({**audit_line(state), "outcome": "failed", "error": code})
    except BravoError:
        return  # the first failure is the one to be told
