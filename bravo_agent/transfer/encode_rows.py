"""Puts the bytes of many rows together, column after column, without a step per row in Python.

Bytes of a fixed width (type bytes, names, numbers, lengths) that stand side by side form a *block*: a matrix of one
line per row, filled by strided numpy writes. Blocks and variable-width columns are then joined row by row by one
Arrow kernel. Bytes that some rows do not have (the value of a NULL) are masked out of their block.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Numbers = NDArray[np.generic]
_INT32_BYTES = 2**31 - 1


@dataclass(frozen=True)
class _Fixed:
    """The same bytes in every row, or one item of any width per row; only where ``present``."""

    data: bytes | Numbers
    present: Bools | None

    @property
    def width(self) -> int:
        return len(self.data) if isinstance(self.data, bytes) else self.data.dtype.itemsize


class Rows:
    """``count`` rows of bytes that grow to the right; ``sized`` puts BSON's total length in front of each."""

    def __init__(self, count: int, *, sized: bool) -> None:
        self.count = count
        self._sized = sized
        self._parts: list[list[_Fixed] | pa.Array] = []
        self._lengths = np.zeros(count, np.int64)
        self._prefix = np.zeros(count, "<i4")
        if sized:
            self.fixed(self._prefix)

    def fixed(self, data: bytes | Numbers, present: Bools | None = None) -> None:
        """Appends bytes of one width; ``data`` is one value for all rows or an array of one item a row."""
        piece = _Fixed(data, present)
        if not piece.width:
            return
        if not self._parts or not isinstance(self._parts[-1], list):
            self._parts.append([])
        self._parts[-1].append(piece)
        self._lengths += piece.width if present is None else present * np.int64(piece.width)

    def variable(self, array: pa.Array, lengths: NDArray[np.int64]) -> None:
        """Appends a binary or string array, whose nulls add nothing; ``lengths`` are those of its values."""
        self._parts.append(array)
        self._lengths += lengths

    def finish(self) -> pa.LargeBinaryArray:
        """The rows; a batch over 2 GB is joined with offsets of 64 bits, which is a little slower."""
        if self._sized:
            self.fixed(b"\0")
            self._prefix[:] = self._lengths
        wide = bool(self._lengths.sum() > _INT32_BYTES)
        arrow = pa.large_binary() if wide else pa.binary()
        parts = [_block(p, self.count, wide) if isinstance(p, list) else p.cast(arrow) for p in self._parts]
        if not parts:
            return pa.array([b""] * self.count, pa.large_binary())
        separator = pa.scalar(b"", arrow)
        joined = pc.binary_join_element_wise(*parts, separator, null_handling="replace", null_replacement=b"")
        return joined.cast(pa.large_binary())


def _block(pieces: list[_Fixed], count: int, wide: bool) -> pa.Array:
    """The pieces side by side as one binary array."""
    width = sum(piece.width for piece in pieces)
    template = b"".join(p.data if isinstance(p.data, bytes) else bytes(p.width) for p in pieces)
    block = np.empty((count, width), np.uint8)
    block[:] = np.frombuffer(template, np.uint8)
    at = 0
    for piece in pieces:
        if not isinstance(piece.data, bytes) and count:
            view = np.ndarray((count,), piece.data.dtype, buffer=block.data, offset=at, strides=(width,))
            view[:] = piece.data
        at += piece.width
    data, offsets = _masked(block, pieces)
    return binary_array(data, offsets, wide=wide)


def _masked(block: NDArray[np.uint8], pieces: list[_Fixed]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The bytes of the block that are there, and where each row's begin."""
    count, width = block.shape
    if all(piece.present is None for piece in pieces):
        return block.reshape(-1), np.arange(count + 1, dtype=np.int64) * width
    mask = np.ones((count, width), np.bool_)
    lengths = np.full(count, width, np.int64)
    at = 0
    for piece in pieces:
        if piece.present is not None:
            mask[:, at : at + piece.width] = piece.present[:, None]
            lengths -= ~piece.present * np.int64(piece.width)
        at += piece.width
    return block[mask], offsets_of(lengths)


def offsets_of(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of the consecutive pieces of ``lengths`` begins, and the end."""
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def binary_array(
    data: NDArray[np.uint8] | pa.Buffer,
    offsets: NDArray[np.int64],
    *,
    wide: bool = True,
    null: Bools | None = None,
) -> pa.Array:
    """A binary array over ``data`` (no copy); ``null`` marks its nulls."""
    buffer = data if isinstance(data, pa.Buffer) else pa.py_buffer(np.ascontiguousarray(data))
    width: NDArray[np.generic] = offsets if wide else offsets.astype(np.int32)
    valid = None if null is None else pa.array(~null).buffers()[1]
    arrow = pa.large_binary() if wide else pa.binary()
    return pa.Array.from_buffers(arrow, len(offsets) - 1, [valid, pa.py_buffer(width), buffer])
