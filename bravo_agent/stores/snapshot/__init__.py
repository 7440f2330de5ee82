"""Snapshots: how they lie in files, how their rows are read, and the places where they are kept."""

from __future__ import annotations

from pathlib import Path

from bravo_agent.errors import UsageError
from bravo_agent.ports import SnapshotStore
from bravo_agent.stores.snapshot.folder import FolderStore
from bravo_agent.stores.snapshot.layout import checked_id
from bravo_agent.stores.snapshot.reader import ChunkRef, SnapshotReader, verify

__all__ = ["ChunkRef", "FolderStore", "SnapshotReader", "SnapshotStore", "open_store", "resolve", "verify"]


def open_store(uri: str, endpoint: str | None = None) -> SnapshotStore:
    """The store at ``s3://bucket/prefix`` (of the server ``endpoint``, or AWS) or in a folder."""
    if uri.startswith("s3:"):
        # boto3 takes a quarter of a second to import: only who uses S3 pays.
        from bravo_agent.stores.s3.store import S3Store

        return S3Store(uri, endpoint=endpoint)
    if "://" in uri and not uri.startswith("file:///"):
        raise UsageError(
            "snapshot-uri-invalid",
            f"snapshots cannot be kept at {uri.split('://')[0]}://",
            hint="BRAVO_SNAPSHOT_URI is s3://bucket/prefix or a folder.",
        )
    return FolderStore(Path(uri.removeprefix("file://")).expanduser())


def resolve(store: SnapshotStore, wanted: str) -> str:
    """The id that ``wanted`` means: itself, or for ``latest`` the newest; raises ``snapshot-none``."""
    if wanted != "latest":
        return checked_id(wanted)
    ids = store.ids()
    if not ids:
        raise UsageError(
            "snapshot-none",
            "there is no complete snapshot",
            hint="Make one with `bravo-agent snapshot export`.",
        )
    return ids[-1]
