"""Snapshots in a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

from bravo_agent.errors import UsageError
from bravo_agent.events import Emit
from bravo_agent.model.snapshot import DataFile, Snapshot
from bravo_agent.stores.snapshot.copying import checked_source, each_file, fetch, taken
from bravo_agent.stores.snapshot.layout import (
    MANIFEST,
    checked_id,
    corrupt,
    intact,
    on_disk,
    read_manifest,
    unknown,
    write_manifest,
)
from bravo_agent.stores.snapshot.lock import LOCK, writing
from bravo_agent.stores.snapshot.reader import verify


class FolderStore:
    """A `SnapshotStore` in ``path``; a sub-folder without a manifest is no snapshot."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self) -> None:
        """Makes the folder, if it is not there."""
        self.path.mkdir(parents=True, exist_ok=True)

    def ids(self) -> tuple[str, ...]:
        """Ids of the complete snapshots, oldest first."""
        return tuple(sorted(found.parent.name for found in self.path.glob(f"*/{MANIFEST}")))

    def manifest(self, snapshot_id: str) -> Snapshot:
        """The manifest; raises ``snapshot-unknown``."""
        return read_manifest(self.path / checked_id(snapshot_id))

    def download(self, snapshot_id: str, into: Path, emit: Emit) -> Path:
        """``into/snapshot_id``, every file verified; raises ``snapshot-corrupt``."""
        snapshot = self.manifest(snapshot_id)
        home = self.path / snapshot_id
        if into.resolve() == self.path.resolve():
            verify(home)
            return home
        return fetch(snapshot, into, lambda path, target: _copy(home / path, target), emit)

    def upload(self, folder: Path, emit: Emit) -> Snapshot:
        """Copies a snapshot here, its manifest last; files that are here already are not copied again."""
        snapshot = read_manifest(folder)
        home = self.path / checked_id(snapshot.id)
        if (home / MANIFEST).exists():
            if read_manifest(home) != snapshot:
                raise taken(snapshot.id, str(home))
            return snapshot

        def put(file: DataFile) -> None:
            target = home / file.path
            if intact(target, file):
                return
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_suffix(".part")
            _copy(checked_source(folder, file), part)
            part.replace(target)

        with on_disk(home), writing(home):
            each_file(snapshot, put, "upload", emit)
            write_manifest(home, snapshot)
        return snapshot

    def remove(self, snapshot_id: str) -> None:
        """Removes one snapshot, its manifest first; raises ``snapshot-unknown``."""
        folder = self.path / checked_id(snapshot_id)
        if not folder.is_dir():
            raise unknown(snapshot_id)
        with on_disk(folder):
            (folder / MANIFEST).unlink(missing_ok=True)
            shutil.rmtree(folder)

    def prune_incomplete(self) -> tuple[str, ...]:
        """Ids of what broken exports and uploads left, now removed; what is being written stays."""
        pruned = [folder.name for folder in sorted(self.path.glob("*/")) if _abandoned(folder)]
        for name in pruned:
            with on_disk(self.path / name):
                shutil.rmtree(self.path / name)
        return tuple(pruned)


def _abandoned(folder: Path) -> bool:
    """Only folders that we began: with a lock file or data, no manifest, and no living writer."""
    if (folder / MANIFEST).exists() or not ((folder / LOCK).exists() or (folder / "data").is_dir()):
        return False
    try:
        with writing(folder):
            return True
    except UsageError:
        return False


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise corrupt(str(source), "a file is missing")
    shutil.copyfile(source, target)
