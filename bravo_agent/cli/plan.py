"""``bravo-agent plan``."""

from __future__ import annotations

import click

from bravo_agent import wire
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import lines_text
from bravo_agent.cli.run import REFRESH
from bravo_agent.model.version import Refresh
from bravo_agent.usecases.plan import plan


@click.command("plan")
@click.option("--source", default="direct", show_default=True, help="direct, s3, or a snapshot's folder.")
@click.option("--snapshot", default="latest", metavar="ID", help="Which snapshot (default: latest).")
@click.option("--db", "database", metavar="NAME", help="The database (default: the configured one).")
@click.option("--refresh", type=REFRESH, default="full", show_default=True, help="How data come in.")
@click.option("--no-apply-code", is_flag=True, help="Plan a patch file instead of edits of the working tree.")
@common
def command(
    session: Session, source: str, snapshot: str, database: str | None, refresh: Refresh, no_apply_code: bool
) -> int:
    """What a run would do, kept under a hash that `apply` takes."""
    made = plan(
        session.workspace(),
        source=source,
        snapshot=snapshot,
        database=database,
        refresh=refresh,
        code="patch" if no_apply_code else "apply",
        emit=session.progress,
    )
    apply = () if not made.plan.steps else (f"apply it: bravo-agent apply {made.plan.hash[:12]}",)
    session.result(wire.plain(made), lines_text((*made.lines, *apply)))
    return made.exit_code
