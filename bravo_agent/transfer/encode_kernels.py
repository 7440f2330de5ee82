"""For every lane of types/ the kernel that turns a canonical array into ``Cells``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.transfer.encode_cells import (
    ARRAY,
    BINARY,
    BOOL,
    DOUBLE,
    INT32,
    INT64,
    STRING,
    Cells,
    lengths_of,
    numbers_in,
    offsets_in,
    present,
    valid,
    write,
)
from bravo_agent.transfer.encode_dates import date_cells, string_cells, timestamp_cells
from bravo_agent.transfer.encode_decimal import decimal_cells
from bravo_agent.transfer.encode_distinct import DistinctReader
from bravo_agent.transfer.encode_json import json_values
from bravo_agent.transfer.encode_rows import Rows, binary_array, offsets_of
from bravo_agent.types import Lane, family

Kernel = Callable[[pa.Array], Cells]
_HEX = np.frombuffer(b"0123456789abcdef", np.uint8)
_HYPHENS, _DIGITS = [8, 13, 18, 23], [i for i in range(36) if i not in (8, 13, 18, 23)]


def kernel(type_: ColumnType, switches: TypesSection) -> Kernel:
    """The kernel of a column of ``type_``; it takes its array in the canonical Arrow type."""
    kind = family(type_)
    lane = kind.lane(type_)
    if lane == "array":
        return _array_kernel(type_, switches)
    if lane == "text":
        # In the text of json a key may stand twice; in that of jsonb it cannot.
        quick = json_values if type_.name == "jsonb" and type_.form == "base" else None
        return DistinctReader(kind.reader(type_, switches), quick).cells
    if lane == "date":
        return lambda array: date_cells(array, switches)
    if lane == "timestamp":
        return lambda array: timestamp_cells(array, switches)
    if lane == "uuid":
        return _uuid_text if switches.uuid == "string" else _uuid
    return _PLAIN[lane]


def _bool(array: pa.Array) -> Cells:
    return Cells(BOOL, present(array), (np.asarray(pc.fill_null(array, False)).view(np.uint8),))


def _int32(array: pa.Array) -> Cells:
    stored = numbers_in(array, "<i2" if array.type == pa.int16() else "<i4")
    return Cells(INT32, present(array), (stored.astype("<i4", copy=False),))


def _int64(array: pa.Array) -> Cells:
    return Cells(INT64, present(array), (numbers_in(array, "<i8"),))


def _double(array: pa.Array) -> Cells:
    stored = numbers_in(array, "<f4" if array.type == pa.float32() else "<f8")
    return Cells(DOUBLE, present(array), (stored.astype("<f8", copy=False),))


def _uuid(array: pa.Array) -> Cells:
    return Cells(BINARY, present(array), (b"\x10\0\0\0\x04", numbers_in(array, "V16")))


def _uuid_text(array: pa.Array) -> Cells:
    """The 32 digits with their hyphens, written as one matrix."""
    stored = numbers_in(array, "V16").view(np.uint8).reshape(len(array), 16)
    text = np.full((len(array), 36), ord("-"), np.uint8)
    text[:, _DIGITS] = _HEX[np.stack((stored >> 4, stored & 15), axis=2).reshape(len(array), 32)]
    return Cells(STRING, present(array), (b"\x25\0\0\0", text.view("V36").reshape(-1)), tail=b"\0")


def _binary(array: pa.Array) -> Cells:
    return Cells(BINARY, present(array), (lengths_of(array).astype("<i4"), b"\0"), array)


def _element(array: pa.Array) -> Cells:
    """``bson.encode({"v": value})``: the type byte is the fifth, the value follows the name, a NUL ends it."""
    starts = offsets_in(array)[:-1] + 4
    data = np.frombuffer(array.buffers()[2] or b"", np.uint8)
    there = valid(array)
    tags = np.zeros(len(array), np.uint8)
    tags[there] = data[starts[there]]
    return Cells(tags, present(array), body=pc.binary_slice(array, 7, -1))


_PLAIN: dict[Lane, Kernel] = {
    "bool": _bool,
    "int32": _int32,
    "int64": _int64,
    "double": _double,
    "decimal": decimal_cells,
    "string": string_cells,
    "binary": _binary,
    "element": _element,
}


def _array_kernel(type_: ColumnType, switches: TypesSection) -> Kernel:
    """Items by the kernel of their own type; arrays of several dimensions by their text."""
    element = type_.element
    assert element is not None
    read = family(element).reader(element, switches) if element.form == "array" else None
    items_kernel = DistinctReader(read).cells if read else kernel(element, switches)
    nested = DistinctReader(family(type_).reader(type_, switches))

    def cells(array: pa.Array) -> Cells:
        items, text = array.flatten()
        body, rejected = _items(items, items_kernel)
        if text.null_count < len(text):
            other = nested.cells(text)
            assert other.body is not None
            body = pc.coalesce(body, pc.binary_slice(other.body, 4, -1).cast(pa.large_binary()))
            rejected |= other.rejected
        return Cells(
            ARRAY, present(body), ((lengths_of(body) + 5).astype("<i4"),), body, b"\0", rejected=rejected
        )

    return cells


def _items(items: pa.Array, items_kernel: Kernel) -> tuple[pa.Array, dict[int, str]]:
    """Per list the bytes of its elements, named ``0``, ``1`` ...: they lie side by side as joined."""
    offsets = offsets_in(items).astype(np.int64)
    values = items.values.slice(offsets[0], offsets[-1] - offsets[0])
    offsets -= offsets[0]
    cells = items_kernel(values)
    rows = Rows(len(values), sized=False)
    write(rows, _names(np.diff(offsets)), cells)
    joined = rows.finish()
    null = ~valid(items) if items.null_count else None
    body = binary_array(joined.buffers()[2] or pa.py_buffer(b""), offsets_in(joined)[offsets], null=null)
    found = _by_list(cells.rejected, offsets)
    return body, found if null is None else {row: reason for row, reason in found.items() if not null[row]}


def _names(lengths: NDArray[np.int64]) -> pa.Array:
    """``0``, ``1`` ... anew for each list."""
    starts = offsets_of(lengths)
    indices = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
    return pa.array([str(i) for i in range(int(lengths.max(initial=0)))], pa.utf8()).take(pa.array(indices))


def _by_list(rejected: dict[int, str], offsets: NDArray[np.int64]) -> dict[int, str]:
    """The reasons of items as reasons of the lists they are in, the first of each list."""
    found: dict[int, str] = {}
    for item in sorted(rejected):
        found.setdefault(int(np.searchsorted(offsets, item, "right")) - 1, rejected[item])
    return found
