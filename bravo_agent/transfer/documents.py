"""Checksums of BSON documents by top-level field, for what is sent and for what is read back alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bravo_agent.ports import Checksum
from bravo_agent.transfer.checksum import column_checksums, hash_bytes
from bravo_agent.transfer.split import document_offsets, split_documents

Columns = Mapping[str, pa.Array]
Hashes = NDArray[np.uint64]


def columns_of(documents: pa.Array) -> Columns:
    """Type byte and value of every top-level field of an Arrow array of documents."""
    _, offsets, data = documents.buffers()
    width = np.int64 if pa.types.is_large_binary(documents.type) else np.int32
    own = np.frombuffer(offsets, width)[documents.offset : documents.offset + len(documents) + 1]
    return split_documents(memoryview(data) if data else b"", own.astype(np.int64))


def columns_of_buffer(block: bytes) -> Columns:
    """The same, of documents end to end as a cursor gives them."""
    return split_documents(block, document_offsets(block))


def checksums(columns: Columns, only: Hashes | None = None) -> dict[str, Checksum]:
    """By field; with ``only``, over the documents whose ``_id`` is among these (sorted) hashes."""
    key = columns["_id"]
    if only is not None:
        mask = pa.array(np.isin(hash_bytes(key), only, assume_unique=False))
        columns = {name: array.filter(mask) for name, array in columns.items()}
        key = columns["_id"]
    return column_checksums(
        key, {name: array for name, array in columns.items() if name != "_id"} | {"_id": key}
    )


def key_hashes(columns: Columns) -> Hashes:
    """A hash of every document's ``_id``."""
    return hash_bytes(columns["_id"])


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
