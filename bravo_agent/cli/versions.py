"""``bravo-agent versions``."""

from __future__ import annotations

import click

from bravo_agent import wire
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import table
from bravo_agent.usecases.versions import list_versions


@click.command("versions")
@click.option("--db", "database", metavar="NAME", help="The database (default: the configured one).")
@common
def command(session: Session, database: str | None) -> None:
    """The versions of a database, newest first."""
    versions = list_versions(session.workspace(), database=database)
    rows = [
        (
            one.id,
            "current" if one.current else one.state,
            one.refresh,
            one.snapshot,
            f"{sum(found.documents for found in one.collections):,}",
            "yes" if one.verified else "no",
            one.created_by,
        )
        for one in versions
    ]
    heads = ("version", "state", "refresh", "snapshot", "documents", "verified", "by")
    session.result(wire.plain(versions), table(heads, rows) if rows else "no versions yet: bravo-agent run")
