"""``bravo-agent refactor``: one field change through the code alone, in any project with Pydantic models."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from bravo_agent import wire
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import lines_text, recomputed_lines
from bravo_agent.errors import UsageError
from bravo_agent.model.plan import ManualWork
from bravo_agent.model.refactor import Add, CodeChange, Drop, FieldChange, Precision, Rename, Retype
from bravo_agent.stores.application import render_diff
from bravo_agent.usecases.recompute import recompute_change
from bravo_agent.usecases.refactor import (
    Refactored,
    apply_refactoring,
    commit_refactoring,
    manifest,
    refactor,
    save_refactoring,
)
from bravo_agent.workspace import Workspace, open_code

_NOT_RUN = "what tests expect is not computed again: --recompute runs them and proposes it"
_NEGATIVE = re.compile(r"-\d[\d,-]*", re.ASCII)


@dataclass(frozen=True)
class _Wish:
    """What is to become of the patch."""

    diff: bool
    patch: Path | None
    apply: bool
    branch: str | None
    allow_dirty: bool
    python: str | None
    exclude: tuple[str, ...]
    recompute: bool


@click.group("refactor")
def command() -> None:
    """Changes one field through the whole code; needs no database and no bravo.toml.

    Without --patch, --apply or --branch it only shows the diff. A field is named Model.field, or
    package.module:Model.field where two models are called alike.
    """


def _shared(function: Callable[..., FieldChange]) -> Callable[..., None]:
    """The options that all kinds share; ``function`` gives what is asked for."""

    @common
    @click.argument("field", metavar="MODEL.FIELD")
    @click.option("--diff", is_flag=True, help="Show the diff: the default where nothing else is asked for.")
    @click.option(
        "--patch", type=click.Path(path_type=Path, dir_okay=False), help="Write the diff to this file."
    )
    @click.option("--apply", is_flag=True, help="Edit the working tree.")
    @click.option("--branch", metavar="NAME", help="Commit on a new branch; the working tree stays as it is.")
    @click.option("--allow-dirty", is_flag=True, help="Edit files with uncommitted changes too.")
    @click.option("--python", metavar="PATH", help="The interpreter that has the application's packages.")
    @click.option("--exclude", multiple=True, metavar="PATTERN", help="Files or folders to leave alone.")
    @click.option("--recompute", is_flag=True, help="Run the project's tests; propose new expected values.")
    @functools.wraps(function)
    def wrapped(session: Session, field: str, **options: Any) -> int:
        wish = _Wish(**{name: options.pop(name) for name in _Wish.__dataclass_fields__})
        if wish.apply and wish.branch:
            raise click.UsageError("--apply and --branch exclude each other")
        entity, _, name = field.rpartition(".")
        if not entity:
            raise click.UsageError(f"{field} is no MODEL.FIELD")
        return _carry(session, wish, function(entity, name, **options))

    return wrapped


@command.command("rename")
@_shared
@click.argument("new")
@click.option("--without", multiple=True, metavar="CLASS", help="A class that keeps its name for it.")
def _rename(entity: str, field: str, new: str, without: tuple[str, ...]) -> FieldChange:
    """Renames a field: its declarations, and every place that is known to mean it."""
    return Rename(entity, field, new, without)


@command.command("drop")
@_shared
def _drop(entity: str, field: str) -> FieldChange:
    """Takes a field out, where nothing reads it: its declarations, and what only fills or lists it."""
    return Drop(entity, field)


@command.command("add")
@_shared
@click.argument("type_", metavar="TYPE")
@click.option("--default", metavar="VALUE", help="A Python expression.")
@click.option("--optional", is_flag=True, help="The field takes None, and is None where nobody says more.")
@click.option("--computed", metavar="EXPR", help="A Python expression over the other fields.")
def _add(
    entity: str, field: str, type_: str, default: str | None, optional: bool, computed: str | None
) -> FieldChange:
    """Adds a field, and a value for it wherever the model is made."""
    if (default is not None) + optional + (computed is not None) > 1:
        raise click.UsageError("--default, --optional and --computed exclude each other")
    return Add(entity, field, type_, default, optional, computed)


@command.command("retype")
@_shared
@click.argument("type_", metavar="TYPE")
def _retype(entity: str, field: str, type_: str) -> FieldChange:
    """Gives a field another type."""
    return Retype(entity, field, type_)


class _TakesNegatives(click.Command):
    """A negative number is a number and no option: what is wrong with it is said as of any other."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f" {one}" if _NEGATIVE.fullmatch(one) else one for one in args])


