"""``bravo-agent load``."""

from __future__ import annotations

import click

from bravo_agent.cli._session import Session, common
from bravo_agent.cli._summary import run_document, run_text
from bravo_agent.cli.run import REFRESH
from bravo_agent.model.version import Refresh
from bravo_agent.usecases.acquire import newest_local
from bravo_agent.usecases.run import run


@click.command("load")
@click.option("--snapshot", default="latest", metavar="ID", help="Which local snapshot (default: latest).")
@click.option("--db", "database", metavar="NAME", help="The database (default: the configured one).")
@click.option("--refresh", type=REFRESH, default="full", show_default=True, help="How data come in.")
@common
def command(session: Session, snapshot: str, database: str | None, refresh: Refresh) -> int:
    """The data part alone: a local snapshot through the models as they are, checked and published."""
    workspace = session.workspace()
    report = run(
        workspace,
        source="direct",
        snapshot=newest_local(workspace, snapshot),
        database=database,
        refresh=refresh,
        code="leave",
        emit=session.progress,
    )
    session.result(run_document(report), run_text(report))
    return report.exit_code
