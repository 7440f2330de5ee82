"""A catalog as it stands in documents: what is written there, and what their readers put up with."""

from __future__ import annotations

from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.model.entities import Entity, ModelSet
from bravo_agent.model.mapping import ColumnMapping, EntityMapping, Mapping
from bravo_agent.model.schema import DocumentField, DocumentSchema

_RULED = {"preserve": ColumnType("text"), "custom": ColumnType("jsonb")}
"""What rules make of any type: PostgreSQL's own text, and a value that only the project's function knows."""


def documents_of_catalog(catalog: Catalog) -> tuple[DocumentSchema, ...]:
    """Every table and column under its own name, read as strictly as the catalog is: without models."""
    return tuple(_whole(table) for table in catalog.tables)


def documents_of(catalog: Catalog, mapping: Mapping, models: ModelSet) -> tuple[DocumentSchema, ...]:
    """What ``mapping`` puts into documents, and how the application's models read it.

    A model that is looser than its column (Optional, with a default) makes the reader looser. One that is tighter
    does not make it tighter: that is drift, and the business of ``detect``.
    """
    found = []
    for one in mapping.entities:
        table = catalog.table(one.table)
        if table is not None:
            found.append(_mapped(table, one, models.entity(one.entity) if one.entity else None))
    return tuple(found)


def _whole(table: Table) -> DocumentSchema:
    return DocumentSchema(table.key, table.primary_key, tuple(_plain(column) for column in table.columns))


def _plain(column: Column) -> DocumentField:
    required = not column.nullable and column.default is None
    return DocumentField(column.name, column.type, column.nullable, column.nullable, required)


def _mapped(table: Table, mapping: EntityMapping, entity: Entity | None) -> DocumentSchema:
    columns = ((table.column(one.column), one) for one in mapping.columns)
    fields = tuple(_field(column, one, entity) for column, one in columns if column is not None)
    # A single key is the value itself, whatever its column is called.
    key = ("_id",) if len(mapping.key) == 1 else mapping.key
    return DocumentSchema(mapping.collection, key, fields)


def _field(column: Column, mapping: ColumnMapping, entity: Entity | None) -> DocumentField:
    plain = _plain(column)
    field = entity.field(mapping.field) if entity and mapping.field else None
    return DocumentField(
        mapping.target,
        _RULED.get(mapping.rule, column.type),
        plain.writes_null,
        plain.takes_null or (field is not None and field.shape.optional),
        plain.required if field is None else field.required,
    )
