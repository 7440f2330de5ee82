"""``bravo-agent runs``."""

from __future__ import annotations

import click

from bravo_agent import wire
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import table
from bravo_agent.usecases.runs import list_runs


@click.command("runs")
@click.option("--db", "database", metavar="NAME", help="The database (default: the configured one).")
@click.option("--last", default=20, show_default=True, type=click.IntRange(min=1), help="How many at most.")
@common
def command(session: Session, database: str | None, last: int) -> None:
    """What was run against a database, by whom and with what outcome, newest first."""
    runs = list_runs(session.workspace(), database=database, limit=last)
    rows = [
        (one.started_at, one.what, one.outcome, one.version or "", one.who, (one.plan or "")[:12])
        for one in runs
    ]
    heads = ("started", "what", "outcome", "version", "by", "plan")
    session.result(wire.plain(runs), table(heads, rows) if rows else "no runs yet: bravo-agent run")
