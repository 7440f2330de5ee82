"""One change of one field through the code alone: no database, no snapshot, no bravo.toml."""

from __future__ import annotations

import keyword
from dataclasses import dataclass
from pathlib import Path
from typing import Any, assert_never

from pydantic import BaseModel

from bravo_agent import wire
from bravo_agent.errors import UsageError
from bravo_agent.model.entities import Entity, ModelSet
from bravo_agent.model.plan import DropField, RenameField
from bravo_agent.model.refactor import Add, CodeChange, Drop, FieldChange, Precision, Rename, Retype
from bravo_agent.planning.naming import column_of_field, field_name
from bravo_agent.stores.application import ModelReading, apply_patch, commit_patch, only_writer, render_diff
from bravo_agent.usecases._added_fields import add_field
from bravo_agent.usecases._own_checkers import checked
from bravo_agent.usecases._places import keep, manifest_of_change, own_folder
from bravo_agent.usecases._renamed_before import KEPT, made_before
from bravo_agent.usecases._retyped_fields import retype_field, set_precision
from bravo_agent.usecases._whole_code import through_code
from bravo_agent.workspace import Workspace, write_text


@dataclass(frozen=True)
class Refactored:
    """Where a change of code went; ``not_clean`` files hold uncommitted changes, and nothing was written.

    ``manifest`` lists every place that was found, with what is known of it and what became of it.
    """

    edited: tuple[str, ...] = ()
    not_clean: tuple[str, ...] = ()
    branch: str | None = None
    manifest: str | None = None


def refactor(workspace: Workspace, change: FieldChange) -> CodeChange:
    """The change as a patch that was checked; writes nothing.

    Raises ``UsageError`` ``model-unknown``, ``model-ambiguous``, ``field-unknown``, ``field-name-invalid``,
    ``field-exists``, ``class-not-apart``.
    """
    return checked(workspace, change, _changed(workspace, change))


def _changed(workspace: Workspace, change: FieldChange) -> CodeChange:
    reading = workspace.models()
    entity = entity_named(reading.models, change.entity)
    match change:
        case Rename():
            return _rename(workspace, reading, entity, change)
        case Drop():
            return through_code(workspace, reading.models, entity, DropField(entity.name, change.field))
        case Add():
            refuse_bad_name(change.field)
            return add_field(workspace, entity, change)
        case Retype():
            return retype_field(workspace, entity, change)
        case Precision():
            return set_precision(workspace, entity, change)
        case _:
            assert_never(change)


def apply_refactoring(
    workspace: Workspace, change: FieldChange, made: CodeChange, *, allow_dirty: bool = False
) -> Refactored:
    """Writes the patch to the working tree, all of it or, where a file holds uncommitted changes, nothing."""
    if made.refused or not made.patch.edits:
        return Refactored()
    own_folder(workspace)
    with only_writer(workspace.private):
        refused = apply_patch(workspace.project, made.patch, allow_dirty=allow_dirty)
    if refused:
        return Refactored(not_clean=refused)
    return Refactored(_files(made), manifest=_keep_manifest(workspace, change, made))


def commit_refactoring(
    workspace: Workspace, change: FieldChange, made: CodeChange, branch: str, *, allow_dirty: bool = False
) -> Refactored:
    """Commits the patch on a new ``branch`` from where HEAD is; the working tree stays as it is.

    Raises ``UsageError`` ``branch-exists`` and ``no-repository``.
    """
    if made.refused or not made.patch.edits:
        return Refactored()
    refused = commit_patch(
        workspace.project, made.patch, branch=branch, message=headline(change), allow_dirty=allow_dirty
    )
    if refused:
        return Refactored(not_clean=refused)
    return Refactored(_files(made), branch=branch, manifest=_keep_manifest(workspace, change, made))


def save_refactoring(workspace: Workspace, change: FieldChange, made: CodeChange, path: Path) -> Refactored:
    """Writes the patch to ``path`` and its manifest beside it (``path``.json)."""
    if made.refused or not made.patch.edits:
        return Refactored()
    write_text(path, render_diff(made.patch))
    beside = path.with_name(f"{path.name}.json")
    write_text(beside, wire.dumps(manifest(change, made)))
    return Refactored(_files(made), manifest=str(beside))


def headline(change: FieldChange) -> str:
    """The change in a line."""
    more = f" to {change.new}" if isinstance(change, Rename) else ""
    return f"{change.tag.capitalize()} {change.entity}.{change.field}{more}"


def manifest(change: FieldChange, made: CodeChange) -> dict[str, Any]:
    """Every place with its verdict, what that rests on, and what became of it."""
    return manifest_of_change(change, made)


def entity_named(models: ModelSet, name: str) -> Entity:
    """The model called ``name`` or ``module:name``; raises ``UsageError``."""
    found = [one for one in models.entities if name in (one.name, f"{one.module}:{one.name}")]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            "model-ambiguous",
            f"there are {len(found)} models called {name}",
            hint=f"Name one of them: {', '.join(f'{one.module}:{one.name}' for one in found)}.",
        )
    known = ", ".join(sorted(one.name for one in models.entities)[:20]) or "none"
    raise UsageError(
        "model-unknown",
        f"there is no model {name}",
        hint=f"Models that were found: {known}. With -C DIR you name another folder.",
    )


def _rename(workspace: Workspace, reading: ModelReading, entity: Entity, change: Rename) -> CodeChange:
    refuse_bad_name(change.new)
    new = entity.field(change.new)
    if entity.field(change.field) is None and new is not None:
        return made_before(workspace, entity, change, new)
    column = column_of_field(change.field)
    before = column if field_name(column) == change.field else change.field
    edit = RenameField(entity.name, change.field, before, change.new)
    return through_code(workspace, reading.models, entity, edit, notes=reading.notes, apart=change.without)


def refuse_bad_name(name: str) -> None:
    """Raises ``UsageError`` where no model can have a field of that name."""
    if not name.isidentifier() or keyword.iskeyword(name):
        why = "is no Python name"
    elif name.startswith("_"):
        why = "begins with an underscore, so Pydantic takes it for a private attribute"
    elif hasattr(BaseModel, name):
        why = "is a name of Pydantic's own"
    else:
        return
    raise UsageError("field-name-invalid", f"{name} {why}", hint="Choose another name.")


def _files(made: CodeChange) -> tuple[str, ...]:
    return tuple(edit.file for edit in made.patch.edits)


def _keep_manifest(workspace: Workspace, change: FieldChange, made: CodeChange) -> str:
    document = manifest(change, made)
    name = f"{change.tag}-{change.entity}.{change.field}-{wire.fingerprint(wire.dumps(document))[:8]}.json"
    return keep(workspace, f"{KEPT}/{name.replace(':', '.').replace('/', '.')}", document)
