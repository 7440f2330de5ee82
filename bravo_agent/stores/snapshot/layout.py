"""How a snapshot lies in its folder: ``manifest.json`` beside ``data/<schema>.<table>/<part>.parquet``."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from bravo_agent import wire
from bravo_agent.errors import FailedError, UsageError
from bravo_agent.model.catalog import Table
from bravo_agent.model.snapshot import DataFile, Snapshot
from bravo_agent.planning.fingerprint import structure_fingerprint

MANIFEST = "manifest.json"
FORMAT = 1
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_PLAIN = re.compile(r"[^a-z0-9_-]")
_LONGEST = 150  # of a folder's name; file systems take 255 bytes


def data_path(table: Table, part: int) -> str:
    """The relative path of a table's part.

    Capitals, dots and signs are percent-encoded: names that differ in case only stay apart everywhere.
    """
    folder = f"{_safe(table.schema)}.{_safe(table.name)}"
    if len(folder) > _LONGEST:
        folder = f"{folder[:_LONGEST]}~{hashlib.sha256(folder.encode()).hexdigest()[:16]}"
    return f"data/{folder}/{part:05}.parquet"


def checked_id(snapshot_id: str) -> str:
    """The id itself; raises ``snapshot-id-invalid`` for what could leave the folder."""
    if not _ID.fullmatch(snapshot_id):
        raise UsageError(
            "snapshot-id-invalid",
            f"{snapshot_id!r} cannot be the id of a snapshot",
            hint="`bravo-agent snapshot list` shows the ids: letters, digits, dots, dashes, underscores.",
        )
    return snapshot_id


def write_manifest(folder: Path, snapshot: Snapshot) -> None:
    """Writes the manifest in one step: with it the snapshot exists."""
    temporary = folder / f"{MANIFEST}.part"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(wire.dumps(snapshot))
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(folder / MANIFEST)


def read_manifest(folder: Path) -> Snapshot:
    """The manifest of the snapshot in ``folder``; raises ``snapshot-unknown``, ``snapshot-corrupt``."""
    try:
        text = (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise unknown(folder.name) from None
    return parse_manifest(text, str(folder / MANIFEST))


def parse_manifest(text: bytes, where: str) -> Snapshot:
    """The manifest in ``text``, its paths known to stay inside the folder."""
    try:
        snapshot = wire.loads(Snapshot, text, where=where)
    except UsageError as error:
        raise corrupt(where, error.message) from None
    if snapshot.format_version > FORMAT:
        raise UsageError(
            "snapshot-too-new",
            f"snapshot {snapshot.id} has format {snapshot.format_version}, this program reads {FORMAT}",
            hint="Update bravo-agent.",
            where=where,
        )
    if structure_fingerprint(snapshot.catalog) != snapshot.fingerprint:
        raise corrupt(where, "its catalog does not fit its fingerprint")
    if not _ID.fullmatch(snapshot.id):
        raise corrupt(where, "its id cannot be the id of a snapshot")
    for file in files(snapshot):
        path = PurePosixPath(file.path)
        if path.is_absolute() or ".." in path.parts or path.parts[0] != "data":
            raise corrupt(where, "a path leads out of the snapshot")
    return snapshot


@contextmanager
def on_disk(folder: Path) -> Iterator[None]:
    """Raises what the local file system refuses inside as ``snapshot-disk``."""
    try:
        yield
    except OSError as error:
        raise FailedError(
            "snapshot-disk",
            f"a file cannot be read or written here: {os.strerror(error.errno or 0)}",
            hint="Check free space and rights of the folder.",
            where=str(error.filename or folder),
            retryable=True,
        ) from None


def files(snapshot: Snapshot) -> tuple[DataFile, ...]:
    """All data files, table by table."""
    return tuple(file for table in snapshot.tables for file in table.files)


def sha256(path: Path) -> str:
    """The checksum (hex) of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def intact(path: Path, file: DataFile) -> bool:
    """Whether ``path`` holds exactly what the manifest says of ``file``."""
    return path.is_file() and path.stat().st_size == file.size and sha256(path) == file.sha256


def unknown(snapshot_id: str) -> UsageError:
    """The error for a snapshot that is not there, or has no manifest."""
    return UsageError(
        "snapshot-unknown",
        f"there is no complete snapshot {snapshot_id}",
        hint="`bravo-agent snapshot list` shows which there are.",
    )


def corrupt(where: str, what: str) -> FailedError:
    """The error for a snapshot whose content is not what was written."""
    return FailedError(
        "snapshot-corrupt",
        f"the snapshot is damaged: {what}",
        hint="Download it again, or export a new one; then remove this one.",
        where=where,
    )


def _safe(name: str) -> str:
    return _PLAIN.sub(lambda found: "".join(f"%{byte:02x}" for byte in found[0].encode()), name)
