"""Which table feeds which model and collection, column by column."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ColumnMapping:
    """``column`` feeds the document key ``target`` through ``rule`` (a file of rules/) with ``params``.

    ``field`` is the model's field name (None: the key is not in a model, as with generated databases).
    """

    column: str
    target: str
    field: str | None
    rule: str = "standard"
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class EntityMapping:
    """One table -> one collection. ``key``: the columns that make ``_id`` (empty: hash of the row)."""

    table: str
    collection: str
    entity: str | None
    columns: tuple[ColumnMapping, ...]
    key: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    """Columns that stay out, with the reason (``unmapped``, or the id of an open change)."""

    def target_of(self, column: str) -> ColumnMapping | None:
        """The mapping of that column, or None."""
        return next((found for found in self.columns if found.column == column), None)


@dataclass(frozen=True)
class Mapping:
    """All entity mappings, sorted by table."""

    entities: tuple[EntityMapping, ...]

    def of_table(self, table: str) -> EntityMapping | None:
        """The mapping of table ``schema.name``, or None."""
        return next((found for found in self.entities if found.table == table), None)
