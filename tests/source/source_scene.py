"""What the tests of the source speak of."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.model.snapshot import DataFile, Snapshot, TableData
from bravo_agent.planning.fingerprint import structure_fingerprint
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.stores.snapshot.layout import data_path, write_manifest
from bravo_agent.stores.snapshot.writer import ChunkWriter

Exporter = Callable[..., SnapshotReader]


def rows(reader: SnapshotReader, table: str) -> list[dict[str, Any]]:
    """All rows of a table, as dicts."""
    return [row for batch in reader.batches(table) for row in batch.to_pylist()]


def table_of(name: str, schema: str = "public", **columns: str) -> Table:
    """A table with columns of plain types."""
    return Table(schema, name, tuple(Column(column, ColumnType(type_)) for column, type_ in columns.items()))


def made_snapshot(folder: Path, id_: str = "2026-01-01-001", rows_: int = 250, width: int = 0) -> Snapshot:
    """A snapshot without a database: ``a`` in two files, ``width`` random bytes a row; ``b`` empty."""
    tables = (table_of("a", id="int8", v="text"), table_of("b", x="int4"))
    catalog = Catalog(tables)
    schemas = (pa.schema({"id": pa.int64(), "v": pa.utf8()}), pa.schema({"x": pa.int32()}))
    home = folder / id_
    files = [_file(home, tables[0], part, schemas[0], rows_, width) for part in range(2)]
    data = (
        TableData("public.a", 2 * rows_, tuple(files)),
        TableData("public.b", 0, (_file(home, tables[1], 0, schemas[1], 0),)),
    )
    snapshot = Snapshot(id_, catalog, structure_fingerprint(catalog), data, "2026-01-01T00:00:00Z", "t")
    write_manifest(home, snapshot)
    return snapshot


def _file(home: Path, table: Table, part: int, schema: pa.Schema, count: int, width: int = 0) -> DataFile:
    with ChunkWriter(home, data_path(table, part), schema, chunk_rows=100) as writer:
        if count:
            values = [
                list(range(count)),
                [f"text {part} {number}{secrets.token_hex(width)}" for number in range(count)],
            ]
            writer.write(pa.record_batch(values, schema=schema))
        return writer.close()
