"""``bravo-agent apply PLAN``."""

from __future__ import annotations

from typing import Any

import click

from bravo_agent.cli._session import Session, common
from bravo_agent.cli._summary import run_document, run_text
from bravo_agent.cli._tables import lines_text
from bravo_agent.usecases.apply import Application, apply


@click.command("apply")
@click.argument("plan")
@common
def command(session: Session, plan: str) -> int:
    """Carries out a plan by its hash, or by eight or more of its first digits."""
    workspace = session.workspace()
    log = workspace.now().strftime("%Y-%m-%d-%H-%M-%S")
    session.progress.log_to(workspace.project / "logs" / "etl" / f"{log}.log")
    done = apply(workspace, plan=plan, emit=session.progress)
    session.result(_document(done), _text(done))
    return done.exit_code


def _document(done: Application) -> dict[str, Any]:
    return {
        "status": done.status,
        "plan": done.plan,
        "exitCode": done.exit_code,
        "outcome": done.outcome,
        "database": done.database,
        "version": done.version,
        "notes": list(done.notes),
        "report": run_document(done.report) if done.report else None,
    }


def _text(done: Application) -> str:
    if done.report is not None:
        return run_text(done.report)
    first = f"plan {done.plan[:12]} was applied already: {done.database}, version {done.version}"
    return lines_text((first, *done.notes))
