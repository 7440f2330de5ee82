"""PostgreSQL's text of numerics -> Decimal128, a whole array at once.

Decimal128 (IEEE 754, binary integer form): coefficient in the low 113 bits, then the exponent biased by 6176, then
the sign. 1.50 is 150 with exponent -2, so the trailing zero is kept. What is odd (NaN, infinities, more than
38 digits) goes through ``decimal128`` value by value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bravo_agent.transfer.encode_cells import DECIMAL, Cells, offsets_in, valid
from bravo_agent.transfer.encode_rows import Bools, binary_array
from bravo_agent.types import Rejection
from bravo_agent.types._decimals import decimal128

_BIAS, _EXPONENT_SHIFT = 6176, 49
_SIGN = np.uint64(1 << 63)
_INT64_DIGITS, _INT128_DIGITS = 18, 38
_MAX_HIGH, _MAX_LOW = (np.uint64(word) for word in divmod(10**34 - 1, 1 << 64))
_DOT, _MINUS, _ZERO, _NINE = b".-09"

Words = NDArray[np.uint64]


@dataclass(frozen=True)
class _Texts:
    """Numbers without their dots (``0`` for the odd ones), digits after the dot, signs, and which are odd."""

    integers: pa.Array
    scale: NDArray[np.int64]
    negative: Bools
    odd: Bools
    longest: int


def decimal_cells(array: pa.Array) -> Cells:
    """Values over 34 digits, or of an exponent that does not fit, are rejected."""
    there = valid(array)
    filled = pc.fill_null(array, "0") if array.null_count else array
    texts = _texts(filled)
    low, high = _coefficients(texts)
    odd = texts.odd | (high > _MAX_HIGH) | ((high == _MAX_HIGH) & (low > _MAX_LOW))
    high |= (_BIAS - texts.scale).astype(np.uint64) << np.uint64(_EXPONENT_SHIFT)
    high[texts.negative] |= _SIGN
    rejected = _one_by_one(filled, np.flatnonzero(odd), low, high)
    if rejected:
        there = there.copy()
        there[list(rejected)] = False
    return Cells(DECIMAL, None if there.all() else there, (low, high), rejected=rejected)


def _texts(array: pa.Array) -> _Texts:
    offsets = offsets_in(array).astype(np.int64)
    buffer = array.buffers()[2]
    data = np.frombuffer(buffer, np.uint8)[offsets[0] : offsets[-1]] if buffer else np.zeros(0, np.uint8)
    offsets = offsets - offsets[0]
    begin, end = offsets[:-1], offsets[1:]
    is_dot = data == _DOT
    dots_before = _running(is_dot)[offsets]
    dots = np.diff(dots_before)
    scale = np.zeros(len(array), np.int64)
    rows = np.repeat(np.arange(len(array)), dots)
    scale[rows] = end[rows] - np.flatnonzero(is_dot) - 1
    padded = np.append(data, np.uint8(0))
    negative = (padded[begin] == _MINUS) & (end > begin)
    digits = end - begin - dots - negative
    odd = (digits > _INT128_DIGITS) | (digits < 1) | (dots > 1) | _strange(data, offsets, negative)
    integers = binary_array(data[~is_dot], offsets - dots_before, wide=False).cast(pa.utf8())
    if odd.any():
        integers = pc.if_else(pa.array(odd), "0", integers)
        scale[odd] = 0
    return _Texts(integers, scale, negative & ~odd, odd, int(digits[~odd].max(initial=0)))


def _running(flags: Bools) -> NDArray[np.int64]:
    """How many flags are set before each position, and in all."""
    counts = np.zeros(len(flags) + 1, np.int64)
    np.cumsum(flags, out=counts[1:])
    return counts


def _strange(data: NDArray[np.uint8], offsets: NDArray[np.int64], negative: Bools) -> Bools:
    """Rows that hold anything but digits, dots and a sign in front."""
    other = (data < _ZERO) | (data > _NINE)
    other &= data != _DOT
    if np.count_nonzero(other) == np.count_nonzero(negative):
        return np.zeros(len(negative), np.bool_)
    return np.diff(_running(other)[offsets]) > negative


def _coefficients(texts: _Texts) -> tuple[Words, Words]:
    """The low and high words of the absolute values."""
    count = len(texts.integers)
    if texts.longest <= _INT64_DIGITS:
        narrow = np.abs(np.asarray(texts.integers.cast(pa.int64())))
        return narrow.astype(np.uint64), np.zeros(count, np.uint64)
    wide = texts.integers.cast(pa.decimal128(_INT128_DIGITS, 0))
    words = np.frombuffer(wide.buffers()[1], np.uint64, count=2 * count).reshape(count, 2)
    low, high = words[:, 0].copy(), words[:, 1].copy()
    minus = texts.negative
    high[minus] = ~high[minus] + (low[minus] == 0)
    low[minus] = ~low[minus] + np.uint64(1)
    return low, high


def _one_by_one(array: pa.Array, rows: NDArray[np.intp], low: Words, high: Words) -> dict[int, str]:
    """Sets the words of the odd rows; gives the reasons of those that have none."""
    rejected: dict[int, str] = {}
    for row in rows.tolist():
        try:
            low[row], high[row] = np.frombuffer(decimal128(array[row].as_py()).bid, np.uint64)
        except Rejection as found:
            rejected[row] = found.reason
    return rejected
