"""What every snapshot store does alike: bring the files here, checked, and the manifest last."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bravo_agent.errors import UsageError
from bravo_agent.events import Emit, RowsDone, TableFinished, TableStarted
from bravo_agent.model.snapshot import DataFile, Snapshot
from bravo_agent.stores.snapshot.layout import (
    MANIFEST,
    checked_id,
    corrupt,
    files,
    intact,
    on_disk,
    read_manifest,
    write_manifest,
)
from bravo_agent.stores.snapshot.lock import writing

Transfer = Callable[[DataFile], None]


def fetch(
    snapshot: Snapshot, into: Path, get: Callable[[str, Path], None], emit: Emit, at_once: int = 1
) -> Path:
    """``into/id``, every file got by ``get(path, target)`` and verified; intact files there stay."""
    folder = into / checked_id(snapshot.id)
    if (folder / MANIFEST).exists() and read_manifest(folder) != snapshot:
        raise taken(snapshot.id, str(folder))

    def bring(file: DataFile) -> None:
        target = folder / file.path
        if intact(target, file):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        try:
            get(file.path, part)
            if not intact(part, file):
                raise corrupt(file.path, f"checksum of a file of {snapshot.id} is wrong")
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    with on_disk(folder), writing(folder):
        each_file(snapshot, bring, "download", emit, at_once)
        write_manifest(folder, snapshot)
    return folder


def each_file(snapshot: Snapshot, transfer: Transfer, stage: str, emit: Emit, at_once: int = 1) -> None:
    """Calls ``transfer`` for every file in ``at_once`` threads, telling the tables' progress in this one."""
    with ThreadPoolExecutor(at_once, thread_name_prefix=stage) as pool:
        done = {file.path: pool.submit(transfer, file) for file in files(snapshot)}
        try:
            for table in snapshot.tables:
                emit(TableStarted(stage, table.table, table.rows))
                for file in table.files:
                    done[file.path].result()
                    emit(RowsDone(stage, table.table, file.rows))
                emit(TableFinished(stage, table.table, table.rows))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def checked_source(folder: Path, file: DataFile) -> Path:
    """The path of a file that is about to be shared; raises ``snapshot-corrupt`` if it is not what it was."""
    path = folder / file.path
    if not intact(path, file):
        raise corrupt(str(path), "a file is missing or was changed")
    return path


def taken(snapshot_id: str, where: str) -> UsageError:
    """The error for an id under which another snapshot is kept already."""
    return UsageError(
        "snapshot-exists",
        f"there is another snapshot {snapshot_id} already",
        hint="Remove it first, or export under a new id.",
        where=where,
    )
