"""``bravo-agent cascade``."""

from __future__ import annotations

from pathlib import Path

import click

from bravo_agent import wire
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import lines_text, recomputed_lines
from bravo_agent.model.change import Change
from bravo_agent.planning.held import held_text
from bravo_agent.usecases.cascade import (
    Cascade,
    apply_cascade,
    commit_cascade,
    make_cascade,
    recompute_cascade,
    save_cascade,
)
from bravo_agent.usecases.examine import examine
from bravo_agent.usecases.refactor import Refactored
from bravo_agent.workspace import Workspace


@click.command("cascade")
@click.option("--source", default="direct", show_default=True, help="direct, s3, or a snapshot's folder.")
@click.option("--patch", type=click.Path(path_type=Path, dir_okay=False), help="Write the diff to this file.")
@click.option("--apply", is_flag=True, help="Edit the working tree.")
@click.option("--branch", metavar="NAME", help="Commit on a new branch; the working tree stays as it is.")
@click.option("--allow-dirty", is_flag=True, help="Edit files with uncommitted changes too.")
@click.option("--check", is_flag=True, help="Exit with 1 when code and decisions disagree; write nothing.")
@click.option("--recompute", is_flag=True, help="Run the project's tests; propose new expected values.")
@common
def command(
    session: Session,
    source: str,
    patch: Path | None,
    apply: bool,
    branch: str | None,
    allow_dirty: bool,
    check: bool,
    recompute: bool,
) -> int:
    """The code part alone: shows the diff that decided changes lead to, or writes it."""
    if sum((apply, branch is not None, check)) > 1:
        raise click.UsageError("--apply, --branch and --check exclude each other")
    workspace = session.workspace()
    cascade = make_cascade(workspace, examine(workspace, source=source).found)
    if recompute and not check:
        cascade = recompute_cascade(workspace, cascade)
    done = Refactored()
    if patch is not None and not check:
        done = save_cascade(cascade, patch)
    if apply or branch is not None:
        done = _written(workspace, cascade, branch, allow_dirty)
    session.result(_document(cascade, done), _text(cascade, done), exact=True)
    if check:
        return 1 if cascade.patch.edits or cascade.patch.manual else 0
    return 3 if done.not_clean else 0


def _written(workspace: Workspace, cascade: Cascade, branch: str | None, allow_dirty: bool) -> Refactored:
    if branch is None:
        return apply_cascade(workspace, cascade, allow_dirty=allow_dirty)
    return commit_cascade(workspace, cascade, branch, allow_dirty=allow_dirty)


def _document(cascade: Cascade, done: Refactored) -> dict[str, object]:
    return {
        **cascade.manifest,
        "diff": cascade.diff,
        "together": list(cascade.together),
        "blocked": [{"id": one.id, "uses": wire.plain(one.held_by)} for one in _held(cascade)],
        "done": wire.plain(done),
    }


def _held(cascade: Cascade) -> list[Change]:
    return [one for one in cascade.after.changes if one.held_by]


def _text(cascade: Cascade, done: Refactored) -> str:
    told = [f"together: {one}" for one in cascade.together]
    told += [f"note: {note}" for note in cascade.notes]
    told += recomputed_lines(cascade.patch)
    told += [f"by hand: {one.file}:{one.line}: {one.why}" for one in cascade.patch.manual]
    told += [f"not clean, so nothing was written: {file}" for file in done.not_clean]
    if done.manifest:
        where = f"on branch {done.branch}: " if done.branch else ""
        told += [f"{where}{len(done.edited)} files; every place: {done.manifest}"]
    else:
        how = "bravo-agent run" if cascade.code.edits else "bravo-agent artifacts"
        told += [f"stale: {edit.file}: made anew by `{how}`" for edit in cascade.artifacts.edits]
    told += [f"blocked: {one.kind} {one.table}.{one.field}: {held_text(one)}" for one in _held(cascade)]
    # The diff is for `git apply`, byte for byte; what stands under it is for people.
    under = f"{lines_text(told)}\n" if told else ""
    return (cascade.diff or "nothing to change\n") + under
