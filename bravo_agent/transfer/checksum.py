"""Checksums of documents that do not depend on their order, and hashes of whole rows.

Two collections hold the same documents when counts and sums of their fields agree: each document adds a hash of
(field, key, value), modulo 2^64. Not for use against somebody who forges rows.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bravo_agent.ports import Checksum
from bravo_agent.transfer.encode_cells import numbers_in, offsets_in, valid
from bravo_agent.transfer.hashing import Bytes, Positions, Words, hash_name, hash_spans, is_among, mix
from bravo_agent.transfer.split import Piece, fields_of

_NULL = np.uint64(0xD1B54A32D192ED03)
_TAGS = mix(np.arange(256, dtype=np.uint64))
_NONE = np.uint64(0)


def key_hashes(data: Bytes, begin: Positions, end: Positions) -> Words:
    """A hash of every document's ``_id``; raises ``KeyError`` where there is none."""
    return _keys(data, fields_of(data, begin, end, only="_id"), len(begin))


def field_checksums(
    data: Bytes, begin: Positions, end: Positions, only: Words | None = None
) -> dict[str, Checksum]:
    """Per top-level field the checksum of its (key, value) pairs; a BSON null is a value, a missing field is none.

    With ``only``: over the documents whose key's hash is among these (sorted).
    """
    fields = fields_of(data, begin, end)
    if not fields:
        return {}
    keys = _keys(data, fields, len(begin))
    wanted = None if only is None else is_among(keys, only)
    return {name: _checksum(data, pieces, keys, name, wanted) for name, pieces in fields.items()}


def _keys(data: Bytes, fields: dict[str, list[Piece]], count: int) -> Words:
    hashes, there = _by_row(data, fields["_id"] if count else [], np.zeros(count, np.uint64))
    if not there.all():
        raise KeyError("_id")
    return hashes


def _checksum(
    data: Bytes, pieces: list[Piece], keys: Words, name: str, wanted: NDArray[np.bool_] | None
) -> Checksum:
    hashes, there = _by_row(data, pieces, keys * (hash_name(name) | np.uint64(1)))
    counted = there if wanted is None else there & wanted
    if not counted.all():
        hashes = hashes[counted]
    return Checksum(len(hashes), int(hashes.sum(dtype=np.uint64)))


def _by_row(data: Bytes, pieces: list[Piece], seeds: Words) -> tuple[Words, NDArray[np.bool_]]:
    """The hash of each document's value, and which documents have one."""
    count = len(seeds)
    if len(pieces) == 1 and len(pieces[0].rows) == count:
        return _hashed(data, pieces[0], seeds), np.ones(count, np.bool_)
    hashes, there = np.zeros(count, np.uint64), np.zeros(count, np.bool_)
    for piece in pieces:
        hashes[piece.rows] = _hashed(data, piece, seeds[piece.rows])
        there[piece.rows] = True
    return hashes, there


def _hashed(data: Bytes, piece: Piece, seeds: Words) -> Words:
    return hash_spans(data, piece.begin, piece.size, seeds ^ _TAGS[piece.tags])


def row_hashes(batch: pa.RecordBatch) -> Words:
    """A hash of each row over names and values; what lies under nulls or outside a slice does not count."""
    total = np.zeros(batch.num_rows, np.uint64)
    for name, array in zip(batch.schema.names, batch.columns, strict=True):
        total = mix(total + mix(_hash_array(array) ^ hash_name(name)))
    return total


def hash_bytes(array: pa.Array) -> Words:
    """A hash of each value of a binary or string array."""
    offsets = offsets_in(array).astype(np.int64)
    data = np.frombuffer(array.buffers()[2] or b"", np.uint8)
    return _or_null(hash_spans(data, offsets[:-1], np.diff(offsets), _NONE), array)


def value_hashes(array: pa.Array) -> Words:
    """A hash of each value of a canonical array, of any type in types/."""
    return _hash_array(array)


def _hash_array(array: pa.Array) -> Words:
    arrow = array.type
    if pa.types.is_struct(arrow):
        return _or_null(_hash_struct(array), array)
    if pa.types.is_list(arrow):
        return _or_null(_hash_lists(array), array)
    if pa.types.is_boolean(arrow):
        return _or_null(mix(np.asarray(array.fill_null(False)).astype(np.uint64)), array)
    if pa.types.is_fixed_size_binary(arrow):
        return hash_bytes(array.cast(pa.binary()))
    if pa.types.is_primitive(arrow):
        return _or_null(mix(_words(array)), array)
    return hash_bytes(array)


def _words(array: pa.Array) -> Words:
    """The bits of each number; a float widened to 64 bits, so that the bits are those of its value."""
    if pa.types.is_floating(array.type):
        stored = numbers_in(array, f"<f{array.type.bit_width // 8}")
        return stored.astype(np.float64).view(np.uint64)
    return numbers_in(array, f"<i{array.type.bit_width // 8}").astype(np.int64).view(np.uint64)


def _hash_struct(array: pa.StructArray) -> Words:
    total = np.zeros(len(array), np.uint64)
    for child in array.flatten():
        total = mix(total + _hash_array(child))
    return total


def _hash_lists(array: pa.ListArray) -> Words:
    """Over the hashes of the items, so their order counts; and how many they are."""
    offsets = offsets_in(array).astype(np.int64)
    hashes = _hash_array(array.values.slice(offsets[0], offsets[-1] - offsets[0]))
    begin = offsets[:-1] - offsets[0]
    return hash_spans(hashes.view(np.uint8), begin * 8, np.diff(offsets) * 8, _NONE)


def _or_null(hashes: Words, array: pa.Array) -> Words:
    return hashes if array.null_count == 0 else np.where(valid(array), hashes, _NULL)
