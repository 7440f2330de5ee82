"""``bravo-agent validate``."""

from __future__ import annotations

import click

from bravo_agent import wire
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import lines_text, table
from bravo_agent.usecases.validate import failed_checks, validate


@click.command("validate")
@click.option("--db", "database", metavar="NAME", help="The database (default: the configured one).")
@common
def command(session: Session, database: str | None) -> int:
    """Runs the checks on what is loaded, against the snapshot it came from."""
    workspace = session.workspace()
    results = validate(workspace, database=database, emit=session.progress)
    failed = failed_checks(results, workspace.config.load.quarantine)
    rows = [
        (one.table or "", one.check, "passed" if one.passed else "FAILED", f"{one.examined:,}")
        for one in results
    ]
    shown = table(("table", "check", "result", "looked at"), rows)
    lines = [
        f"{one.check}: {found.where}: {found.message} ({found.count})"
        for one in failed
        for found in one.findings
    ]
    session.result(
        [wire.plain(one) for one in results], "\n".join([shown, *([lines_text(lines)] if lines else [])])
    )
    return 1 if failed else 0
