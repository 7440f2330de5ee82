"""``bravo-agent run``; ``bravo-agent --auto`` is short for ``run --auto``."""

from __future__ import annotations

import click

from bravo_agent import wire
from bravo_agent.cli._interactive import ask_first, check_interactive
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._summary import run_document, run_text
from bravo_agent.cli._tables import lines_text
from bravo_agent.model.version import Refresh
from bravo_agent.usecases.plan import draft_plan
from bravo_agent.usecases.run import run

REFRESH = click.Choice(["full", "incremental", "parallel"])


@click.command("run")
@click.option("--auto", is_flag=True, help="Never asks (the default); for CI.")
@click.option("--interactive", is_flag=True, help="Asks what is open first, on a terminal.")
@click.option("--source", default="direct", show_default=True, help="direct, s3, or a snapshot's folder.")
@click.option("--snapshot", default="latest", metavar="ID", help="Which snapshot (default: latest).")
@click.option("--db", "database", metavar="NAME", help="The database (default: the configured one).")
@click.option("--refresh", type=REFRESH, default="full", show_default=True, help="How data come in.")
@click.option(
    "--no-apply-code", is_flag=True, help="Write the cascade as a patch file instead of applying it."
)
@click.option("--dry-run", is_flag=True, help="Say what would be done; nothing is written but the report.")
@common
def command(
    session: Session,
    auto: bool,
    interactive: bool,
    source: str,
    snapshot: str,
    database: str | None,
    refresh: Refresh,
    no_apply_code: bool,
    dry_run: bool,
) -> int:
    """Everything, in order: acquire, detect, decide, code, load, check, publish."""
    if interactive:
        check_interactive(auto=auto, json=session.json, dry_run=dry_run)
    workspace = session.workspace()
    if dry_run:
        draft = draft_plan(
            workspace,
            source=source,
            snapshot=snapshot,
            database=database,
            refresh=refresh,
            code="patch" if no_apply_code else "apply",
        )
        session.result(wire.plain(draft), lines_text(draft.lines))
        return draft.exit_code
    if interactive:
        asked = ask_first(session, workspace, source, snapshot)
        if asked.left:
            return asked.found.exit_code
        snapshot = asked.snapshot
    log = workspace.now().strftime("%Y-%m-%d-%H-%M-%S")
    session.progress.log_to(workspace.project / "logs" / "etl" / f"{log}.log")
    report = run(
        workspace,
        source=source,
        snapshot=snapshot,
        database=database,
        refresh=refresh,
        code="patch" if no_apply_code else "apply",
        emit=session.progress,
    )
    session.result(run_document(report), run_text(report))
    return report.exit_code