@command.command("precision", cls=_TakesNegatives)
@_shared
@click.argument("digits", metavar="DIGITS")
def _precision(entity: str, field: str, digits: str) -> FieldChange:
    """Gives a decimal field other DIGITS: behind the point (4), or in all and behind the point (14,4)."""
    parts = digits.strip().split(",")
    if len(parts) > 2 or not all(re.fullmatch(r"\s*-?\d{1,6}\s*", part, re.ASCII) for part in parts):
        raise UsageError(
            "digits-invalid",
            f"{digits.strip()} is no number of digits",
            hint="Give the digits behind the point (4), or in all and behind the point (14,4).",
        )
    return Precision(entity, field, int(parts[-1]), int(parts[0]) if len(parts) == 2 else None)


def _carry(session: Session, wish: _Wish, change: FieldChange) -> int:
    workspace = open_code(session.project, python=wish.python, exclude=wish.exclude)
    made = refactor(workspace, change)
    if wish.recompute:
        made = recompute_change(workspace, made)
    elif isinstance(change, Precision) and made.patch.edits:
        made = replace(made, notes=(*made.notes, _NOT_RUN))
    done = _done(workspace, wish, change, made)
    document = {
        **manifest(change, made),
        "diff": render_diff(made.patch),
        "refused": [wire.plain(one) for one in made.refused],
        "done": wire.plain(done),
    }
    session.result(document, _text(wish, made, done), exact=True)
    open_ = made.refused or made.patch.manual or made.unread or done.not_clean
    return 3 if open_ else 0


def _done(workspace: Workspace, wish: _Wish, change: FieldChange, made: CodeChange) -> Refactored:
    done = Refactored()
    if wish.patch is not None:
        done = save_refactoring(workspace, change, made, wish.patch)
    if wish.branch is not None:
        done = commit_refactoring(workspace, change, made, wish.branch, allow_dirty=wish.allow_dirty)
    if wish.apply:
        done = apply_refactoring(workspace, change, made, allow_dirty=wish.allow_dirty)
    return done


def _text(wish: _Wish, made: CodeChange, done: Refactored) -> str:
    shown = wish.diff or not (wish.patch or wish.apply or wish.branch)
    diff = render_diff(made.patch) if shown else ""
    lines = [*_group(made), *_places("refused", made.refused), *_places("by hand", made.patch.manual)]
    lines += recomputed_lines(made.patch)
    lines += [*_places("not read", made.unread), *_places("perhaps", made.mentions)]
    lines += [f"note: {note}" for note in made.notes]
    lines += [f"not clean, so nothing was written: {file}" for file in done.not_clean]
    if not made.patch.edits and not made.refused:
        lines.append("nothing to change" if not made.patch.manual else "nothing was changed")
    if done.edited:
        where = (
            f"on branch {done.branch}" if done.branch else f"in {wish.patch}" if not wish.apply else "edited"
        )
        lines += [f"{where}: {len(done.edited)} files", f"every place: {done.manifest}"]
    return diff + lines_text(lines)


def _group(made: CodeChange) -> list[str]:
    if made.group is None:
        return []
    lines = [f"with it: {ref.entity}.{ref.field} ({why})" for ref, why in made.group.coupled]
    return lines + [f"not with it: {one.ref.entity}.{one.ref.field} ({one.why})" for one in made.group.beside]


def _places(word: str, found: tuple[ManualWork, ...]) -> list[str]:
    return [
        f"{word}: {one.file}:{one.line}: {one.why}" + (f". {one.suggestion}" if one.suggestion else "")
        for one in found
    ]
