"""``bravo-agent transform``."""

from __future__ import annotations

import click

from bravo_agent import wire
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import table
from bravo_agent.usecases.convert import transform

REVIEW = 3


@click.command("transform")
@common
def command(session: Session) -> int:
    """Turns the newest local snapshot into .bson files, as mongorestore reads them; no database is touched."""
    tables = transform(session.workspace(), emit=session.progress)
    rows = [(one.table, f"{one.documents:,}", str(len(one.ledger)), one.file) for one in tables]
    text = table(("table", "documents", "quarantined", "file"), rows)
    session.result([wire.plain(one) for one in tables], text)
    return REVIEW if any(one.ledger for one in tables) else 0
