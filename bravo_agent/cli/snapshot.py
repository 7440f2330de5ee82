"""``bravo-agent snapshot export / list / download / upload / verify / prune``."""

from __future__ import annotations

from typing import Any

import click

from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import table
from bravo_agent.model.snapshot import Snapshot
from bravo_agent.usecases import acquire


@click.group("snapshot")
def command() -> None:
    """Production data in files: export, share, fetch."""


_id = click.option("--id", "snapshot", default="latest", metavar="ID", help="A snapshot's id, or latest.")


@command.command("export")
@common
def _export(session: Session) -> None:
    """Exports the source, read only, all tables of one moment."""
    _show(session, acquire.export_snapshot(session.workspace(), emit=session.progress), "exported")


@command.command("list")
@common
def _list(session: Session) -> None:
    """Snapshots here and in the shared place."""
    found = acquire.list_snapshots(session.workspace())
    rows = [(*_row(one), "local") for one in found.local] + [(*_row(one), "shared") for one in found.shared]
    document = {
        "local": [_document(one) for one in found.local],
        "shared": [_document(o) for o in found.shared],
    }
    heads = ("snapshot", "tables", "rows", "created", "by", "where")
    session.result(document, table(heads, rows) if rows else "no snapshots yet: bravo-agent snapshot export")


@command.command("upload")
@_id
@common
def _upload(session: Session, snapshot: str) -> None:
    """Shares a local snapshot; a half upload is never the latest."""
    _show(
        session,
        acquire.share_snapshot(session.workspace(), snapshot=snapshot, emit=session.progress),
        "uploaded",
    )


@command.command("download")
@_id
@common
def _download(session: Session, snapshot: str) -> None:
    """Fetches a shared snapshot, verified by checksum."""
    _show(
        session,
        acquire.fetch_snapshot(session.workspace(), snapshot=snapshot, emit=session.progress),
        "downloaded",
    )


@command.command("verify")
@_id
@common
def _verify(session: Session, snapshot: str) -> None:
    """Holds every file of a local snapshot against its checksum."""
    _show(session, acquire.verify_snapshot(session.workspace(), snapshot=snapshot), "verified")


@command.command("prune")
@click.option("--keep", default=3, show_default=True, type=click.IntRange(min=0), help="How many stay.")
@common
def _prune(session: Session, keep: int) -> None:
    """Removes old local snapshots."""
    removed = acquire.prune_snapshots(session.workspace(), keep=keep)
    session.result({"removed": list(removed)}, f"removed {len(removed)} snapshots, kept the newest {keep}")


def _document(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "id": snapshot.id,
        "createdAt": snapshot.created_at,
        "createdBy": snapshot.created_by,
        "fingerprint": snapshot.fingerprint,
        "source": snapshot.source,
        "tables": {one.table: one.rows for one in snapshot.tables},
    }


def _row(snapshot: Snapshot) -> tuple[str, ...]:
    return (
        snapshot.id,
        str(len(snapshot.tables)),
        f"{snapshot.rows:,}",
        snapshot.created_at,
        snapshot.created_by,
    )


def _show(session: Session, snapshot: Snapshot, what: str) -> None:
    text = f"{what} {snapshot.id}: {len(snapshot.tables)} tables, {snapshot.rows:,} rows"
    session.result(_document(snapshot), text)
