"""The structure of a PostgreSQL database, as far as a copy of its data depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TypeForm = Literal["base", "enum", "array", "composite", "range", "multirange"]
TableForm = Literal["table", "view", "materialized-view"]


@dataclass(frozen=True)
class ColumnType:
    """A type with its modifiers, domains resolved to their base (their names kept in ``domains``).

    ``name`` is ``pg_type.typname`` of the base (``int4``, ``numeric``, an enum's own name); an array
    has form ``array``, its element in ``element`` and the element's name with ``[]`` for each declared
    dimension as name. ``element`` is also the bound type of a range or multirange. ``fields`` are a
    composite's, in order.
    """

    name: str
    form: TypeForm = "base"
    schema: str = "pg_catalog"
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    element: ColumnType | None = None
    labels: tuple[str, ...] = ()
    fields: tuple[tuple[str, ColumnType], ...] = ()
    domains: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()

    @property
    def dimensions(self) -> int:
        """Of an array, as declared (``int[][]``), which PostgreSQL holds no value to; 0 of all else."""
        if self.form != "array" or self.element is None:
            return 0
        return max(1, (len(self.name) - len(self.element.name)) // 2)

    @property
    def sql(self) -> str:
        """The type as a person writes it: ``numeric(12,2)``, ``text[]``, ``campaign_status``."""
        if self.form == "array" and self.element is not None:
            return self.element.sql + "[]" * self.dimensions
        own = self.name if self.schema in ("pg_catalog", "public") else f"{self.schema}.{self.name}"
        if self.length is not None:
            return f"{own}({self.length})"
        if self.precision is not None:
            return (
                f"{own}({self.precision},{self.scale})"
                if self.scale is not None
                else f"{own}({self.precision})"
            )
        return own


@dataclass(frozen=True)
class Column:
    """One column; ``number`` is ``pg_attribute.attnum``, kept through renames (None: unknown)."""

    name: str
    type: ColumnType
    nullable: bool = True
    default: str | None = None
    generated: bool = False
    identity: bool = False
    comment: str | None = None
    number: int | None = None


@dataclass(frozen=True)
class ForeignKey:
    """``columns`` of this table refer to ``ref_columns`` of ``ref_table`` (``schema.table``)."""

    name: str
    columns: tuple[str, ...]
    ref_table: str
    ref_columns: tuple[str, ...]


@dataclass(frozen=True)
class Index:
    """An index that is not the primary key; ``columns`` is empty where it is over expressions."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    definition: str = ""


@dataclass(frozen=True)
class Table:
    """A table, the root of a partitioned one, or (where asked for) a view; ``oid`` is its identity in one database."""

    schema: str
    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[Index, ...] = ()
    checks: tuple[str, ...] = ()
    comment: str | None = None
    oid: int | None = None
    partitioned: bool = False
    form: TableForm = "table"

    @property
    def key(self) -> str:
        """``schema.table``, as everywhere in reports and files."""
        return f"{self.schema}.{self.name}"

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class Catalog:
    """All tables, sorted by key; ``system_identifier`` tells whether two catalogs are of one cluster."""

    tables: tuple[Table, ...]
    database: str | None = None
    system_identifier: str | None = None
    server_version: str | None = None

    def table(self, key: str) -> Table | None:
        """The table ``schema.name``, or None."""
        return next((table for table in self.tables if table.key == key), None)
