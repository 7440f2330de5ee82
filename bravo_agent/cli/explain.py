"""``bravo-agent explain ID``."""

from __future__ import annotations

import click

from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import lines_text
from bravo_agent.usecases.explain import explain


@click.command("explain")
@click.argument("subject", metavar="ID")
@click.option(
    "--source", default="direct", show_default=True, help="Of a change: direct, s3, or a snapshot's folder."
)
@click.option("--snapshot", default="latest", metavar="ID", help="Of a change: which snapshot.")
@common
def command(session: Session, subject: str, source: str, snapshot: str) -> None:
    """Reads out a plan or a change (by the beginning of its hash), or a check (by its name)."""
    told = explain(session.workspace(), subject, source=source, snapshot=snapshot)
    session.result({"of": told.of, **told.document}, lines_text(told.lines))
