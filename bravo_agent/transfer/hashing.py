"""Hashes of many byte strings at once, wherever they lie in a block of bytes.

Each is taken in words of eight bytes, the last of which ends where the bytes end and so may overlap the one before.
Not for use against somebody who looks for collisions.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Positions = NDArray[np.int64]
Bytes = NDArray[np.uint8]

_WORD = 8
# Longer values are few, and a step for each of their words would cost more than one for each of them.
_LONG = 512
_STEP, _LAST = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_SIZE = np.uint64(0x94D049BB133111EB)
_HALF, _SHIFT = np.uint64(32), np.uint64(29)


def hash_spans(data: Bytes, begin: Positions, size: Positions | int, seeds: Words | np.uint64) -> Words:
    """A hash of the ``size`` bytes of ``data`` at each ``begin``, of their number, and of the seed."""
    if isinstance(size, int):
        return _of_one_size(data, begin, size, seeds)
    long = np.flatnonzero(size > _LONG)
    if not len(long):
        return _of_words(data, begin, size, seeds)
    hashes = np.empty(len(begin), np.uint64)
    rest = np.flatnonzero(size <= _LONG)
    own = np.broadcast_to(seeds, len(begin))
    hashes[rest] = _of_words(data, begin[rest], size[rest], own[rest])
    found = [_digest(data[at : at + count].data) for at, count in zip(begin[long], size[long], strict=True)]
    hashes[long] = _finished(own[long], np.array(found, np.uint64))
    return hashes


def mix(words: Words) -> Words:
    """Every bit of the input reaches every bit of the output (the finaliser of splitmix64)."""
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def is_among(words: Words, ordered: Words) -> NDArray[np.bool_]:
    """Which of ``words`` are among the sorted others."""
    if not len(ordered):
        return np.zeros(len(words), np.bool_)
    at = np.searchsorted(ordered, words)
    at[at == len(ordered)] = 0
    found: NDArray[np.bool_] = ordered[at] == words
    return found


def hash_name(name: str) -> np.uint64:
    """A hash of one name."""
    return np.uint64(_digest(name.encode()))


def items(data: Bytes, dtype: str) -> NDArray[Any]:
    """The data as items that begin at every byte."""
    width = np.dtype(dtype).itemsize
    return np.ndarray((max(0, len(data) - width + 1),), dtype, buffer=data.data, strides=(1,))


def _of_one_size(data: Bytes, begin: Positions, size: int, seeds: Words | np.uint64) -> Words:
    sizes = np.full(len(begin), size) if size > _LONG or (len(begin) and begin.min() + size < _WORD) else None
    if sizes is not None:
        return hash_spans(data, begin, sizes, seeds)
    hashes = np.broadcast_to(seeds ^ np.uint64(size * int(_SIZE) % 2**64), len(begin))
    if not size or not len(begin):
        return _finished(hashes, np.zeros(len(begin), np.uint64))
    words = items(data, "<u8")
    for at in range(0, size - _WORD, _WORD):
        hashes = _absorbed(hashes, words[begin + at])
    last = words[begin + (size - _WORD)]
    if size < _WORD:
        last >>= np.uint64(8 * (_WORD - size))
    return _finished(hashes, last)


def _of_words(data: Bytes, begin: Positions, size: Positions, seeds: Words | np.uint64) -> Words:
    if not len(begin):
        return np.empty(0, np.uint64)
    tail = begin + (size - _WORD)
    if tail.min() < 0:  # the first word would begin before the data
        data, begin, tail = np.concatenate((np.zeros(_WORD, np.uint8), data)), begin + _WORD, tail + _WORD
    words, least = items(data, "<u8"), int(size.min())
    hashes = seeds ^ (size.astype(np.uint64) * _SIZE)
    for at in range(0, int(size.max()) - _WORD, _WORD):
        if least - _WORD > at:
            hashes = _absorbed(hashes, words[begin + at])
        else:
            rows = np.flatnonzero(size > at + _WORD)
            hashes[rows] = _absorbed(hashes[rows], words[begin[rows] + at])
    last = words[tail]
    if least < _WORD:
        # A shift by all 64 bits gives 0: the empty value.
        last >>= (8 * np.maximum(_WORD - size, 0)).astype(np.uint64)
    return _finished(hashes, last)


def _absorbed(hashes: Words, words: Words) -> Words:
    found = np.bitwise_xor(hashes, words, out=words)
    found *= _STEP
    found ^= found >> _HALF
    return found


def _finished(hashes: Words, last: Words) -> Words:
    found = _absorbed(hashes, last)
    found *= _LAST
    found ^= found >> _SHIFT
    return found


def _digest(data: bytes | memoryview) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")
