"""Where the fields of BSON documents lie, for all documents at once.

Documents of one collection mostly have the same fields in the same order, so a step of the walk handles one
field of every document: names are compared and lengths read by numpy. Documents that differ part from the others
and are walked in a group of their own, with the same result.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bravo_agent.transfer.hashing import Bytes, Positions, items

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


class BrokenDocumentError(ValueError):
    """Bytes that are no BSON document."""


@dataclass(frozen=True)
class Piece:
    """One field of the documents ``rows``: where its values begin, their bytes and type bytes.

    ``size`` and ``tags`` are one number where all values have the same.
    """

    rows: Positions
    begin: Positions
    size: Positions | int
    tags: Bytes | int


def fields_of(
    data: Bytes, begin: Positions, end: Positions, *, only: str | None = None
) -> dict[str, list[Piece]]:
    """Per top-level field, by first appearance, its values: one piece, or several where documents differ.

    The documents lie in ``data`` from ``begin`` to ``end``, in ascending order. With ``only`` no document is walked
    further than that field. Of a name that stands twice in a document, the last piece counts.
    """
    found: dict[str, list[Piece]] = {}
    waiting = [(np.arange(len(begin)), begin + 4, end - 1)]
    while waiting:
        rows, at, end = waiting.pop()
        rows, at, end = _where(at < end, rows, at, end)
        if not len(rows):
            continue
        name = _name_at(data, int(at[0]) + 1)
        tags, same = _tags_and_names(data, at, end, name)
        if not same[0]:
            raise BrokenDocumentError("a name goes beyond its document")
        if not same.all():
            waiting.append(_where(~same, rows, at, end))
            tags, (rows, at, end) = tags[same], _where(same, rows, at, end)
        piece = _piece(data, rows, tags, at + (len(name) + 2))
        after = piece.begin + piece.size
        if (after > end).any():
            raise BrokenDocumentError("an element goes beyond its document")
        field = name.decode()
        found.setdefault(field, []).append(piece)
        if field != only:
            waiting.append((rows, after, end))
    return found


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


def _tags_and_names(
    data: Bytes, at: Positions, end: Positions, name: bytes
) -> tuple[Bytes, NDArray[np.bool_]]:
    """The type bytes at ``at``, and behind which of them the name is ``name`` with its NUL."""
    wanted = name + b"\0"
    same = at + (len(wanted) + 1) <= end
    if int(at[-1]) + 8 > len(data):
        return data[at], _names_equal(data, at + 1, same, wanted)
    # A look at the memory is what costs: so the type byte and seven more are taken at once.
    words = items(data, "<u8")[at]
    tags = words.astype(np.uint8)
    words &= np.uint64(256 ** (min(len(wanted), 7) + 1) - 256)
    same &= words == np.uint64(int.from_bytes(wanted[:7], "little") << 8)
    return tags, _names_equal(data, at + 8, same, wanted[7:])


def _names_equal(data: Bytes, at: Positions, same: NDArray[np.bool_], wanted: bytes) -> NDArray[np.bool_]:
    """``same``, where the bytes at ``at`` are ``wanted``; compared by words, the last of which may overlap."""
    if not wanted:
        return same
    if not same.all():
        there = np.flatnonzero(same)
        same[there] = _names_equal(data, at[there], same[there], wanted)
        return same
    size, width = next(size for size in (8, 4, 2, 1) if size <= len(wanted)), len(wanted)
    words = items(data, f"<u{size}")
    for start in (*range(0, width - size, size), width - size):
        same &= words[at + start] == np.frombuffer(wanted, f"<u{size}", count=1, offset=start)[0]
    return same


def _piece(data: Bytes, rows: Positions, tags: Bytes, begin: Positions) -> Piece:
    tag = int(tags[0])
    if not (tags == tag).all():
        return Piece(rows, begin, _sizes(data, tags, begin), tags)
    if tag in _FIXED:
        return Piece(rows, begin, _FIXED[tag], tag)
    if tag in _COUNTED and int(begin[-1]) + 4 <= len(data):
        sizes = items(data, "<i4")[begin].astype(np.int64) + _COUNTED[tag]
        return Piece(rows, begin, _checked(sizes), tag)
    return Piece(rows, begin, _sizes(data, tags, begin), tag)


def _sizes(data: Bytes, tags: Bytes, begin: Positions) -> Positions:
    """The bytes of each value."""
    sizes, counted = _SIZE[tags], _EXTRA[tags]
    is_counted = np.flatnonzero(counted >= 0)
    if len(is_counted):
        at = begin if len(is_counted) == len(begin) else begin[is_counted]
        if (at + 4 > len(data)).any():
            raise BrokenDocumentError("a value without its length")
        sizes[is_counted] = items(data, "<i4")[at] + counted[is_counted]
    for row in np.flatnonzero(tags == _REGEX).tolist():
        pattern = len(_name_at(data, int(begin[row]))) + 1
        sizes[row] = pattern + len(_name_at(data, int(begin[row]) + pattern)) + 1
    return _checked(sizes)


def _checked(sizes: Positions) -> Positions:
    if (sizes < 0).any():
        raise BrokenDocumentError("an element of a type or a length that BSON does not have")
    return sizes
