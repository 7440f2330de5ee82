"""A new field through the whole code: in its model, where the model is made, in the tables that its kind stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bravo_agent.model.code import FieldGroup, FieldRef, Finding
from bravo_agent.model.entities import Entity, Field, ModelSet
from bravo_agent.model.plan import InsertField, ManualWork, Patch
from bravo_agent.model.refactor import Add, CodeChange
from bravo_agent.planning.naming import field_name
from bravo_agent.registry import shelf
from bravo_agent.stores.application import ModelReading, configured_checkers
from bravo_agent.types import family
from bravo_agent.usecases._calculated_fields import calculate_field, returned
from bravo_agent.usecases._code_checks import new_errors
from bravo_agent.usecases._given_fields import bounds_written, give_field
from bravo_agent.usecases._layers import Layers
from bravo_agent.usecases._present_fields import declaration_at, field_exists, parts_of, same_field
from bravo_agent.usecases._python_files import PythonFiles
from bravo_agent.usecases._whole_code import code_over
from bravo_agent.usecases._written_types import import_lines, without_none
from bravo_agent.workspace import Workspace
from codemods import (
    AddField,
    CalculateField,
    ComputeField,
    EditResult,
    Home,
    RoundField,
    ignored_in,
)

_PROBE = "bravo_agent_new_field"


def add_field(workspace: Workspace, entity: Entity, change: Add) -> CodeChange:
    """The field, and what follows from it; nothing is written."""
    if entity.read_only:
        why = f"{entity.name} is read, never edited ({entity.form})"
        return CodeChange(refused=(ManualWork(entity.place.file, entity.place.line, why),))
    reading, layers = workspace.models(), Layers(workspace)
    present = entity.field(change.field)
    if present is not None:
        return _present(workspace, reading, layers, entity, change, present)
    result, calculated = _declared(workspace, reading, layers, entity, change)
    if result.manual:
        return CodeChange(refused=result.manual)
    after = workspace.models({**layers.overlay, entity.place.file: result.text}).models
    field = _field_in(after, entity, change.field)
    manual = list(calculated.patch.manual)
    required = change.default is None and not change.optional and change.computed is None
    if required and field is not None and field.required:
        manual += give_field(workspace, reading, layers, entity, field, change)
    if required:  # the model's own file may have got values by now
        result, _ = _declared(workspace, reading, layers, entity, change)
    layers.write(entity.place.file, result.text)
    if field is not None and field.shape.decimal_places is not None:
        rounded = _round(
            workspace,
            reading.models,
            RoundField(entity.name, change.field, field.shape.decimal_places),
            layers,
        )
        layers.apply(rounded.patch.edits)
        manual += rounded.patch.manual
    manual += _errors(workspace, reading.models, entity, layers, manual)
    return CodeChange(layers.patch(manual), notes=calculated.notes)


def round_field(
    workspace: Workspace, models: ModelSet, edit: InsertField, overlay: Mapping[str, str], files: PythonFiles
) -> CodeChange:
    """The rule of digits for a column's new field."""
    shape = family(edit.column.type).shape(edit.column.type)
    if shape.kind != "decimal" or shape.decimal_places is None:
        return CodeChange()
    wish = RoundField(edit.entity, field_name(edit.column.name), shape.decimal_places)
    return _round(workspace, models, wish, Layers(workspace, overlay), files)


def _declared(
    workspace: Workspace, reading: ModelReading, layers: Layers, entity: Entity, change: Add
) -> tuple[EditResult, CodeChange]:
    """The model with its field, and how a calculated one came to its function."""
    file = entity.place.file
    text = layers.read(file)
    if text is None:
        why, advice = "the model's file is not in UTF-8", "Save it as UTF-8, and try again."
        return EditResult("", (ManualWork(file, entity.place.line, why, advice),)), CodeChange()
    annotation, none = without_none(change.type)
    names = tuple(one.name for one in entity.fields)
    imports = import_lines(reading, entity.module, annotation, change.default or "")
    package = file.endswith("__init__.py")
    kinds: dict[str, Any] = shelf("codemods")
    if change.computed is not None:
        made = _calculated(workspace, reading, layers, entity, change)
        if made.patch.edits:
            layers.apply(edit for edit in made.patch.edits if edit.file != file)
            return EditResult(next(one.after for one in made.patch.edits if one.file == file), ()), made
        home = Home(entity.name, entity.module, package, names=names)
        written = f"{annotation} | None" if none else annotation
        ignore = _ignored(workspace, reading, layers)
        wish = ComputeField(change.field, written, change.computed, imports, ignore=ignore)
        found: EditResult = kinds["computed-field"].carry(text, wish, home, file)
        return found, made
    default = "None" if change.optional or (none and change.default is None) else change.default
    request = AddField(
        entity.name, change.field, annotation, imports, default, module=entity.module, package=package
    )
    added: EditResult = kinds["add-field"].edit(text, request, file)
    return added, CodeChange()


