"""From facts to what they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Subject
from bravo_agent.model.catalog import Column, ColumnType
from bravo_agent.model.change import Altered, Fact, Use
from bravo_agent.model.entities import Field, Shape

_NOT_CODE = ("model", "fixture")
"""Roles that declare or fill a field and do not depend on its meaning."""


@dataclass(frozen=True)
class AlteredColumn:
    """An ``Altered`` fact of a column with all that a kind asks about it."""

    fact: Altered
    old: Column
    new: Column
    subject: Subject
    field: Field | None


def subject_of(context: Context, table: str, column: str) -> Subject:
    """The subject of a baseline's column, or else of a source's column that the models show."""
    mapped = context.mapped(table, column) or context.shown(table, column)
    entity = context.entity_name(table)
    name = mapped.field if mapped else None
    return Subject(table, column, entity, name, context.uses_of(entity, name))


def altered(facts: Sequence[Fact], context: Context, aspect: str) -> Iterator[AlteredColumn]:
    """The facts that alter ``aspect`` of a column."""
    for fact in facts:
        if isinstance(fact, Altered) and fact.aspect == aspect and fact.old and fact.new:
            mapped = context.mapped(fact.table, fact.old.name) or context.shown(fact.table, fact.new.name)
            subject = subject_of(context, fact.table, fact.old.name)
            yield AlteredColumn(fact, fact.old, fact.new, subject, context.field_of(fact.table, mapped))


def altered_tables(facts: Sequence[Fact], aspect: str) -> Iterator[Altered]:
    """The facts that alter ``aspect`` of a table as a whole."""
    for fact in facts:
        if isinstance(fact, Altered) and fact.aspect == aspect and fact.old is None:
            yield fact


def table_subject(context: Context, table: str) -> Subject:
    """The subject of a change of the whole table."""
    return Subject(table, None, context.entity_name(table))


def in_code(uses: tuple[Use, ...]) -> tuple[Use, ...]:
    """The uses that depend on what the field means."""
    return tuple(use for use in uses if use.role not in _NOT_CODE)


def innermost(type_: ColumnType) -> ColumnType:
    """The type inside all arrays."""
    while type_.form == "array" and type_.element is not None:
        type_ = type_.element
    return type_


def innermost_shape(shape: Shape) -> Shape:
    """The shape inside all lists."""
    while shape.kind == "list" and shape.item is not None:
        shape = shape.item
    return shape


def depth(type_: ColumnType) -> int:
    """How many arrays are around the innermost type."""
    return (
        type_.dimensions + depth(type_.element) if type_.form == "array" and type_.element is not None else 0
    )
