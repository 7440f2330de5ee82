"""``bravo-agent rollback``."""

from __future__ import annotations

import click

from bravo_agent import wire
from bravo_agent.cli._session import Session, common
from bravo_agent.usecases.versions import rollback


@click.command("rollback")
@click.option("--version", required=True, metavar="ID", help="A kept version, such as 2025-06-28-001.")
@click.option("--db", "database", metavar="NAME", help="The database (default: the configured one).")
@common
def command(session: Session, version: str, database: str | None) -> None:
    """Makes a kept version the current one again, at once for all its collections."""
    done = rollback(session.workspace(), version=version, database=database, emit=session.progress)
    text = (
        f"{done.database}: version {done.after} is current again (it was {done.before}), {done.seconds:.2f} s"
    )
    session.result(wire.plain(done), text)
