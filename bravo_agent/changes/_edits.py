"""From an answered change to the edits of its model."""

from __future__ import annotations

from dataclasses import replace

from bravo_agent.changes._subjects import innermost
from bravo_agent.model.catalog import Column, ColumnType
from bravo_agent.model.change import Added, Altered, Change, Removed
from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import (
    DropField,
    InsertField,
    MakeOptional,
    ModelEdit,
    RenameField,
    RetypeField,
    SetEnumValues,
)
from bravo_agent.types import family


def insert(
    change: Change, column: Column, default: str | None = None, expression: str | None = None
) -> tuple[ModelEdit, ...]:
    """A new field for ``column``."""
    return (InsertField(change.entity, column, default, expression),) if change.entity else ()


def rename_field(change: Change) -> tuple[ModelEdit, ...]:
    """The change's field follows its column's name."""
    before, after = change.details.before, change.details.after
    if change.entity is None or change.model_field is None or before is None or after is None:
        return ()
    return (RenameField(change.entity, change.model_field, before, after),)


def drop_field(change: Change) -> tuple[ModelEdit, ...]:
    """The change's field goes."""
    if change.entity is None or change.model_field is None:
        return ()
    return (DropField(change.entity, change.model_field),)


def make_optional(change: Change) -> tuple[ModelEdit, ...]:
    """The change's field takes None."""
    if change.entity is None or change.model_field is None:
        return ()
    return (MakeOptional(change.entity, change.model_field),)


def follow_type(change: Change) -> tuple[ModelEdit, ...]:
    """The change's field follows its column's type."""
    found = _types(change)
    if change.entity is None or change.model_field is None or found is None:
        return ()
    return (RetypeField(change.entity, change.model_field, _shape(found[0]), _shape(found[1])),)


def follow_labels(change: Change) -> tuple[ModelEdit, ...]:
    """The labels of the change's field follow its column's."""
    found = _types(change)
    if change.entity is None or change.model_field is None or found is None or found[0] is None:
        return ()
    before, after = innermost(found[0]).labels, innermost(found[1]).labels
    return (SetEnumValues(change.entity, change.model_field, before, after),)


def _types(change: Change) -> tuple[ColumnType | None, ColumnType] | None:
    gone = next((fact.column for fact in change.facts if isinstance(fact, Removed)), None)
    for fact in change.facts:
        if isinstance(fact, Altered) and fact.old and fact.new:
            return fact.old.type, fact.new.type
        if isinstance(fact, Added) and fact.column:
            return gone.type if gone else None, fact.column.type
    return None


def _shape(type_: ColumnType | None) -> Shape:
    """As ``family`` has it; what was not known before is anything."""
    return Shape("unknown") if type_ is None else replace(family(type_).shape(type_), optional=False)
