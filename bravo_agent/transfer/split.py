"""Concatenated BSON documents taken apart by column, for all documents at once.

Documents of one collection mostly have the same fields in the same order, so a step of the walk handles one
field of every document: names are compared and lengths read by numpy. Documents that differ part from the others
and are walked in a group of their own, with the same result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Positions = NDArray[np.int64]
Bytes = NDArray[np.uint8]

# Bytes of the value per type byte, where they are fixed.
_FIXED = {
    0x01: 8, 0x06: 0, 0x07: 12, 0x08: 1, 0x09: 8, 0x0A: 0, 0x10: 4, 0x11: 8, 0x12: 8, 0x13: 16, 0x7F: 0,
    0xFF: 0,
}  # fmt: skip
# Where an int32 stands in front: what is added to it for all bytes of the value.
_COUNTED = {0x02: 4, 0x03: 0, 0x04: 0, 0x05: 5, 0x0C: 16, 0x0D: 4, 0x0E: 4, 0x0F: 0}
_REGEX = 0x0B

_SIZE = np.full(256, -1, np.int64)
_SIZE[list(_FIXED)] = list(_FIXED.values())
_EXTRA = np.full(256, -1, np.int64)
_EXTRA[list(_COUNTED)] = list(_COUNTED.values())

# Arrow's views have offsets of 31 bits, and hold up to 12 bytes themselves.
_VIEWED_BYTES, _INLINE = 1 << 30, 12
_SMALL = 64


class BrokenDocumentError(ValueError):
    """Bytes that are no BSON document."""


@dataclass(frozen=True)
class _Piece:
    """One field of some documents: which, and where its value begins and ends."""

    rows: Positions
    value: Positions
    after: Positions
    tags: Bytes


_Found = dict[str, list[_Piece]]


def document_offsets(buffer: bytes | memoryview) -> Positions:
    """Where each of the concatenated documents of a cursor's batch begins, and the end of the last."""
    view = memoryview(buffer)
    offsets, at = [0], 0
    while at < len(view):
        size = int.from_bytes(view[at : at + 4], "little", signed=True)
        if size < 5 or at + size > len(view):
            raise BrokenDocumentError(f"no document at byte {at}")
        at += size
        offsets.append(at)
    return np.array(offsets, np.int64)


def split_documents(buffer: bytes | memoryview, offsets: Positions) -> dict[str, pa.LargeBinaryArray]:
    """Per top-level field, by first appearance: type byte and value of each document, null where missing.

    ``offsets`` into ``buffer`` has one number more than there are documents, and they lie side by side. A name
    that stands twice in a document counts once, the last.
    """
    count = len(offsets) - 1
    if count > 1 and offsets[-1] - offsets[0] > _VIEWED_BYTES:
        half = count // 2
        return _joined(split_documents(buffer, offsets[: half + 1]), split_documents(buffer, offsets[half:]))
    # A copy, because the type bytes are written into it, just before their values.
    data = np.frombuffer(buffer, np.uint8)[offsets[0] : offsets[-1]].copy()
    offsets = offsets - offsets[0]
    found: _Found = {}
    _walk(data, found, np.arange(count), offsets[:-1] + 4, offsets[1:] - 1)
    for piece in (piece for pieces in found.values() for piece in pieces):
        data[piece.value - 1] = piece.tags
    return {name: _column(data, pieces, count) for name, pieces in found.items()}


def _joined(
    first: dict[str, pa.LargeBinaryArray], second: dict[str, pa.LargeBinaryArray]
) -> dict[str, pa.LargeBinaryArray]:
    """Two splits one after the other."""
    lengths = [len(next(iter(part.values()), ())) for part in (first, second)]
    missing = [pa.nulls(length, pa.large_binary()) for length in lengths]
    return {
        name: pa.concat_arrays([first.get(name, missing[0]), second.get(name, missing[1])])
        for name in (*first, *(other for other in second if other not in first))
    }


def _walk(data: Bytes, found: _Found, rows: Positions, at: Positions, end: Positions) -> None:
    """Takes field after field of the documents that agree with the first; the others wait for their turn."""
    waiting = [(rows, at, end)]
    while waiting:
        rows, at, end = waiting.pop()
        rows, at, end = _where(at < end, rows, at, end)
        if not len(rows):
            continue
        name = _name_at(data, int(at[0]) + 1)
        same = _names_equal(data, at + 1, end, name)
        if not same[0]:
            raise BrokenDocumentError("a name goes beyond its document")
        if not same.all():
            waiting.append(_where(~same, rows, at, end))
            rows, at, end = _where(same, rows, at, end)
        value, tags = at + (len(name) + 2), data[at]
        after = value + _sizes(data, tags, value)
        if (after > end).any():
            raise BrokenDocumentError("an element goes beyond its document")
        found.setdefault(name.decode(), []).append(_Piece(rows, value, after, tags))
        waiting.append((rows, after, end))


