"""``bravo-agent artifacts``."""

from __future__ import annotations

import click

from bravo_agent import wire
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import lines_text
from bravo_agent.stores.application import render_diff
from bravo_agent.usecases.artifacts import apply_artifacts, make_artifacts


@click.command("artifacts")
@click.option("--check", is_flag=True, help="Exit with 1 when one is stale; write nothing.")
@common
def command(session: Session, check: bool) -> int:
    """Makes the files of [artifacts] anew from the models as they stand; no database is asked."""
    workspace = session.workspace()
    stale = make_artifacts(workspace)
    files = [edit.file for edit in stale.edits] if check else list(apply_artifacts(workspace, stale))
    document = {
        "stale" if check else "written": files,
        "diff": render_diff(stale),
        "manual": [wire.plain(one) for one in stale.manual],
    }
    told = [
        f"stale: {file}: made anew by `bravo-agent artifacts`" if check else f"written: {file}"
        for file in files
    ]
    told += [f"by hand: {one.file}: {one.why}: {one.suggestion}" for one in stale.manual]
    session.result(document, lines_text(told) or "nothing is stale")
    return 1 if check and told else 0
