"""Checksums that do not depend on the order of rows, and hashes of whole rows.

Two collections hold the same rows when counts and sums of their columns agree: each row adds a hash of (column, key,
value), modulo 2^64. Not for use against somebody who forges rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bravo_agent.ports import Checksum
from bravo_agent.transfer.encode_cells import lengths_of, numbers_in, offsets_in, valid
from bravo_agent.transfer.split import document_offsets, split_documents

Words = NDArray[np.uint64]
_RUN_BYTES = 1 << 18
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that its powers never vanish modulo 2^64
_INVERSE = np.uint64(pow(int(_BASE), -1, 2**64))
_NULL = np.uint64(0xD1B54A32D192ED03)


def column_checksums(key: pa.Array, columns: Mapping[str, pa.Array]) -> dict[str, Checksum]:
    """Per column the checksum of its (key, value) pairs; all arrays are binary, and nulls (missing) add nothing."""
    keys = hash_bytes(key)
    return {name: _checksum(keys ^ _seed(name), array) for name, array in columns.items()}


def document_checksums(documents: pa.LargeBinaryArray) -> dict[str, Checksum]:
    """Per top-level field the checksum of encoded documents; a BSON null is a value, a missing field is none."""
    offsets = offsets_in(documents).astype(np.int64)
    data = memoryview(documents.buffers()[2] or b"")
    columns = split_documents(data[offsets[0] : offsets[-1]], offsets - offsets[0])
    return column_checksums(columns["_id"], columns) if columns else {}


def buffer_checksums(block: bytes | memoryview) -> tuple[int, dict[str, Checksum]]:
    """How many documents a block of concatenated ones holds, and their checksums; each must have an ``_id``."""
    offsets = document_offsets(block)
    columns = split_documents(block, offsets)
    return len(offsets) - 1, column_checksums(columns["_id"], columns) if columns else {}


def _checksum(seeds: Words, array: pa.Array) -> Checksum:
    hashes = _mix(_mix(seeds) + hash_bytes(array))
    if array.null_count:
        hashes = hashes[valid(array)]
    return Checksum(len(hashes), int(hashes.sum(dtype=np.uint64)))


def row_hashes(batch: pa.RecordBatch) -> Words:
    """A hash of each row over names and values; what lies under nulls or outside a slice does not count."""
    total = np.zeros(batch.num_rows, np.uint64)
    for name, array in zip(batch.schema.names, batch.columns, strict=True):
        total = _mix(total + _mix(_hash_array(array) ^ _seed(name)))
    return total


def hash_bytes(array: pa.Array) -> Words:
    """A hash of each value of a binary or string array, its length mixed in.

    A polynomial over the bytes by prefix sums of b[i] * BASE^i, shifted back by BASE^-start, then mixed.
    """
    offsets = offsets_in(array).astype(np.int64)
    data = np.frombuffer(array.buffers()[2] or b"", np.uint8)
    hashes = np.empty(len(array), np.uint64)
    for first, last in _runs(offsets):
        part = offsets[first : last + 1]
        if last - first == 1 and part[1] - part[0] > _RUN_BYTES:
            hashes[first] = _hash_long(data[part[0] : part[1]].tobytes())
        else:
            hashes[first:last] = _sums(data[part[0] : part[-1]].astype(np.uint64), part - part[0])
    return _or_null(_mix(hashes ^ _mix(lengths_of(array).astype(np.uint64))), array)


def _runs(offsets: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Runs of values of at most ``_RUN_BYTES`` together, so that memory and powers stay small."""
    first, count = 0, len(offsets) - 1
    while first < count:
        last = int(np.searchsorted(offsets, offsets[first] + _RUN_BYTES, "right")) - 1
        last = min(max(last, first + 1), count)
        yield first, last
        first = last


def _sums(terms: Words, offsets: NDArray[np.int64]) -> Words:
    """For each piece of ``terms`` the polynomial of its terms: the sum of term[i] * BASE^i from its start."""
    powers, inverses = _powers(len(terms) + 1)
    sums = np.zeros(len(terms) + 1, np.uint64)
    np.cumsum((terms + np.uint64(1)) * powers[: len(terms)], out=sums[1:])
    return (sums[offsets[1:]] - sums[offsets[:-1]]) * inverses[offsets[:-1]]


def _hash_long(data: bytes) -> np.uint64:
    """Of names, and of values longer than a run; which way is taken depends on the length alone."""
    return np.uint64(int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little"))


def _powers(count: int) -> tuple[Words, Words]:
    """Powers of the base and of its inverse, at least ``count`` of each."""
    return _power_tables(max(_RUN_BYTES + 1, 1 << (count - 1).bit_length()))


@lru_cache(maxsize=2)
def _power_tables(count: int) -> tuple[Words, Words]:
    return _progression(_BASE, count), _progression(_INVERSE, count)


def _progression(base: np.uint64, count: int) -> Words:
    """1, base, base^2 ... modulo 2^64."""
    factors = np.full(count, base)
    factors[0] = 1
    return np.cumprod(factors, dtype=np.uint64)


def _hash_array(array: pa.Array) -> Words:
    """A hash of each value of a canonical array, of any type in types/."""
    arrow = array.type
    if pa.types.is_struct(arrow):
        return _or_null(_hash_struct(array), array)
    if pa.types.is_list(arrow):
        return _or_null(_hash_lists(array), array)
    if pa.types.is_boolean(arrow):
        return _or_null(_mix(np.asarray(array.fill_null(False)).astype(np.uint64)), array)
    if pa.types.is_fixed_size_binary(arrow):
        return hash_bytes(array.cast(pa.binary()))
    if pa.types.is_primitive(arrow):
        return _or_null(_mix(_words(array)), array)
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
        total = _mix(total + _hash_array(child))
    return total


def _hash_lists(array: pa.ListArray) -> Words:
    """The polynomial over the hashes of the items, so their order counts; and how many they are."""
    offsets = offsets_in(array).astype(np.int64)
    values = array.values.slice(offsets[0], offsets[-1] - offsets[0])
    sums = _sums(_hash_array(values), offsets - offsets[0])
    return _mix(sums ^ _mix(np.diff(offsets).astype(np.uint64)))


def _or_null(hashes: Words, array: pa.Array) -> Words:
    return hashes if array.null_count == 0 else np.where(valid(array), hashes, _NULL)


def _seed(name: str) -> np.uint64:
    return _hash_long(name.encode())


def _mix(words: Words) -> Words:
    """The finaliser of splitmix64: every bit of the input reaches every bit of the output."""
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
