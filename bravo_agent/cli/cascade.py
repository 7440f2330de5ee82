"""``bravo-agent cascade``."""

from __future__ import annotations

from pathlib import Path

import click

from bravo_agent import wire
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import lines_text, recomputed_lines
from bravo_agent.planning.held import held_text
from bravo_agent.usecases.cascade import make_cascade, recompute_cascade
from bravo_agent.usecases.examine import examine
from bravo_agent.workspace import write_text


@click.command("cascade")
@click.option("--source", default="direct", show_default=True, help="direct, s3, or a snapshot's folder.")
@click.option("--patch", type=click.Path(path_type=Path, dir_okay=False), help="Write the diff to this file.")
@click.option("--check", is_flag=True, help="Exit with 1 when code and decisions disagree; write nothing.")
@click.option("--recompute", is_flag=True, help="Run the project's tests; propose new expected values.")
@common
def command(session: Session, source: str, patch: Path | None, check: bool, recompute: bool) -> int:
    """The code part alone: prints or writes the diff that decided changes lead to."""
    workspace = session.workspace()
    cascade = make_cascade(workspace, examine(workspace, source=source).found)
    if recompute and not check:
        cascade = recompute_cascade(workspace, cascade)
    if patch is not None and not check:
        write_text(patch, cascade.diff)
    files = [edit.file for edit in cascade.patch.edits]
    held = [one for one in cascade.after.changes if one.held_by]
    document = {
        "files": files,
        "artifacts": [edit.file for edit in cascade.artifacts.edits],
        "diff": cascade.diff,
        "manual": [wire.plain(one) for one in cascade.patch.manual],
        "recomputed": [wire.plain(one) for one in cascade.patch.recomputed],
        "together": list(cascade.together),
        "blocked": [{"id": one.id, "uses": wire.plain(one.held_by)} for one in held],
    }
    told = [f"together: {one}" for one in cascade.together]
    told += recomputed_lines(cascade.patch)
    told += [f"by hand: {one.file}:{one.line}: {one.why}" for one in cascade.patch.manual]
    how = "bravo-agent run" if cascade.code.edits else "bravo-agent artifacts"
    told += [f"stale: {edit.file}: made anew by `{how}`" for edit in cascade.artifacts.edits]
    told += [f"blocked: {one.kind} {one.table}.{one.field}: {held_text(one)}" for one in held]
    # The diff is for `git apply`, byte for byte; what stands under it is for people.
    under = f"{lines_text(told)}\n" if told else ""
    session.result(document, (cascade.diff or "nothing to change\n") + under, exact=True)
    return 1 if check and (files or cascade.patch.manual) else 0
