"""What is checked of a patch of code before it is written: no new type error, and no other model changed by it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bravo_agent.model.code import FieldGroup, Finding
from bravo_agent.model.entities import Entity, Field, ModelSet, Place, Shape
from bravo_agent.model.plan import DropField, ManualWork, Patch, RenameField
from bravo_agent.model.refactor import CodeChange
from bravo_agent.stores.application import interpreter, read_text
from bravo_agent.stores.language_server import DefinitionServer
from bravo_agent.usecases._lines_before import as_before
from bravo_agent.workspace import Workspace

_PYTHON = (".py", ".pyi")
_NOWHERE = Place("", 0)
_Error = tuple[str, str, str]


def new_errors(
    workspace: Workspace,
    finding: Finding,
    made: CodeChange,
    words: Mapping[str, str],
    overlay: Mapping[str, str] | None = None,
    also: Collection[str] = (),
) -> list[ManualWork]:
    """Errors that the type checker finds after the patch and not before, in the files of the field (and ``also``).

    ``words``: old name -> new name, so that an error that only says the new name is no new one. An error at a place
    that is left to people is theirs.
    """
    edited = {edit.file: edit.after for edit in made.patch.edits if edit.file.endswith(_PYTHON)}
    named = {one.token.file for one in finding.occurrences if one.token.file.endswith(_PYTHON)}
    before = _texts(workspace, sorted(named | edited.keys() | set(also)), overlay or {})
    known = Counter(_said(error, words) for error in _errors(workspace, before))
    left = {(one.file, one.line) for one in made.patch.manual}
    texts = {file: (before.get(file, ""), after) for file, after in edited.items()}
    found: list[ManualWork] = []
    for error in _errors(workspace, {**before, **edited}):
        said = _said(error, words)
        if known[said] > 0:
            known[said] -= 1
            continue
        message = error[3].partition("\n")[0]
        work = as_before(ManualWork(error[0], error[1], f"the type checker would object: {message}"), texts)
        if (work.file, work.line) not in left:
            found.append(work)
    return found


@dataclass(frozen=True)
class Decided:
    """An edit that was decided for ``group``, with its ``words``: old name -> new name."""

    group: FieldGroup
    edit: RenameField | DropField
    words: Mapping[str, str]


def other_differences(
    workspace: Workspace,
    before: ModelSet,
    decided: Sequence[Decided],
    patch: Patch,
    overlay: Mapping[str, str] | None = None,
) -> list[ManualWork]:
    """Models that the patch would change in another way than was decided."""
    texts = {**(overlay or {}), **{one.file: one.after for one in patch.edits}}
    # With the file: folders without __init__.py give two modules one name.
    now_by_place = {(one.place.file, one.name): one for one in workspace.models(texts).models.entities}
    words = {old: new for one in decided for old, new in one.words.items()}
    found: list[ManualWork] = []
    for entity in before.entities:
        now = now_by_place.get((entity.place.file, entity.name))
        meant = _bare(_meant(entity, now, decided) if now else entity, words)
        if now is None or _bare(now, words) != meant:
            said = _difference(meant, _bare(now, words) if now else None)
            asked = ", ".join(dict.fromkeys(f"{one.group.asked.entity}.{one.edit.field}" for one in decided))
            why = f"with this edit {entity.name} would {said}, and {asked} alone was to change"
            fields = ", ".join(dict.fromkeys(one.edit.field for one in decided))
            advice = f"Nothing was edited. Change by hand what in {entity.name} depends on {fields}, and try again."
            found.append(ManualWork(entity.place.file, entity.place.line, why, advice))
    return found


def _difference(meant: Entity, now: Entity | None) -> str:
    """What a model would be other than was decided, in words."""
    if now is None:
        return "be no model that can be read any more"
    before, after = ({one.name: one for one in each.fields} for each in (meant, now))
    lost, new = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    other = [name for name in before if name in after and before[name] != after[name]]
    parts = [
        f"{verb} {', '.join(names)}"
        for verb, names in (("lose", lost), ("get", new), ("have another type, key or default of", other))
        if names
    ]
    return " and ".join(parts) or "have other base classes or its fields in another order"


def _meant(entity: Entity, now: Entity, decided: Sequence[Decided]) -> Entity:
    """The model with all that was asked of it, and with what was asked of others where it went along with them."""
    found = entity
    for one in decided:
        is_asked = (entity.module, entity.name) == (one.group.asked.module, one.group.asked.entity)
        meant = _edited(found, one.edit, one.words)
        if is_asked or (meant != found and _names(found) - _names(meant) - _names(now)):
            found = meant
    return found


def _names(entity: Entity) -> set[tuple[str, str]]:
    return {(one.name, one.document_name) for one in entity.fields}


def _texts(workspace: Workspace, files: list[str], overlay: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in files:
        try:
            found[file] = overlay[file] if file in overlay else read_text(workspace.project / file)
        except (UnicodeDecodeError, OSError):
            continue  # not edited, and the checker reads it by itself
    return found


def _errors(workspace: Workspace, texts: Mapping[str, str]) -> tuple[tuple[str, int, str, str], ...]:
    if not texts:
        return ()
    project = workspace.project.resolve()
    python = interpreter(project, workspace.config.project)
    with DefinitionServer(project, texts, python=python) as server:
        return server.diagnostics(sorted(texts))


def _said(error: tuple[str, int, str, str], words: Mapping[str, str]) -> _Error:
    file, _, rule, message = error
    return file, rule, _with(message, words)


def _edited(entity: Entity, edit: RenameField | DropField, words: Mapping[str, str]) -> Entity:
    if isinstance(edit, DropField):
        return replace(entity, fields=tuple(one for one in entity.fields if one.name != edit.field))
    return replace(entity, fields=tuple(_named(one, words) for one in entity.fields))


def _named(field: Field, words: Mapping[str, str]) -> Field:
    name, key = words.get(field.name, field.name), words.get(field.document_name, field.document_name)
    return replace(field, name=name, document_name=key)


def _bare(entity: Entity, words: Mapping[str, str]) -> Entity:
    """Without places, for lines move; what is written in annotations and defaults under the new names alone."""
    fields = tuple(
        replace(
            one,
            place=_NOWHERE,
            shape=_written(one.shape, words),
            default=None if one.default is None else _with(one.default, words),
        )
        for one in entity.fields
    )
    return replace(entity, place=_NOWHERE, fields=fields, known_by="source")


def _written(shape: Shape, words: Mapping[str, str]) -> Shape:
    item = None if shape.item is None else _written(shape.item, words)
    return replace(shape, text=_with(shape.text, words), item=item)


def _with(text: str, words: Mapping[str, str]) -> str:
    """``text`` with the new names instead of the old ones."""
    for old, new in words.items():
        text = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, text)
    return text
