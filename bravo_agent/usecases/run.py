"""Everything, in order: acquire, plan (detect, decide, code), then carried out: code, build aside, check, publish."""

from __future__ import annotations

from bravo_agent.events import Emit, Noted, ignore
from bravo_agent.model.plan import CodeMode
from bravo_agent.model.run import RunReport
from bravo_agent.model.version import Refresh, Version
from bravo_agent.stores.application import branch
from bravo_agent.stores.mongodb import MongoTarget, database_name
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.usecases._carry_out import carry_out
from bravo_agent.usecases._plan import make_plan
from bravo_agent.usecases._plans_here import save_plan
from bravo_agent.usecases._refresh import former_snapshot
from bravo_agent.usecases._run_state import RunState
from bravo_agent.usecases.acquire import acquire
from bravo_agent.workspace import Workspace


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

    A plan and its application in one, the lease held from before the export. ``code``: ``apply`` edits the working
    tree, ``patch`` writes the cascade to a file, ``leave`` makes none (the data part alone: models and baseline stay
    as they are).

    ``exit_code`` of the report: 3 when columns stayed out because somebody has to decide (or a file was not
    clean), 4 when a change blocks (nothing was published), 1 when a check failed (nothing was published).
    """
    state = RunState(workspace, database_for(workspace, database, refresh), refresh, emit)
    state.started_at = workspace.now().isoformat(timespec="seconds")
    with workspace.target(state.database) as target:
        target.guard()
        resumable = interrupted(workspace, target, refresh)
        target.recover(state.watch, resume=resumable.id if resumable else None)
        # A publish that was under way is finished by now.
        resumable = interrupted(workspace, target, refresh)
        if refresh == "incremental":
            former_snapshot(workspace, target.current())  # said before an export, not after it
        reader = _acquire(workspace, source, snapshot, resumable, state)
        made = make_plan(
            workspace, target, reader.snapshot.catalog, reader, refresh=refresh, code=code, emit=state.watch
        )
        # Kept, so that what made a version can be read, and a run that was killed be gone on with by its plan.
        save_plan(workspace, made.plan)
        return carry_out(state, target, made, reader, resumable)


def database_for(workspace: Workspace, wanted: str | None, refresh: Refresh) -> str:
    """The database that is meant: as named, as configured, or for ``parallel`` by branch or date."""
    base = workspace.config.target.database
    if wanted or refresh != "parallel":
        return wanted or base
    name = branch(workspace.project)
    if name and name not in ("main", "master"):
        return database_name(base, branch=name)
    return database_name(base, date=workspace.now().date().isoformat())


def interrupted(
    workspace: Workspace, target: MongoTarget, refresh: Refresh, snapshot: str | None = None
) -> Version | None:
    """A build that a crash left and whose snapshot (``snapshot``, where it is named) is still here."""
    local = {snapshot} if snapshot else set(workspace.snapshots().ids())
    building = (one for one in target.versions() if one.state == "building" and one.refresh == refresh)
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
