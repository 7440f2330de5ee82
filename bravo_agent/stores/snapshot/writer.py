"""Record batches into one Parquet file whose row group n is chunk n."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from bravo_agent.model.snapshot import DataFile
from bravo_agent.stores.snapshot.layout import sha256

# A chunk of wide rows ends earlier: it is what a reader holds in memory at once.
CHUNK_BYTES = 16 * 1024 * 1024


class ChunkWriter:
    """Writes ``folder/path``, first under another name; it exists once `close` gave its `DataFile`."""

    def __init__(self, folder: Path, path: str, schema: pa.Schema, chunk_rows: int) -> None:
        self._path = path
        self._target = folder / path
        self._target.parent.mkdir(parents=True, exist_ok=True)
        self._temporary = self._target.with_suffix(".part")
        self._schema = schema
        self._chunk_rows = chunk_rows
        self._pending: list[pa.RecordBatch] = []
        self._pending_rows = 0
        self._pending_bytes = 0
        self._rows = 0
        self._chunks = 0
        self._writer = pq.ParquetWriter(
            self._temporary,
            schema,
            compression="zstd",
            compression_level=1,
            # Tried on 15 mixed columns: without dictionaries files are a third smaller and quicker to write.
            use_dictionary=False,
            # Least and greatest of long values were copied: 60 MB more for texts of 15 MB.
            write_statistics=[field.name for field in schema if pa.types.is_primitive(field.type)],
        )

    def write(self, batch: pa.RecordBatch) -> None:
        """Adds rows; writes every chunk that is full by them."""
        while batch.num_rows:
            head = batch.slice(0, self._chunk_rows - self._pending_rows)
            batch = batch.slice(head.num_rows)
            self._pending.append(head)
            self._pending_rows += head.num_rows
            self._pending_bytes += head.nbytes
            if self._pending_rows == self._chunk_rows or self._pending_bytes >= CHUNK_BYTES:
                self._flush()

    def close(self) -> DataFile:
        """Writes what is left and gives the file its name."""
        if self._pending:
            self._flush()
        self._writer.close()
        self._temporary.rename(self._target)
        size = self._target.stat().st_size
        return DataFile(self._path, self._rows, size, sha256(self._target), self._chunks)

    def __enter__(self) -> ChunkWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        self._temporary.unlink(missing_ok=True)

    def _flush(self) -> None:
        table = pa.Table.from_batches(self._pending, schema=self._schema)
        self._writer.write_table(table, row_group_size=table.num_rows)
        self._rows += table.num_rows
        self._chunks += 1
        self._pending, self._pending_rows, self._pending_bytes = [], 0, 0
