"""One writer for a snapshot's folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bravo_agent.errors import UsageError

LOCK = ".writing"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Holds ``folder`` for one writer; raises ``snapshot-busy`` when another process has it.

    The lock is the operating system's: it ends with the process, however that ends. After a failure its file
    stays, as the sign by which `FolderStore.prune_incomplete` knows the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / LOCK
    with lock.open("w") as file:
        if not _locked(file, lock):
            raise UsageError(
                "snapshot-busy",
                f"snapshot {folder.name} is being written by another process",
                hint="Wait until it is done, or take another id.",
                where=str(folder),
            )
        yield
        lock.unlink(missing_ok=True)


def _locked(file: IO[str], path: Path) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The writer before us may have removed the file between our opening and our locking it.
        return os.fstat(file.fileno()).st_ino == path.stat().st_ino
    except (BlockingIOError, FileNotFoundError):
        return False
