"""What changed between two snapshots of one table, by key, in bounded memory.

Both snapshots are read once for the hashes and once more for the chunks that hold something changed. Of every
row two 64-bit hashes are kept, of its key and of all of it; when that would grow too large, the keys are taken in
several passes, a slice of the hash's range each. What was found is kept as a bit for every row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bravo_agent.model.check import LedgerEntry
from bravo_agent.transfer.checksum import row_hashes
from bravo_agent.transfer.documents import Documents, Hashes, document_hashes, key_hashes
from bravo_agent.transfer.executor import run_bounded
from bravo_agent.transfer.hashing import is_among
from bravo_agent.transfer.load import TableEncoder

ROWS_PER_PASS = 4_000_000
_THREADS = 2
_KEY = np.uint64(0x9E3779B97F4A7C15)

Chunks = Sequence[tuple[int, int]]
"""(index, rows) of a table's chunks."""
Bits = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Side:
    """One snapshot of the table: how its chunks are read and encoded; ``rejected`` fills as it is read.

    ``key`` are columns that tell rows apart, given only where equal rows of both sides surely are equal documents
    (and none was rejected): then rows are compared instead. ``marks``: what a chunk's bytes are known by; chunks of
    both sides with the same index and mark hold the same rows.
    """

    chunks: Chunks
    read: Callable[[int], pa.RecordBatch]
    encoder: TableEncoder
    rejected: dict[tuple[int, int], LedgerEntry] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    marks: Mapping[int, str] = field(default_factory=dict)

    def documents(self, chunk: int, rows: Bits) -> Iterator[bytes]:
        """The documents of those rows of the chunk."""
        wanted = np.flatnonzero(np.unpackbits(rows))
        for part in self.encoder.encode(self.read(chunk), chunk, wanted):
            self._note(part.rejected)
            yield from part.documents.to_pylist()

    def hashes(self, chunk: int, *, by_rows: bool) -> _Hashed:
        """Of the whole chunk."""
        batch = self.read(chunk)
        if by_rows:
            keys = row_hashes(batch.select(self.key))
            return _Hashed(chunk, np.arange(batch.num_rows, dtype=np.int32), keys, row_hashes(batch))
        found = [_Hashed(chunk, *([np.empty(0, np.uint64)] * 3))]
        for part in self.encoder.encode(batch, chunk):
            self._note(part.rejected)
            own = Documents.of_array(part.documents)
            found.append(_Hashed(chunk, part.places, key_hashes(own), document_hashes(own)))
        return _joined(found)

    def _note(self, entries: Sequence[LedgerEntry]) -> None:
        self.rejected.update({(entry.chunk, entry.row): entry for entry in entries})

    @property
    def rows(self) -> int:
        """Rows of all chunks."""
        return sum(rows for _, rows in self.chunks)


@dataclass(frozen=True)
class _Hashed:
    """Of rows of ``chunk`` at ``places``: hashes of their keys and contents."""

    chunk: int
    places: NDArray[Any]
    keys: Hashes
    contents: Hashes

    @property
    def both(self) -> Hashes:
        # The content holds the key, so its hash alone tells rows apart; the key is mixed in to make a collision
        # of two contents under different keys harmless.
        mixed: Hashes = self.contents ^ (self.keys * _KEY)
        return mixed

    def where(self, mask: NDArray[np.bool_]) -> _Hashed:
        """Those rows."""
        return _Hashed(self.chunk, self.places[mask], self.keys[mask], self.contents[mask])


@dataclass(frozen=True)
class _Changes:
    """Bits of the rows by chunk: of the latter snapshot's that are ``new``, of the former's that are ``gone``."""

    new: dict[int, Bits]
    gone: dict[int, Bits]


def upserts(before: Side, after: Side) -> Iterator[bytes]:
    """Documents of ``after`` that ``before`` lacks or has otherwise."""
    for chunk, rows in sorted(_changes(before, after).new.items()):
        yield from after.documents(chunk, rows)


def deletions(before: Side, after: Side) -> Iterator[bytes]:
    """Documents of ``before`` whose key ``after`` lacks."""
    for chunk, rows in sorted(_changes(before, after).gone.items()):
        yield from before.documents(chunk, rows)


@lru_cache(maxsize=2)  # merged, and then checked
def _changes(before: Side, after: Side) -> _Changes:
    found = _Changes({}, {})
    marks = set(before.marks.items()) & set(after.marks.items())
    same = {chunk for chunk, _ in marks}
    parts = 1 + max(before.rows, after.rows) // ROWS_PER_PASS
    by_rows = bool(before.key) and before.key == after.key
    for part in range(parts):

        def hashed(side: Side, part: int = part) -> Iterator[_Hashed]:
            todo = [chunk for chunk, _ in side.chunks if chunk not in same]
            with ThreadPoolExecutor(_THREADS, thread_name_prefix="delta") as executor:
                for one in run_bounded(
                    executor, lambda chunk: side.hashes(chunk, by_rows=by_rows), todo, in_flight=_THREADS + 1
                ):
                    yield one if parts == 1 else one.where(one.keys % np.uint64(parts) == part)

        _compare(hashed(before), hashed(after), dict(before.chunks), dict(after.chunks), found)
    return found


def _compare(
    before: Iterator[_Hashed],
    after: Iterator[_Hashed],
    former: Mapping[int, int],
    latter: Mapping[int, int],
    found: _Changes,
) -> None:
    old = list(before)
    contents = np.sort(np.concatenate([np.empty(0, np.uint64), *(one.both for one in old)]))
    old = [_Hashed(one.chunk, one.places, one.keys, one.keys[:0]) for one in old]
    keys = [np.empty(0, np.uint64)]
    for one in after:
        _mark(found.new, one, ~is_among(one.both, contents), latter)
        keys.append(one.keys)
    del contents
    there = np.sort(np.concatenate(keys))
    for one in old:
        _mark(found.gone, one, ~is_among(one.keys, there), former)


def _mark(found: dict[int, Bits], hashed: _Hashed, mask: NDArray[np.bool_], rows: Mapping[int, int]) -> None:
    if not mask.any():
        return
    bits = np.zeros(rows[hashed.chunk], np.uint8)
    bits[hashed.places[mask]] = 1
    packed = np.packbits(bits)
    found[hashed.chunk] = packed | found[hashed.chunk] if hashed.chunk in found else packed


def _joined(parts: Sequence[_Hashed]) -> _Hashed:
    return _Hashed(
        parts[0].chunk,
        np.concatenate([one.places for one in parts]).astype(np.int32),
        np.concatenate([one.keys for one in parts]),
        np.concatenate([one.contents for one in parts]),
    )
