"""A value for a new field wherever its model is made; valid for its type, and the same each time."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

from bravo_agent.model.code import FieldGroup, FieldRef, Finding, Unread
from bravo_agent.model.entities import Entity, Field, ModelSet, Shape
from bravo_agent.model.plan import ManualWork
from bravo_agent.model.refactor import Add, CodeChange
from bravo_agent.registry import shelf
from bravo_agent.stores.application import ModelReading, repository_files
from bravo_agent.usecases._layers import Layers
from bravo_agent.usecases._whole_code import code_over
from bravo_agent.usecases._written_types import import_lines, names_in_type
from bravo_agent.usecases.uses import find_uses
from bravo_agent.workspace import Workspace
from codemods import (
    GiveField,
    bounds_of,
    family_of,
    find_constructions,
    made_untouched,
    member_names,
    valid_value,
)


def give_field(
    workspace: Workspace, reading: ModelReading, layers: Layers, entity: Entity, field: Field, change: Add
) -> list[ManualWork]:
    """Gives the new ``field`` wherever the model is made, in ``layers``; what is left to people."""
    value = valid_value(
        field.name,
        field.shape,
        bounds_written(reading, layers, change.type),
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


def bounds_written(reading: ModelReading, layers: Layers, *expressions: str) -> dict[str, Any]:
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
