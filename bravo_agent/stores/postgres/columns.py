"""A table's columns as a select list and back: what the type shelf says, put together for a whole table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Column, Table
from bravo_agent.stores.postgres.sql import identifier, own_rows
from bravo_agent.types import Kind, family, skipped


@dataclass(frozen=True)
class TableReader:
    """Looks at a table once: ``select`` is its query, ``schema`` what its files hold."""

    table: Table
    columns: tuple[Column, ...]
    kinds: tuple[Kind, ...]
    expressions: tuple[tuple[str, ...], ...]
    schema: pa.Schema

    @property
    def select(self) -> str:
        """The query of all rows, to be followed by a part's condition."""
        flat = [expression for own in self.expressions for expression in own]
        # Names of our own, as two columns may both be read by several expressions.
        listed = ", ".join(f"{expression} AS c{number}" for number, expression in enumerate(flat))
        return f"SELECT {listed} FROM {own_rows(self.table)}"

    def restore(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """What came over the wire as the columns that the snapshot holds."""
        arrays, at = [], 0
        wire = batch.columns
        for column, kind, own in zip(self.columns, self.kinds, self.expressions, strict=True):
            arrays.append(kind.restore(column.type, wire[at : at + len(own)]))
            at += len(own)
        restored: pa.RecordBatch = pa.RecordBatch.from_arrays(arrays, schema=self.schema)
        return restored


def table_reader(table: Table) -> TableReader:
    """The reader of one table; raises the shelf's error for a type that it does not know."""
    columns = tuple(column for column in table.columns if not skipped(column.type))
    kinds = tuple(family(column.type) for column in columns)
    pairs = list(zip(kinds, columns, strict=True))
    return TableReader(
        table,
        columns,
        kinds,
        tuple(tuple(kind.select(column.type, identifier(column.name))) for kind, column in pairs),
        pa.schema([pa.field(column.name, kind.arrow(column.type)) for kind, column in pairs]),
    )


def table_readers(tables: Iterable[Table]) -> dict[str, TableReader]:
    """The readers by table key; one error names every column whose type is not known."""
    readers: dict[str, TableReader] = {}
    unknown: list[str] = []
    first: UsageError | None = None
    for table in tables:
        try:
            readers[table.key] = table_reader(table)
        except UsageError as error:
            first = first or error
            unknown += [f"{table.key}.{column.name}" for column in table.columns if not _known(column)]
    if first is None:
        return readers
    raise UsageError(
        first.code,
        f"{len(unknown)} columns have a type that is not known: {', '.join(unknown)}",
        hint=first.hint,
    )


def left_out(readers: Iterable[TableReader]) -> tuple[str, ...]:
    """What the export leaves out, in words."""
    return tuple(
        f"{reader.table.key} has no column that can be exported: its rows are left out"
        if not reader.columns
        else f"{reader.table.key}: {_names(reader)} left out, as types like tsvector are"
        for reader in readers
        if len(reader.columns) < len(reader.table.columns) or not reader.columns
    )


def _names(reader: TableReader) -> str:
    kept = {column.name for column in reader.columns}
    return ", ".join(column.name for column in reader.table.columns if column.name not in kept)


def _known(column: Column) -> bool:
    try:
        return skipped(column.type) or family(column.type) is not None
    except UsageError:
        return False
