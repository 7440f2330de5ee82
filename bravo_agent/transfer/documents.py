"""Encoded documents in a block of bytes: their checksums by field, for what is sent and for what is read back alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bravo_agent.ports import Checksum
from bravo_agent.transfer.checksum import field_checksums
from bravo_agent.transfer.checksum import key_hashes as _key_hashes
from bravo_agent.transfer.encode_cells import offsets_in
from bravo_agent.transfer.hashing import Bytes, Positions, hash_spans

Hashes = NDArray[np.uint64]
_SLICE = 20_000  # documents that are looked at together: what is noted of them stays in the cache


@dataclass(frozen=True)
class Documents:
    """``data`` with the places where each document begins and ends."""

    data: Bytes
    begin: Positions
    end: Positions

    def __len__(self) -> int:
        return len(self.begin)

    @classmethod
    def of_array(cls, documents: pa.Array) -> Documents:
        """Of an Arrow array; nothing is copied."""
        data = documents.buffers()[2]
        own = offsets_in(documents).astype(np.int64, copy=False)
        return cls(np.frombuffer(data or b"", np.uint8), own[:-1], own[1:])

    def slices(self) -> Iterator[Documents]:
        """The same in parts."""
        for start in range(0, len(self), _SLICE):
            part = slice(start, start + _SLICE)
            yield Documents(self.data, self.begin[part], self.end[part])


def checksums(documents: Documents, only: Hashes | None = None) -> dict[str, Checksum]:
    """By field; with ``only``, over the documents whose ``_id`` is among these (sorted) hashes."""
    return total(field_checksums(part.data, part.begin, part.end, only) for part in documents.slices())


def key_hashes(documents: Documents) -> Hashes:
    """A hash of every document's ``_id``."""
    return _key_hashes(documents.data, documents.begin, documents.end)


def document_hashes(documents: Documents) -> Hashes:
    """A hash of every whole document."""
    size = documents.end - documents.begin
    return hash_spans(documents.data, documents.begin, size, np.uint64(0))


def add_checksums(sums: dict[str, Checksum], more: Mapping[str, Checksum]) -> None:
    """Adds ``more`` into ``sums``: the order of chunks does not matter."""
    for name, one in more.items():
        sums[name] = sums.get(name, Checksum()) + one


def total(parts: Iterable[Mapping[str, Checksum]]) -> dict[str, Checksum]:
    """All ``parts`` added up."""
    sums: dict[str, Checksum] = {}
    for part in parts:
        add_checksums(sums, part)
    return sums
