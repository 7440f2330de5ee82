"""One chunk's whole way: read, transform, encode, write. The unit of work, of retry and of the ledger.

Doing a chunk again gives the same documents under the same ``_id``s, so a killed load goes on with the chunks
that the ledger does not name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import Table
from bravo_agent.model.check import LedgerEntry
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.ports import Checksum
from bravo_agent.transfer.documents import Documents, add_checksums, checksums
from bravo_agent.transfer.encode import EncodedBatch, compile_encoder
from bravo_agent.transfer.executor import done, side_by_side
from bravo_agent.transfer.transform import Surroundings, compile_transform

# Documents are put together and sent in slices of about this many bytes of Arrow: it bounds the memory of a
# worker, whatever a chunk holds.
SLICE_BYTES = 4 * 2**20
SLICE_ROWS = 20_000


@dataclass(frozen=True)
class ChunkResult:
    """What became of chunk ``index``: ``written`` bytes of BSON, checksums by document key."""

    index: int
    rows: int
    documents: int
    written: int
    rejected: tuple[LedgerEntry, ...]
    checksums: dict[str, Checksum] = field(default_factory=dict)


@dataclass(frozen=True)
class Encoded:
    """Documents of a slice, of the rows of the chunk at ``places``, and the entries of those that became none."""

    documents: pa.Array
    places: NDArray[np.int64]
    rows: int
    rejected: tuple[LedgerEntry, ...]


class TableEncoder:
    """The compiled way of one table; threads may share it."""

    def __init__(self, mapping: EntityMapping, table: Table, around: Surroundings) -> None:
        self.transform = compile_transform(mapping, table, around)
        self._table = mapping.table
        self._targets = {found.column: found.target for found in mapping.columns}
        self.switches: TypesSection = around.switches
        self._encode = compile_encoder(self.transform.key, self.transform.fields, around.switches)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to read from the snapshot."""
        return self.transform.columns

    def encode(
        self, batch: pa.RecordBatch, chunk: int, rows: NDArray[np.int64] | None = None
    ) -> Iterator[Encoded]:
        """The chunk's documents, slice by slice; with ``rows`` those of these rows alone."""
        fields = self._fields(batch, chunk, rows)
        places = np.arange(batch.num_rows) if rows is None else rows
        step = slice_rows(fields)
        for start in range(0, fields.num_rows, step):
            part, own = fields.slice(start, step), places[start : start + step]
            encoded = self._encode(part)
            entries = self._entries(encoded, chunk, own)
            yield Encoded(encoded.documents, own[encoded.kept], part.num_rows, entries)

    def _fields(self, batch: pa.RecordBatch, chunk: int, rows: NDArray[np.int64] | None) -> pa.RecordBatch:
        if rows is None:
            return self.transform.apply(batch, chunk)
        if self.transform.whole:
            return self.transform.apply(batch, chunk).take(pa.array(rows))
        return self.transform.apply(batch.take(pa.array(rows)), chunk)

    def _entries(
        self, encoded: EncodedBatch, chunk: int, places: NDArray[np.int64]
    ) -> tuple[LedgerEntry, ...]:
        found = ((int(places[one.row]), one) for one in encoded.rejected)
        return tuple(
            LedgerEntry(self._table, chunk, row, one.column or "", one.reason, self._place(chunk, row))
            for row, one in found
        )

    def _place(self, chunk: int, row: int) -> str:
        # Names the row without saying its key: the same row of the same snapshot has the same name.
        return hashlib.sha256(f"{self._table}/{chunk}/{row}".encode()).hexdigest()[:16]


def slice_rows(batch: pa.RecordBatch) -> int:
    """How many rows of ``batch`` are worked on at once."""
    if batch.num_rows == 0:
        return 1
    per_row = max(1, batch.nbytes // batch.num_rows)
    return int(max(1, min(SLICE_ROWS, SLICE_BYTES // per_row)))


def load_chunk(
    encoder: TableEncoder, chunk: int, batch: pa.RecordBatch, write: Callable[[pa.Array], object]
) -> ChunkResult:
    """Writes one chunk; the caller notes it in the ledger afterwards.

    While a slice is written, by a thread beside, it is summed up and the next one is put together.
    """
    documents = written = 0
    rejected: list[LedgerEntry] = []
    sums: dict[str, Checksum] = {}
    with side_by_side(1) as behind:
        writing: Future[object] = done(lambda: None)
        for part in encoder.encode(batch, chunk):
            writing.result()
            if len(part.documents):
                writing = behind.submit(write, part.documents)
                documents += len(part.documents)
                written += part.documents.nbytes
                add_checksums(sums, checksums(Documents.of_array(part.documents)))
            rejected.extend(part.rejected)
        writing.result()
    return ChunkResult(chunk, batch.num_rows, documents, written, tuple(rejected), sums)
