"""``bravo-agent adopt``."""

from __future__ import annotations

import click

from bravo_agent.cli._session import Session, common
from bravo_agent.usecases.adopt import adopt


@click.command("adopt")
@click.option("--db", "database", metavar="NAME", help="The database (default: the configured one).")
@common
def command(session: Session, database: str | None) -> None:
    """Marks a database that is not empty as a development copy that may be written to."""
    name = adopt(session.workspace(), database=database)
    session.result({"database": name, "marked": True}, f"{name} is marked: runs may write to it")
