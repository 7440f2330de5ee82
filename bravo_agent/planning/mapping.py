"""Which table feeds which model: by the configuration, else by names."""

from __future__ import annotations

import json
from collections.abc import Mapping as Names

from bravo_agent.config import Config, EntitySection
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, Table
from bravo_agent.model.entities import Entity, Field, ModelSet
from bravo_agent.model.mapping import ColumnMapping, EntityMapping, Mapping
from bravo_agent.planning import naming
from bravo_agent.planning.likeness import entities_by_table, field_for
from bravo_agent.planning.privacy import PLAIN, Rule, rule_for, unmasked_keys
from bravo_agent.types import skipped

ID = "_id"


def derive_mapping(catalog: Catalog, models: ModelSet, config: Config) -> Mapping:
    """The tables of ``catalog`` that the application wants, with all their columns.

    A table is wanted when a model is its own, by name or by configuration, or when bravo.toml has a section
    for it. Raises ``UsageError`` ``model-unknown`` and ``field-unknown`` for what bravo.toml names in vain.
    """
    entities = entities_by_table(catalog, models, config)
    keys = unmasked_keys(catalog)
    wanted = (table for table in catalog.tables if table.key in entities or table.key in config.entities)
    found = [_table(table, entities.get(table.key), config, keys.get(table.key, set())) for table in wanted]
    _refuse_shared(found)
    return Mapping(tuple(sorted(found, key=lambda mapping: mapping.table)))


def own_key(table: Table) -> str | None:
    """The column that ``_id`` is itself; None for several columns, and for one that MongoDB takes no ``_id`` of."""
    column = table.column(table.primary_key[0]) if len(table.primary_key) == 1 else None
    if column is None or column.type.form in ("array", "multirange") or column.type.name == "jsonb":
        return None
    return column.name


def _refuse_shared(mappings: list[EntityMapping]) -> None:
    tables: dict[str, str] = {}
    for mapping in mappings:
        other = tables.setdefault(mapping.collection, mapping.table)
        if other != mapping.table:
            raise UsageError(
                "collection-shared",
                f"{other} and {mapping.table} would both be loaded into the collection {mapping.collection}",
                hint=f"Give one of them another in bravo.toml: [entities.{json.dumps(mapping.table)}] collection = ...",
            )


def _table(table: Table, found: tuple[str, Entity] | None, config: Config, keys: set[str]) -> EntityMapping:
    section = config.entities.get(table.key, EntitySection())
    name, entity = found or (None, None)
    targets = _targets(table, entity, section)
    _refuse_without_key(table, targets)
    rules = {column: rule_for(table.key, column, config, is_key=column in keys) for column in targets}
    columns = tuple(
        _column(column.name, targets[column.name], rules[column.name])
        for column in table.columns
        if column.name in targets
    )
    left_out = tuple(
        (column.name, "ignored" if column.name in section.ignore else "unmapped")
        for column in table.columns
        if column.name not in targets
    )
    collection = section.collection or naming.collection_name(table.schema, table.name)
    return EntityMapping(table.key, collection, name, columns, table.primary_key, left_out)


def _column(column: str, target: tuple[str, str | None], rule: Rule = PLAIN) -> ColumnMapping:
    return ColumnMapping(column, target[0], target[1], rule[0], rule[1])


def _targets(
    table: Table, entity: Entity | None, section: EntitySection
) -> dict[str, tuple[str, str | None]]:
    """Column -> (document key, field). What bravo.toml says goes first, then names, then the key."""
    columns = [column.name for column in table.columns if column.name not in section.ignore]
    if entity is None:
        return _without_model(table, columns, section.fields)
    found: dict[str, tuple[str, str | None]] = {}
    for column in columns:
        if column in section.fields:
            chosen = _named(entity, section.fields[column], table.key)
            found[column] = (chosen.document_name, chosen.name)
    taken = dict(found.values())
    for column in columns:
        like = None if column in found else field_for(column, entity)
        if like is None or like.document_name in taken:
            _refuse_twins(entity, like, taken)
            continue
        if like.document_name != ID or own_key(table) == column:
            found[column] = (like.document_name, like.name)
            taken[like.document_name] = like.name
    return _with_key(table, columns, entity, found, set(taken))


def _refuse_twins(entity: Entity, field: Field | None, taken: Names[str, str | None]) -> None:
    """Two fields under one key of the document: which column feeds it would be a matter of their order."""
    if field is not None and taken[field.document_name] not in (None, field.name):
        raise UsageError(
            "document-key-shared",
            f"{entity.name}.{taken[field.document_name]} and {entity.name}.{field.name} are both stored as "
            f"{field.document_name}",
            hint="Give one of them another alias.",
            where=f"{entity.place.file}:{entity.place.line}",
        )


def _with_key(
    table: Table,
    columns: list[str],
    entity: Entity,
    found: dict[str, tuple[str, str | None]],
    taken: set[str],
) -> dict[str, tuple[str, str | None]]:
    """A single key column that no field asks for by name is ``_id`` itself; several are always loaded: they name it."""
    key = own_key(table)
    if key is not None and ID not in taken and key in columns and key not in found:
        field = entity.by_document_name(ID)
        found[key] = (ID, field.name if field else None)
    if key is None:
        for column in table.primary_key:
            target = naming.document_name(column)
            if column in columns and column not in found and target not in taken:
                found[column] = (target, None)
    return found


def _refuse_without_key(table: Table, targets: Names[str, object]) -> None:
    missing = [name for name in table.primary_key if name not in targets and table.column(name) is not None]
    if missing:
        raise UsageError(
            "key-not-loaded",
            f"{', '.join(missing)} belongs to the key of {table.key}, and no document can be named without it",
            hint=f"Take it out of `ignore`, or map it to a field: [entities.{json.dumps(table.key)}] in bravo.toml.",
            where=table.key,
        )


def _without_model(
    table: Table, columns: list[str], fields: Names[str, str]
) -> dict[str, tuple[str, str | None]]:
    key = own_key(table)
    kept = [column for column in columns if column in fields or not _skipped(table, column)]
    return {
        column: (fields.get(column, ID if column == key else naming.document_name(column)), None)
        for column in kept
    }


def _skipped(table: Table, name: str) -> bool:
    column = table.column(name)
    return column is not None and skipped(column.type)


def _named(entity: Entity, name: str, table: str) -> Field:
    field = entity.field(name) or entity.by_document_name(name)
    if field is None:
        raise UsageError(
            "field-unknown",
            f"bravo.toml maps a column of {table} to {entity.name}.{name}, which is not there",
            hint=f"Mend [entities.{table!r}.fields] in bravo.toml.",
            where=f"{entity.place.file}:{entity.place.line}",
        )
    return field
