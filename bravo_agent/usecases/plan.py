"""A plan: what a run would do, worked out, pinned to a snapshot, and kept under its hash until it is applied."""

from __future__ import annotations

from dataclasses import dataclass

from bravo_agent.events import Emit, ignore
from bravo_agent.model.plan import CodeMode, Plan
from bravo_agent.model.version import Refresh
from bravo_agent.planning.read_aloud import read_aloud
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.usecases._plan import make_plan
from bravo_agent.usecases._plans_here import save_plan
from bravo_agent.usecases._refresh import former_snapshot
from bravo_agent.usecases.acquire import acquire
from bravo_agent.usecases.detect import source_catalog
from bravo_agent.usecases.run import database_for
from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class Planned:
    """The plan and its reading; ``file`` is relative to the project, None of a draft."""

    plan: Plan
    lines: tuple[str, ...]
    exit_code: int
    file: str | None = None


def plan(
    workspace: Workspace,
    *,
    source: str = "direct",
    snapshot: str = "latest",
    database: str | None = None,
    refresh: Refresh = "full",
    code: CodeMode = "apply",
    emit: Emit = ignore,
) -> Planned:
    """What `apply` will do, written to .bravo/plans; nothing in the target or in the code is touched.

    Exports (``direct``), fetches (``s3``) or copies (a folder) the snapshot that it is pinned to, and writes the
    change report.
    """
    with workspace.target(database_for(workspace, database, refresh)) as target:
        _look(workspace, target, refresh)
        reader = _pin(workspace, acquire(workspace, source=source, snapshot=snapshot, emit=emit), emit)
        made = make_plan(
            workspace, target, reader.snapshot.catalog, reader, refresh=refresh, code=code, emit=emit
        ).plan
    return Planned(made, read_aloud(made), made.exit_code, save_plan(workspace, made))


def draft_plan(
    workspace: Workspace,
    *,
    source: str = "direct",
    snapshot: str = "latest",
    database: str | None = None,
    refresh: Refresh = "full",
    code: CodeMode = "apply",
    emit: Emit = ignore,
) -> Planned:
    """The plan of a run from the source as it is now, without its rows: nothing to apply, only to be read.

    Writes the change report and nothing else.
    """
    with workspace.target(database_for(workspace, database, refresh)) as target:
        _look(workspace, target, refresh)
        catalog = source_catalog(workspace, source, snapshot)
        made = make_plan(workspace, target, catalog, None, refresh=refresh, code=code, emit=emit).plan
    return Planned(made, read_aloud(made), made.exit_code)


def _look(workspace: Workspace, target: MongoTarget, refresh: Refresh) -> None:
    """What would be refused later is said before an export."""
    target.look()
    if refresh == "incremental":
        former_snapshot(workspace, target.current())


def _pin(workspace: Workspace, reader: SnapshotReader, emit: Emit) -> SnapshotReader:
    """The snapshot among the project's own: a plan names it by its id, and a path means nothing elsewhere."""
    local = workspace.snapshots()
    if reader.folder.resolve().parent == local.path.resolve():
        return reader
    return SnapshotReader(local.path / local.upload(reader.folder, emit).id)