def _calculated(
    workspace: Workspace, reading: ModelReading, layers: Layers, entity: Entity, change: Add
) -> CodeChange:
    """The function and its registration, and the model with them."""
    annotation, none = without_none(change.type)
    optional = " | None" if none else ""
    returns = returned(reading, annotation) + optional
    imports = import_lines(reading, "", annotation, returned(reading, annotation))
    wish = CalculateField(
        f"{entity.module}:{entity.name}",
        change.field,
        annotation + optional,
        change.computed or "",
        returns,
        imports,
        ignore=_ignored(workspace, reading, layers),
    )
    return calculate_field(workspace, reading, wish, layers.overlay)


def _ignored(workspace: Workspace, reading: ModelReading, layers: Layers) -> str:
    """What other models write behind the decorator for a type checker: mypy takes none on top of a property."""
    files = sorted({one.place.file for one in reading.models.entities})
    found = (ignored_in(layers.read(file) or "") for file in files)
    usual = "  # type: ignore[prop-decorator]" if "mypy" in configured_checkers(workspace.project) else ""
    return next((one for one in found if one), usual)


def _present(
    workspace: Workspace, reading: ModelReading, layers: Layers, entity: Entity, change: Add, present: Field
) -> CodeChange:
    """Nothing to do where the field is what is asked for; raises ``UsageError`` ``field-exists`` where it is not."""
    probe = replace(change, field=_PROBE, computed=None)
    result, _ = _declared(workspace, reading, layers, entity, probe)
    if result.manual:
        return CodeChange(refused=tuple(replace(one, suggestion="") for one in result.manual))
    after = workspace.models({**layers.overlay, entity.place.file: result.text}).models
    asked = _field_in(after, entity, _PROBE)
    stands = declaration_at(layers.read(present.place.file) or "", present.place.line, present.name)
    wish = declaration_at(result.text, asked.place.line, _PROBE) if asked else ""
    same = asked is not None and (
        same_field(present, replace(asked, computed=change.computed is not None))
        and bounds_written(reading, layers, *parts_of(stands))
        == bounds_written(reading, layers, *parts_of(wish))
    )
    if not same:
        raise field_exists(entity, present, asked, change, stands, wish.replace(_PROBE, change.field))
    more = ": how it is worked out was not compared" if change.computed is not None else ""
    return CodeChange(notes=(f"{entity.name} has this {change.field} already{more}",))


def _field_in(models: ModelSet, entity: Entity, name: str) -> Field | None:
    found = models.entity(f"{entity.module}:{entity.name}")
    return found.field(name) if found else None


# -- tables and checks ----------------------------------------------------------------------------------


def _round(
    workspace: Workspace,
    models: ModelSet,
    wish: RoundField,
    layers: Layers,
    files: PythonFiles | None = None,
) -> CodeChange:
    nothing = Finding(FieldGroup(FieldRef("", wish.entity, wish.field)), ())
    kind: Any = shelf("codemods")["rounding-rule"]
    made: CodeChange = kind.through(code_over(workspace, models, nothing, layers.overlay, files), wish)
    return made


def _errors(
    workspace: Workspace, models: ModelSet, entity: Entity, layers: Layers, manual: list[ManualWork]
) -> list[ManualWork]:
    """What the type checker finds broken in the files that name the model."""
    nothing = Finding(FieldGroup(FieldRef(entity.module, entity.name, "")), ())
    code = code_over(workspace, models, nothing, {})
    files = [file for file in code.named(entity.name) if file.endswith(".py")]
    made = CodeChange(Patch(layers.patch().edits, tuple(manual)))
    return new_errors(workspace, nothing, made, {}, {}, also=files)
