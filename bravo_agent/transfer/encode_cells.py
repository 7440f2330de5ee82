"""One column's values as BSON, in the few pieces that every BSON type is made of; see ``Cells``."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bravo_agent.transfer.encode_rows import Bools, Numbers, Rows

DOUBLE, STRING, DOCUMENT, ARRAY, BINARY, BOOL, DATE, NULL = 0x01, 0x02, 0x03, 0x04, 0x05, 0x08, 0x09, 0x0A
INT32, INT64, DECIMAL = 0x10, 0x12, 0x13


@dataclass(frozen=True)
class Cells:
    """A column: type byte, fixed-width ``head`` (value, or length of the body), ``body``, constant ``tail``.

    Where ``present`` is False the element is null and has none of the three; the body is null there.
    ``rejected`` gives the reason per row that has no BSON form; such a row is written as null and then dropped.
    """

    tag: int | NDArray[np.uint8]
    present: Bools | None = None
    head: tuple[bytes | Numbers, ...] = ()
    body: pa.Array | None = None
    tail: bytes = b""
    rejected: dict[int, str] = field(default_factory=dict)


def write(rows: Rows, name: bytes | pa.Array, cells: Cells) -> None:
    """Appends the element ``name``: one name for all rows, or an array of names."""
    rows.fixed(_tags(cells))
    if isinstance(name, bytes):
        rows.fixed(name)
    else:
        rows.variable(name, lengths_of(name))
    rows.fixed(b"\0")
    for piece in cells.head:
        rows.fixed(piece, cells.present)
    if cells.body is not None:
        rows.variable(cells.body, lengths_of(cells.body))
    rows.fixed(cells.tail, cells.present)


def _tags(cells: Cells) -> bytes | NDArray[np.uint8]:
    if cells.present is None:
        return bytes([cells.tag]) if isinstance(cells.tag, int) else cells.tag
    return np.where(
        cells.present, np.uint8(cells.tag) if isinstance(cells.tag, int) else cells.tag, np.uint8(NULL)
    )


def lengths_of(array: pa.Array) -> NDArray[np.int64]:
    """Bytes of each value of a binary or string array, 0 for nulls."""
    lengths = np.diff(offsets_in(array)).astype(np.int64, copy=False)
    return lengths if array.null_count == 0 else np.where(valid(array), lengths, 0)


def offsets_in(array: pa.Array) -> NDArray[np.signedinteger]:
    """The offsets of a binary, string or list array, respecting its slice; they need not begin at 0."""
    wide = pa.types.is_large_binary(array.type) or pa.types.is_large_string(array.type)
    dtype = np.dtype(np.int64 if wide else np.int32)
    buffer = array.buffers()[1]
    if buffer is None or buffer.size < dtype.itemsize:
        return np.zeros(len(array) + 1, dtype)
    return np.frombuffer(buffer, dtype, count=len(array) + 1, offset=array.offset * dtype.itemsize)


def numbers_in(array: pa.Array, dtype: str) -> Numbers:
    """The values buffer of a fixed-width array, respecting its slice; nulls hold anything."""
    width = np.dtype(dtype).itemsize
    buffer = array.buffers()[1]
    if buffer is None or len(array) == 0:
        return np.zeros(len(array), dtype)
    return np.frombuffer(buffer, dtype, count=len(array), offset=array.offset * width)


def valid(array: pa.Array) -> Bools:
    """True where the array holds a value."""
    return np.asarray(array.is_valid())


def present(array: pa.Array) -> Bools | None:
    """``valid``, or None where no value is null: the quick way for most columns."""
    return valid(array) if array.null_count else None
