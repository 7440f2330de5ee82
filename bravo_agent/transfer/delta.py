"""What changed between two snapshots of one table, by key, in bounded memory.

Both snapshots are read once for the hashes and once more for the chunks that hold something changed. Of every
row two 64-bit hashes are kept, of its key and of its document; when that would grow too large, the keys are
taken in several passes, a slice of the hash's range each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from bravo_agent.model.check import LedgerEntry
from bravo_agent.transfer.documents import Documents, Hashes, document_hashes, key_hashes
from bravo_agent.transfer.load import TableEncoder

ROWS_PER_PASS = 4_000_000

Chunks = Sequence[tuple[int, int]]
"""(index, rows) of a table's chunks."""


@dataclass(frozen=True)
class Side:
    """One snapshot of the table: how its chunks are read and encoded; ``rejected`` fills as it is read."""

    chunks: Chunks
    read: Callable[[int], pa.RecordBatch]
    encoder: TableEncoder
    rejected: dict[tuple[int, int], LedgerEntry] = field(default_factory=dict)

    def documents(self, chunk: int) -> Iterator[pa.Array]:
        """The chunk's documents, slice by slice."""
        for part in self.encoder.encode(self.read(chunk), chunk):
            self.rejected.update({(entry.chunk, entry.row): entry for entry in part.rejected})
            if len(part.documents):
                yield part.documents

    @property
    def rows(self) -> int:
        """Rows of all chunks."""
        return sum(rows for _, rows in self.chunks)


@dataclass(frozen=True)
class _Hashed:
    keys: Hashes
    rows: Hashes


def upserts(before: Side, after: Side) -> Iterator[bytes]:
    """Documents of ``after`` that ``before`` lacks or has otherwise."""
    for part, parts in _passes(before, after):
        old = _hashed(before, part, parts)
        known = np.unique(_both(old))
        del old
        for chunk, _ in after.chunks:
            for documents in after.documents(chunk):
                keys, rows = _hashes(documents)
                wanted = (keys % parts == part) & ~np.isin(_both(_Hashed(keys, rows)), known)
                yield from documents.filter(pa.array(wanted)).to_pylist()


def deletions(before: Side, after: Side) -> Iterator[bytes]:
    """Documents of ``before`` whose key ``after`` lacks."""
    for part, parts in _passes(before, after):
        there = np.unique(_hashed(after, part, parts).keys)
        for chunk, _ in before.chunks:
            for documents in before.documents(chunk):
                keys = key_hashes(Documents.of_array(documents))
                gone = (keys % parts == part) & ~np.isin(keys, there)
                yield from documents.filter(pa.array(gone)).to_pylist()


def _passes(before: Side, after: Side) -> Iterator[tuple[np.uint64, np.uint64]]:
    parts = 1 + max(before.rows, after.rows) // ROWS_PER_PASS
    return ((np.uint64(part), np.uint64(parts)) for part in range(parts))


def _hashed(side: Side, part: np.uint64, parts: np.uint64) -> _Hashed:
    keys, rows = [np.empty(0, np.uint64)], [np.empty(0, np.uint64)]
    for chunk, _ in side.chunks:
        for documents in side.documents(chunk):
            key, row = _hashes(documents)
            mine = key % parts == part
            keys.append(key[mine])
            rows.append(row[mine])
    return _Hashed(np.concatenate(keys), np.concatenate(rows))


def _hashes(documents: pa.Array) -> tuple[Hashes, Hashes]:
    own = Documents.of_array(documents)
    return key_hashes(own), document_hashes(own)


def _both(hashed: _Hashed) -> Hashes:
    # The document holds its key, so its hash alone tells documents apart; the key is mixed in to make a
    # collision of two documents under different keys harmless.
    mixed: Hashes = hashed.rows ^ (hashed.keys * np.uint64(0x9E3779B97F4A7C15))
    return mixed
