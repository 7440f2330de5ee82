"""A new field through the whole code: in its model, where the model is made, in the tables that its kind stands in."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bravo_agent.model.code import FieldGroup, FieldRef, Finding, Unread
from bravo_agent.model.entities import Entity, Field, ModelSet, Shape
from bravo_agent.model.plan import InsertField, ManualWork, Patch
from bravo_agent.model.refactor import Add, CodeChange
from bravo_agent.planning.naming import field_name
from bravo_agent.registry import shelf
from bravo_agent.stores.application import ModelReading, configured_checkers, repository_files
from bravo_agent.types import family
from bravo_agent.usecases._calculated_fields import calculate_field, returned
from bravo_agent.usecases._code_checks import new_errors
from bravo_agent.usecases._layers import Layers
from bravo_agent.usecases._present_fields import declaration_at, field_exists, parts_of, same_field
from bravo_agent.usecases._python_files import PythonFiles
from bravo_agent.usecases._whole_code import code_over
from bravo_agent.usecases._written_types import import_lines, names_in_type, without_none
from bravo_agent.usecases.uses import find_uses
from bravo_agent.workspace import Workspace
from codemods import (
    AddField,
    CalculateField,
    ComputeField,
    EditResult,
    GiveField,
    Home,
    RoundField,
    bounds_of,
    family_of,
    find_constructions,
    ignored_in,
    made_untouched,
    member_names,
    valid_value,
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
        manual += _given(workspace, reading, layers, entity, field, change)
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
        and _bounds(reading, layers, *parts_of(stands)) == _bounds(reading, layers, *parts_of(wish))
    )
    if not same:
        raise field_exists(entity, present, asked, change, stands, wish.replace(_PROBE, change.field))
    more = ": how it is worked out was not compared" if change.computed is not None else ""
    return CodeChange(notes=(f"{entity.name} has this {change.field} already{more}",))


def _field_in(models: ModelSet, entity: Entity, name: str) -> Field | None:
    found = models.entity(f"{entity.module}:{entity.name}")
    return found.field(name) if found else None


# -- where the model is made ----------------------------------------------------------------------------


def _given(
    workspace: Workspace, reading: ModelReading, layers: Layers, entity: Entity, field: Field, change: Add
) -> list[ManualWork]:
    value = valid_value(
        field.name,
        field.shape,
        _bounds(reading, layers, change.type),
        _member(workspace, reading, field.shape),
    )
    untouched = _untouched(workspace, reading.models, entity, field)
    if value is None:
        why = f"no value is known that {entity.name}.{field.name} certainly takes"
        advice = f"Give {field.name} wherever {entity.name} is made."
        found = made_untouched(entity.name, untouched, f"Give it {field.name}.")
        return [ManualWork(entity.place.file, entity.place.line, why, advice), *found]
    value = replace(value, imports=(*value.imports, *import_lines(reading, "", value.python)))
    finding = _of_anchor(workspace, reading.models, entity)
    code = code_over(workspace, reading.models, finding, layers.overlay)
    kind: Any = shelf("codemods")["add-required"]
    wish = GiveField(entity.name, field.name, value, field.shape.kind, untouched=untouched)
    made: CodeChange = kind.through(code, wish)
    layers.apply(made.patch.edits)
    return list(made.patch.manual)


def _untouched(workspace: Workspace, models: ModelSet, entity: Entity, field: Field) -> tuple[Unread, ...]:
    section, project = workspace.config.project, workspace.project
    names = {one.name.rpartition(".")[2] for one in family_of(models, entity)}
    listed = repository_files(project.resolve())
    return find_constructions(project, section.sources, section.exclude, names, field.name, listed)


def _of_anchor(workspace: Workspace, models: ModelSet, entity: Entity) -> Finding:
    """The places of the field that the model demands and fewest others have."""
    demanded = [one for one in entity.fields if one.required and not one.computed]
    if not demanded:
        return Finding(FieldGroup(FieldRef(entity.module, entity.name, "")), ())
    shared = {one.name: sum(e.field(one.name) is not None for e in models.entities) for one in demanded}
    rarest = min(demanded, key=lambda one: (shared[one.name], -len(one.name), one.name))
    (finding,) = find_uses(workspace, models, [FieldRef(entity.module, entity.name, rarest.name)])
    return finding


def _bounds(reading: ModelReading, layers: Layers, *expressions: str) -> dict[str, Any]:
    """What an annotation, and perhaps a default, and the named types in them write out."""
    found: dict[str, Any] = {}
    for text in expressions:
        for name in names_in_type(text):
            for named in (one for one in reading.types if one.name == name):
                file = _file_of(reading, named.module)
                found |= bounds_of(_assigned(layers.read(file) or "", name)) if file else {}
        found |= bounds_of(text)
    return found


def _file_of(reading: ModelReading, module: str) -> str | None:
    for one in reading.models.entities:
        own = one.module.replace(".", "/")
        stem = one.place.file.removesuffix(".py").removesuffix("/__init__")
        if stem.endswith(own):
            return f"{stem.removesuffix(own)}{module.replace('.', '/')}.py"
    return None


def _assigned(text: str, name: str) -> str:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return ""
    for one in tree.body:
        targets = (
            one.targets
            if isinstance(one, ast.Assign)
            else [one.target]
            if isinstance(one, ast.AnnAssign)
            else []
        )
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            assert isinstance(one, (ast.Assign, ast.AnnAssign))
            return ast.unparse(one.value) if one.value else ""
    return ""


def _member(workspace: Workspace, reading: ModelReading, shape: Shape) -> str | None:
    """How the first label of an Enum class is written."""
    named = next((one for one in reading.types if one.name == shape.text and one.shape.kind == "enum"), None)
    file = _file_of(reading, named.module) if named else None
    if named is None or file is None or not shape.labels:
        return None
    text = Layers(workspace).read(file) or ""
    members = member_names(text, named.name, shape.labels[:1])
    return f"{named.name}.{members[0]}" if members else None


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
