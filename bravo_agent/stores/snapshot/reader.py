"""A local snapshot's rows, chunk by chunk."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bravo_agent.errors import UsageError
from bravo_agent.events import Emit, RowsDone, ignore
from bravo_agent.model.catalog import Table
from bravo_agent.model.snapshot import DataFile, Snapshot, TableData
from bravo_agent.stores.snapshot.layout import corrupt, intact, read_manifest

_OPEN_FILES = 4  # a thread; each holds a footer, which is large for a table of 1,600 columns


@dataclass(frozen=True)
class ChunkRef:
    """Row group ``row_group`` of ``file``; ``index`` counts the chunks of ``table`` from 0."""

    table: str
    file: str
    row_group: int
    rows: int
    index: int


class SnapshotReader:
    """Reads one snapshot folder; threads may share it. Raises ``snapshot-unknown`` without a manifest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.snapshot: Snapshot = read_manifest(folder)
        self._local = threading.local()

    def __reduce__(self) -> tuple[type[SnapshotReader], tuple[Path]]:
        """For workers that are processes: they open the folder anew."""
        return SnapshotReader, (self.folder,)

    def table(self, key: str) -> Table:
        """The structure of ``schema.table`` in the snapshot; raises ``snapshot-table-missing``."""
        found = self.snapshot.catalog.table(key)
        if found is None:
            raise self._missing(key)
        return found

    def chunks(self, table: str) -> tuple[ChunkRef, ...]:
        """The chunks of ``schema.table``, in order; their rows add up to the table's rows in the manifest."""
        found: list[ChunkRef] = []
        for file in self._data(table).files:
            for row_group, rows in enumerate(self._chunk_rows(file)):
                found.append(ChunkRef(table, file.path, row_group, rows, len(found)))
        return tuple(found)

    def read(self, chunk: ChunkRef, columns: Sequence[str] | None = None) -> pa.RecordBatch:
        """The rows of one chunk, in the order of ``columns`` if given."""
        with _damage(self.folder / chunk.file):
            parquet = self._open(chunk.file)
            wanted = None if columns is None else list(columns)
            _check_columns(chunk, parquet.schema_arrow.names, wanted or ())
            table = parquet.read_row_group(chunk.row_group, columns=wanted)
        # Parquet takes a.b for field b of a, too: what was read too much goes here.
        exact = table if wanted is None else table.select(wanted)
        if exact.num_rows != chunk.rows:
            raise corrupt(str(self.folder / chunk.file), "a chunk has another number of rows")
        return one_batch(exact)

    def batches(self, table: str, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """All chunks of ``table``, one after the other: the ``Batches`` of the ports."""
        return (self.read(chunk, columns) for chunk in self.chunks(table))

    def null_count(self, table: str, column: str) -> int:
        """NULLs of a column: from the files' statistics, or by reading it where they have none."""
        return sum(self._nulls(chunk, column) for chunk in self.chunks(table))

    def _nulls(self, chunk: ChunkRef, column: str) -> int:
        with _damage(self.folder / chunk.file):
            parquet = self._open(chunk.file)
            names = parquet.schema_arrow.names
            flat = parquet.metadata.num_columns == len(names)
            if flat and column in names:
                # Leaf columns stand in the order of the schema, as long as none of them is nested.
                found = parquet.metadata.row_group(chunk.row_group).column(names.index(column)).statistics
                if found is not None and found.has_null_count:
                    return int(found.null_count)
        return int(self.read(chunk, [column]).column(0).null_count)

    def schema(self, table: str) -> pa.Schema:
        """The columns of the table's files (those that were exported)."""
        data = self._data(table)
        if not data.files:
            return pa.schema([])
        with _damage(self.folder / data.files[0].path):
            schema: pa.Schema = self._open(data.files[0].path).schema_arrow
            return schema

    def _chunk_rows(self, file: DataFile) -> list[int]:
        with _damage(self.folder / file.path):
            metadata = self._open(file.path).metadata
            rows = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
        if sum(rows) != file.rows or len(rows) != file.chunks:
            raise corrupt(str(self.folder / file.path), "it holds other rows than the manifest says")
        return rows

    def _data(self, table: str) -> TableData:
        data = self.snapshot.data(table)
        if data is None:
            raise self._missing(table)
        return data

    def _missing(self, table: str) -> UsageError:
        return UsageError(
            "snapshot-table-missing",
            f"snapshot {self.snapshot.id} has no rows of {table}",
            hint="Export again with the table's schema under `schemas` and no `exclude` that matches it.",
        )

    def _open(self, path: str) -> pq.ParquetFile:
        """The file, kept open for the thread: a Parquet file must not be read by two threads at once."""
        cache: OrderedDict[str, pq.ParquetFile] = self._local.__dict__.setdefault("cache", OrderedDict())
        if path not in cache:
            cache[path] = pq.ParquetFile(self.folder / path)
            if len(cache) > _OPEN_FILES:
                cache.popitem(last=False)[1].close()
        cache.move_to_end(path)
        return cache[path]


def _check_columns(chunk: ChunkRef, there: Sequence[str], wanted: Sequence[str]) -> None:
    if missing := sorted(set(wanted) - set(there)):
        raise UsageError(
            "snapshot-column-missing",
            f"the snapshot has no rows of {', '.join(f'{chunk.table}.{name}' for name in missing)}",
            hint="Export again: the column is newer than the snapshot, or of a type that is left out.",
        )


def one_batch(table: pa.Table) -> pa.RecordBatch:
    """The table as one batch, also when it has no rows."""
    arrays = [
        column.chunk(0)
        if column.num_chunks == 1
        else pa.concat_arrays(column.chunks)
        if column.num_chunks
        else pa.array([], column.type)
        for column in table.columns
    ]
    batch: pa.RecordBatch = pa.RecordBatch.from_arrays(arrays, schema=table.schema)
    return batch


def verify(folder: Path, emit: Emit = ignore) -> Snapshot:
    """The manifest, every file being as it was written; else raises ``snapshot-corrupt`` naming the file."""
    snapshot = read_manifest(folder)
    for table in snapshot.tables:
        for file in table.files:
            if not intact(folder / file.path, file):
                raise corrupt(str(folder / file.path), "a file is missing or was changed")
            emit(RowsDone("verify", table.table, file.rows))
        if sum(file.rows for file in table.files) != table.rows:
            raise corrupt(str(folder), f"the files of {table.table} do not add up to its rows")
    return snapshot


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Parquet's own messages are not passed on: they may hold bytes of rows."""
    try:
        yield
    except FileNotFoundError:
        raise corrupt(str(path), "a file is missing") from None
    except (pa.ArrowException, OSError):
        raise corrupt(str(path), "a file cannot be read") from None
