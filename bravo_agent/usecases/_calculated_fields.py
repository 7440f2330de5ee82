"""A field that is worked out: by a function beside those that work out its neighbours, where there are such."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bravo_agent.model.code import FieldGroup, FieldRef, Finding
from bravo_agent.model.entities import Entity
from bravo_agent.model.plan import InsertField, ManualWork
from bravo_agent.model.refactor import CodeChange
from bravo_agent.planning.naming import field_name
from bravo_agent.registry import shelf
from bravo_agent.stores.application import ModelReading
from bravo_agent.types import family
from bravo_agent.usecases._code_checks import new_errors
from bravo_agent.usecases._whole_code import code_over
from bravo_agent.workspace import Workspace
from codemods import CalculateField, Home, LeftAlone, field_request, plain_type


def calculate_field(
    workspace: Workspace, reading: ModelReading, wish: CalculateField, overlay: Mapping[str, str]
) -> CodeChange:
    """Function, registration and model; without edits and with a note where no home for the function is known."""
    module, _, name = wish.entity.partition(":")
    code = code_over(workspace, reading.models, _nothing(module, name), overlay)
    kind: Any = shelf("codemods")["calculated-field"]
    made: CodeChange = kind.through(code, wish)
    return made


def calculate_column(
    workspace: Workspace, reading: ModelReading, entity: Entity, edit: InsertField, home: Home,
    overlay: Mapping[str, str],
) -> CodeChange:  # fmt: skip
    """The same for a column: what has no value yet is worked out."""
    add = field_request(edit, home)
    try:
        returns = plain_type(family(edit.column.type).shape(edit.column.type))
    except LeftAlone as left:
        return CodeChange(notes=(left.why,))
    wish = CalculateField(
        f"{entity.module}:{entity.name}",
        field_name(edit.column.name),
        add.annotation,
        edit.expression or "",
        returns,
        add.imports,
        add,
    )
    return calculate_field(workspace, reading, wish, overlay)


def returned(reading: ModelReading, annotation: str) -> str:
    """What a function gives whose value a field of ``annotation`` takes: without what the model checks of it."""
    named = next((one for one in reading.types if one.name == annotation.strip()), None)
    try:
        return plain_type(named.shape) if named is not None else annotation
    except LeftAlone:
        return annotation


def broken_by(
    workspace: Workspace, reading: ModelReading, entity: Entity, made: CodeChange, overlay: Mapping[str, str]
) -> list[ManualWork]:
    """What the type checker finds in the edited files that was not there before."""
    return new_errors(workspace, _nothing(entity.module, entity.name), made, {}, overlay)


def _nothing(module: str, name: str) -> Finding:
    return Finding(FieldGroup(FieldRef(module, name, "")), ())