def _where(mask: NDArray[np.bool_], *arrays: Positions) -> tuple[Positions, Positions, Positions]:
    first, second, third = arrays if mask.all() else (array[mask] for array in arrays)
    return first, second, third


def _name_at(data: Bytes, at: int) -> bytes:
    window = 64
    while True:
        text: bytes = data[at : at + window].tobytes()
        if (stop := text.find(0)) >= 0:
            return text[:stop]
        if at + window > len(data):
            raise BrokenDocumentError(f"a name without end at byte {at}")
        window *= 4


def _names_equal(data: Bytes, at: Positions, end: Positions, name: bytes) -> NDArray[np.bool_]:
    """Where the name at ``at`` is ``name`` with its NUL; compared by words, the last of which may overlap."""
    wanted = name + b"\0"
    width = len(wanted)
    same = at + width <= end
    inside = at if same.all() else at[same]
    size = next(size for size in (8, 4, 2, 1) if size <= width)
    equal = np.ones(len(inside), np.bool_)
    for start in (*range(0, width - size, size), width - size):
        word = np.frombuffer(wanted, f"<u{size}", count=1, offset=start)[0]
        equal &= _items(data, f"<u{size}")[inside + start] == word
    same[same] = equal
    return same


def _sizes(data: Bytes, tags: Bytes, value: Positions) -> Positions:
    """The bytes of each value."""
    sizes, counted = _SIZE[tags], _EXTRA[tags]
    is_counted = counted >= 0
    if is_counted.any():
        at = value[is_counted]
        if (at + 4 > len(data)).any():
            raise BrokenDocumentError("a value without its length")
        sizes[is_counted] = _items(data, "<i4")[at] + counted[is_counted]
    for row in np.flatnonzero(tags == _REGEX).tolist():
        pattern = len(_name_at(data, int(value[row]))) + 1
        sizes[row] = pattern + len(_name_at(data, int(value[row]) + pattern)) + 1
    if (sizes < 0).any():
        raise BrokenDocumentError("an element of a type or a length that BSON does not have")
    return sizes


def _items(data: Bytes, dtype: str) -> NDArray[Any]:
    """The data as items that begin at every byte."""
    width = np.dtype(dtype).itemsize
    return np.ndarray((max(0, len(data) - width + 1),), dtype, buffer=data.data, strides=(1,))


def _column(data: Bytes, pieces: list[_Piece], count: int) -> pa.LargeBinaryArray:
    """One array in document order, each value with its type byte, gathered from where it lies."""
    begin, size = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for piece in pieces:
        begin[piece.rows], size[piece.rows] = piece.value - 1, piece.after - piece.value + 1
    if 0 < size[0] <= _SMALL and (size == size[0]).all():
        items = _items(data, f"V{size[0]}")[begin]
        offsets = np.arange(count + 1, dtype=np.int64) * size[0]
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(items.view(np.uint8))]
        return pa.Array.from_buffers(pa.large_binary(), count, buffers)
    valid = None if size.all() else pa.array(size > 0).buffers()[1]
    buffers = [valid, pa.py_buffer(_views(data, begin, size)), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.binary_view(), count, buffers).cast(pa.large_binary())


def _views(data: Bytes, begin: Positions, size: Positions) -> NDArray[np.int32]:
    """Arrow's binary views: the size, then the bytes themselves, or their first four, buffer and offset."""
    views = np.zeros((len(begin), 4), np.int32)
    views[:, 0] = size
    short = np.flatnonzero(size <= _INLINE)
    padded = data if not len(short) else np.concatenate((data[-_INLINE:], np.zeros(_INLINE, np.uint8)))
    views[:, 3] = begin
    # The last bytes of the data are looked up in a padded copy, where twelve can be read at every place.
    late = begin[short] > len(data) - _INLINE
    at, tail = begin[short], max(0, len(data) - _INLINE)
    views[short[~late], 1:] = _items(data, f"V{_INLINE}")[at[~late]].view(np.int32).reshape(-1, 3)
    views[short[late], 1:] = _items(padded, f"V{_INLINE}")[at[late] - tail].view(np.int32).reshape(-1, 3)
    return views
