"""Production data as a local snapshot: exported, or fetched from where the team shares them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bravo_agent.errors import UsageError
from bravo_agent.events import Emit, ignore
from bravo_agent.model.snapshot import Snapshot
from bravo_agent.stores.snapshot import SnapshotReader, resolve, verify
from bravo_agent.usecases._stage import stage
from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class SnapshotList:
    """Snapshots by place, each oldest first."""

    local: tuple[Snapshot, ...]
    shared: tuple[Snapshot, ...]


def export_snapshot(workspace: Workspace, *, emit: Emit = ignore) -> Snapshot:
    """A consistent snapshot of the source in .bravo/snapshots, every table of one moment."""
    now = workspace.now()
    with stage("export", emit) as found:
        snapshot = workspace.source().export(
            workspace.snapshots().path,
            snapshot_id=_free_id(workspace, now.strftime("%Y%m%dT%H%M%SZ")),
            created_at=now.isoformat(timespec="seconds"),
            created_by=workspace.user,
            emit=emit,
        )
        found.rows = snapshot.rows
    return snapshot


def _free_id(workspace: Workspace, wanted: str) -> str:
    # Two exports within a second: the second one is told apart, and still sorts behind the first.
    taken = set(workspace.snapshots().ids())
    names = (wanted, *(f"{wanted}-{number:02}" for number in range(1, 100)))
    return next(name for name in names if name not in taken)


def list_snapshots(workspace: Workspace) -> SnapshotList:
    """What is here, and what is shared (nothing, where no shared place is configured)."""
    local = workspace.snapshots()
    shared = (
        workspace.shared_snapshots() if workspace.environ.get(workspace.config.snapshots.uri_env) else None
    )
    return SnapshotList(
        tuple(local.manifest(one) for one in local.ids()),
        tuple(shared.manifest(one) for one in shared.ids()) if shared else (),
    )


def share_snapshot(workspace: Workspace, *, snapshot: str = "latest", emit: Emit = ignore) -> Snapshot:
    """Uploads a local snapshot; its manifest goes last, so a half upload is never the latest."""
    local = workspace.snapshots()
    folder = local.path / resolve(local, snapshot)
    with stage("upload", emit):
        return workspace.shared_snapshots().upload(folder, emit)


def fetch_snapshot(workspace: Workspace, *, snapshot: str = "latest", emit: Emit = ignore) -> Snapshot:
    """Downloads a shared snapshot, every file verified by its checksum; nothing is fetched twice."""
    shared, local = workspace.shared_snapshots(), workspace.snapshots()
    wanted = resolve(shared, snapshot)
    if wanted in local.ids():
        with stage("verify", emit):
            return verify(local.path / wanted, emit)
    with stage("download", emit):
        shared.download(wanted, local.path, emit)
    return local.manifest(wanted)


def verify_snapshot(workspace: Workspace, *, snapshot: str = "latest") -> Snapshot:
    """The snapshot, every file of it held against its checksum; raises ``snapshot-corrupt``."""
    local = workspace.snapshots()
    return verify(local.path / resolve(local, snapshot))


def prune_snapshots(workspace: Workspace, *, keep: int) -> tuple[str, ...]:
    """Removes all local snapshots but the newest ``keep``; gives the ids of what was removed."""
    local = workspace.snapshots()
    old = local.ids()[:-keep] if keep else local.ids()
    for one in old:
        local.remove(one)
    return old


def acquire(
    workspace: Workspace,
    *,
    source: str = "direct",
    snapshot: str = "latest",
    verified: bool = True,
    emit: Emit = ignore,
) -> SnapshotReader:
    """The snapshot a run works on: ``direct`` (exported now, or the local one named), ``s3``, or a folder.

    ``verified``: one that lay on a disk is held against its checksums first; raises ``snapshot-corrupt``.
    """
    local = workspace.snapshots()
    if source == "direct":
        if snapshot != "latest":
            return _lying(local.path / resolve(local, snapshot), verified, emit)
        return SnapshotReader(local.path / export_snapshot(workspace, emit=emit).id)
    if source == "s3":
        return SnapshotReader(local.path / fetch_snapshot(workspace, snapshot=snapshot, emit=emit).id)
    folder = Path(source) if Path(source).is_absolute() else workspace.project / source
    if (folder / "manifest.json").is_file():
        return _lying(folder, verified, emit)
    if not folder.is_dir():
        raise UsageError(
            "source-unknown",
            f"{source!r} is no folder",
            hint="--source takes direct, s3, or the folder of a snapshot (or of several).",
            where=str(folder),
        )
    from bravo_agent.stores.snapshot import FolderStore

    return _lying(folder / resolve(FolderStore(folder), snapshot), verified, emit)


def _lying(folder: Path, verified: bool, emit: Emit) -> SnapshotReader:
    if verified:
        verify(folder, emit)
    return SnapshotReader(folder)


def newest_local(workspace: Workspace, snapshot: str = "latest") -> str:
    """The id of the local snapshot that is meant; raises ``snapshot-none``."""
    return resolve(workspace.snapshots(), snapshot)


def make_shared_place(workspace: Workspace) -> None:
    """Makes the bucket (or folder) that snapshots are shared in, where it is not there yet."""
    store = workspace.shared_snapshots()
    store.create()
