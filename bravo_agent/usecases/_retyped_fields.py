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
from bravo_agent.usecases._value_changes import ValueChange
from bravo_agent.usecases._written_types import import_lines, without_none
from bravo_agent.workspace import Workspace
from codemods import AddField, EditResult, Home, LeftAlone, class_at

_PROBE = "bravo_agent_new_type"


def retype_field(workspace: Workspace, entity: Entity, change: Retype) -> CodeChange:
    """The field with the type that is written; raises ``UsageError`` ``field-unknown``."""
    reading, field = workspace.models(), _field(entity, change.field)
    annotation, none = without_none(change.type)
    imports = import_lines(reading, entity.module, annotation)
    probed = _shape(workspace, reading, entity, annotation, imports)
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
    """The field with other digits; raises ``UsageError`` ``field-unknown`` and ``field-not-decimal``."""
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
    after = replace(before, max_digits=digits, decimal_places=change.places)
    if after == before:
        return CodeChange(notes=(f"{entity.name}.{field.name} has these digits already",))
    return _change(workspace, reading, entity, field, RetypeField(entity.name, field.name, before, after))


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
    return _change(workspace, reading, entity, field, edit, annotation, imports, overlay)


def _change(
    workspace: Workspace, reading: ModelReading, entity: Entity, field: Field, edit: RetypeField | MakeOptional,
    annotation: str | None = None, imports: tuple[str, ...] = (), overlay: dict[str, str] | None = None,
) -> CodeChange:  # fmt: skip
    file = field.place.file
    text = Layers(workspace).read(file) or ""
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
    """Two changes one after the other as one patch."""
    if second.refused:
        return second
    before = {edit.file: edit.before for edit in first.patch.edits}
    edits = {edit.file: edit for edit in first.patch.edits}
    for edit in second.patch.edits:
        edits[edit.file] = replace(edit, before=before.get(edit.file, edit.before))
    patch = replace(
        second.patch,
        edits=tuple(edits[file] for file in sorted(edits)),
        manual=(*first.patch.manual, *second.patch.manual),
    )
    return replace(second, patch=patch)


def _shape(
    workspace: Workspace, reading: ModelReading, entity: Entity, annotation: str, imports: tuple[str, ...]
) -> Shape | EditResult:
    """What an annotation means in the model's file, read from a field that nobody keeps; else why it means nothing."""
    file = entity.place.file
    kind: Any = shelf("codemods")["add-field"]
    request = AddField(entity.name, _PROBE, annotation, imports, None, module=entity.module)
    result: EditResult = kind.edit(Layers(workspace).read(file) or "", request, file)
    if result.manual:
        return result
    found = workspace.models({file: result.text}).models.entity(f"{entity.module}:{entity.name}")
    field = found.field(_PROBE) if found else None
    if field is None or field.shape.kind == "unknown":
        why = f"nobody can tell what {annotation} takes"
        return EditResult("", (ManualWork(file, entity.place.line, why),))
    return replace(field.shape, text="", optional=False)
