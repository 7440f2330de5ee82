"""A field of another type or with other digits, as somebody asks for it in Python and not by a column."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bravo_agent.errors import UsageError
from bravo_agent.model.entities import Entity, Field, Shape
from bravo_agent.model.plan import MakeOptional, ManualWork, RetypeField
from bravo_agent.model.refactor import CodeChange, Precision, Retype
from bravo_agent.registry import shelf
from bravo_agent.stores.application import ModelReading
from bravo_agent.usecases._known_types import known_types
from bravo_agent.usecases._layers import Layers
from bravo_agent.usecases._lines_before import as_before
from bravo_agent.usecases._value_changes import ValueChange
from bravo_agent.usecases._written_types import import_lines, without_none
from bravo_agent.workspace import Workspace
from codemods import AddField, EditResult, Home, LeftAlone, class_at, ordered

_PROBE = "bravo_agent_new_type"
_MOST_DIGITS = 1000


def retype_field(workspace: Workspace, entity: Entity, change: Retype) -> CodeChange:
    """The field with the type that is written; raises ``UsageError`` ``field-unknown``."""
    reading, field = workspace.models(), _field(entity, change.field)
    annotation, none = without_none(change.type)
    imports = import_lines(reading, entity.module, annotation)
    probed = _shape(workspace, reading, entity, field, annotation, imports)
    if isinstance(probed, EditResult):
        return CodeChange(refused=probed.manual)
    if none and not field.shape.optional:
        made = _change(workspace, reading, entity, field, MakeOptional(entity.name, field.name))
        if made.refused:
            return made
        if probed == replace(field.shape, text="", optional=False):
            return made
        overlay = {edit.file: edit.after for edit in made.patch.edits}
        return _after(made, _retype(workspace, reading, entity, field, probed, annotation, imports, overlay))
    return _retype(workspace, reading, entity, field, probed, annotation, imports, {})


def set_precision(workspace: Workspace, entity: Entity, change: Precision) -> CodeChange:
    """The field with other digits.

    Raises ``UsageError`` ``field-unknown``, ``field-not-decimal`` and ``digits-invalid``.
    """
    reading, field = workspace.models(), _field(entity, change.field)
    before = replace(field.shape, text="", optional=False)
    if before.kind != "decimal":
        raise UsageError(
            "field-not-decimal",
            f"{entity.name}.{field.name} is no decimal",
            hint="Give it another type with `bravo-agent refactor retype`.",
        )
    more = change.places - (before.decimal_places or 0)
    digits = change.digits if change.digits is not None else before.max_digits and before.max_digits + more
    refuse_digits(change.places, digits)
    after = replace(before, max_digits=digits, decimal_places=change.places)
    if after == before:
        return CodeChange(notes=(f"{entity.name}.{field.name} has these digits already",))
    made = _change(workspace, reading, entity, field, RetypeField(entity.name, field.name, before, after))
    return _proved(workspace, entity, field, after, made)


def _proved(workspace: Workspace, entity: Entity, asked: Field, after: Shape, made: CodeChange) -> CodeChange:
    """``made`` with work by hand where the field does not have the digits that were asked for."""
    if made.refused or not made.patch.edits:
        return made
    texts = {edit.file: edit.after for edit in made.patch.edits}
    now = workspace.models(texts).models.entity(f"{entity.module}:{entity.name}")
    field = now.field(asked.name) if now else None
    found = field and (field.shape.max_digits, field.shape.decimal_places)
    if found == (after.max_digits, after.decimal_places):
        return made
    why = f"the digits of {entity.name}.{asked.name} are written in a way that was not followed"
    digits = "" if after.max_digits is None else f", {after.max_digits} in all"
    advice = f"Let it have {after.decimal_places} digits behind the point{digits}."
    left = ManualWork(asked.place.file, asked.place.line, why, advice)
    return replace(made, patch=replace(made.patch, manual=ordered((*made.patch.manual, left))))


def refuse_digits(places: int, digits: int | None) -> None:
    """Raises ``UsageError`` where no decimal can have ``places`` behind the point of ``digits`` in all."""
    if places < 0 or (digits is not None and digits < 0):
        why = "a number of digits is not negative"
    elif digits == 0:
        why = "no digit would be left"
    elif digits is not None and places > digits:
        why = f"{places} digits behind the point are more than {digits} in all"
    elif max(places, digits or 0) > _MOST_DIGITS:
        why = f"more than {_MOST_DIGITS} digits are more than PostgreSQL has"
    else:
        return
    raise UsageError(
        "digits-invalid",
        why,
        hint="Give the digits behind the point (4), or in all and behind the point (14,4).",
    )


def _field(entity: Entity, name: str) -> Field:
    field = entity.field(name)
    if field is None:
        known = ", ".join(one.name for one in entity.fields)
        raise UsageError(
            "field-unknown", f"{entity.name} has no field {name}", hint=f"Its fields are: {known or 'none'}."
        )
    return field


def _retype(
    workspace: Workspace, reading: ModelReading, entity: Entity, field: Field, after: Shape, annotation: str,
    imports: tuple[str, ...], overlay: dict[str, str],
) -> CodeChange:  # fmt: skip
    before = replace(field.shape, text="", optional=False)
    edit = RetypeField(entity.name, field.name, before, after)
    made = _change(workspace, reading, entity, field, edit, annotation, imports, overlay)
    if made.refused or made.patch.edits:
        return made
    told = f"{entity.name}.{field.name} is of that type already; the constraints that stand there stay"
    return replace(made, notes=(*made.notes, told))


def _change(
    workspace: Workspace, reading: ModelReading, entity: Entity, field: Field, edit: RetypeField | MakeOptional,
    annotation: str | None = None, imports: tuple[str, ...] = (), overlay: dict[str, str] | None = None,
) -> CodeChange:  # fmt: skip
    file = field.place.file
    text = Layers(workspace).read(file)
    if text is None:
        return CodeChange(refused=(_not_utf8(file, field.place.line),))
    try:
        declaring = class_at(text, field.place.line)
    except LeftAlone as left:
        return CodeChange(refused=(ManualWork(file, left.line, left.why),))
    if declaring is None or entity.read_only:
        why = f"{entity.name}.{field.name} is not declared in a class that can be edited"
        return CodeChange(refused=(ManualWork(file, field.place.line, why),))
    module = next((one.module for one in reading.models.entities if one.place.file == file), entity.module)
    home = Home(
        declaring,
        module,
        file.endswith("__init__.py"),
        known_types(reading),
        names=tuple(one.name for one in entity.fields),
        annotation=annotation,
        imports=imports,
    )
    models = workspace.models(overlay).models if overlay else reading.models
    now = models.entity(f"{entity.module}:{entity.name}") or entity
    return ValueChange(workspace, models, now, edit, home, file, overlay=overlay).made()


def _after(first: CodeChange, second: CodeChange) -> CodeChange:
    """Two changes one after the other as one patch, the places of the second as they were before the first."""
    texts = {edit.file: (edit.before or "", edit.after) for edit in first.patch.edits}
    if second.refused:
        return replace(second, refused=tuple(as_before(one, texts) for one in second.refused))
    moved = (as_before(one, texts) for one in second.patch.manual)
    before = {edit.file: edit.before for edit in first.patch.edits}
    edits = {edit.file: edit for edit in first.patch.edits}
    for edit in second.patch.edits:
        edits[edit.file] = replace(edit, before=before.get(edit.file, edit.before))
    patch = replace(
        second.patch,
        edits=tuple(edits[file] for file in sorted(edits)),
        manual=ordered((*first.patch.manual, *moved)),
    )
    return replace(second, patch=patch)


def _not_utf8(file: str, line: int) -> ManualWork:
    return ManualWork(file, line, "the model's file is not in UTF-8", "Save it as UTF-8, and try again.")


def _shape(
    workspace: Workspace,
    reading: ModelReading,
    entity: Entity,
    asked: Field,
    annotation: str,
    imports: tuple[str, ...],
) -> Shape | EditResult:
    """What an annotation means in the model's file, read from a field that nobody keeps; else why it means nothing."""
    file = entity.place.file
    text = Layers(workspace).read(file)
    if text is None:
        return EditResult("", (_not_utf8(file, entity.place.line),))
    kind: Any = shelf("codemods")["add-field"]
    request = AddField(entity.name, _PROBE, annotation, imports, None, module=entity.module)
    result: EditResult = kind.edit(text, request, file)
    if result.manual:
        why = result.manual[0].why.replace(_PROBE, asked.name)
    else:
        found = workspace.models({file: result.text}).models.entity(f"{entity.module}:{entity.name}")
        field = found.field(_PROBE) if found else None
        if field is not None and field.shape.kind != "unknown":
            return replace(field.shape, text="", optional=False)
        why = f"nobody can tell what {annotation} takes"
    advice = f"{entity.name}.{asked.name}: {annotation}"
    return EditResult("", (ManualWork(asked.place.file, asked.place.line, why, advice),))
