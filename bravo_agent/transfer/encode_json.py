"""jsonb's text -> BSON, for many texts at once and without a step per value in Python.

The texts are cut into tokens (strings, scalars, what opens and closes) by looking at all their bytes together. Every
token knows how many bytes of BSON it becomes, so a running sum says where, and what a document or an array is long.
Left to be read one by one: texts with a backslash, a number that may not fit, a key that has to be escaped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bravo_agent.transfer.encode_cells import ARRAY, BOOL, DOCUMENT, DOUBLE, INT64, NULL, STRING, offsets_in
from bravo_agent.transfer.encode_rows import Bools, binary_array, offsets_of
from bravo_agent.transfer.hashing import Bytes, Positions, items

# What a byte outside of strings is.
_NOTHING, _OPEN, _CLOSE, _COLON, _SCALAR, _QUOTE, _UNKNOWN = range(7)
_CLASS = np.full(256, _UNKNOWN, np.uint8)
_CLASS[list(b" ,\t\r\n")] = _NOTHING
_CLASS[list(b"{[")], _CLASS[list(b"}]")], _CLASS[ord(":")], _CLASS[ord('"')] = _OPEN, _CLOSE, _COLON, _QUOTE
_CLASS[list(b"+-.0123456789eEtrufalsn")] = _SCALAR
# The type of a value by its first byte; numbers with a dot are told from others later.
_TAG = np.full(256, INT64, np.uint8)
for _first, _tag in zip(b'{["tfn', (DOCUMENT, ARRAY, STRING, BOOL, BOOL, NULL), strict=True):
    _TAG[_first] = _tag
_ODD = np.zeros(256, np.bool_)
_ODD[list(b".$%")] = True

_MOST_LEVELS = 30
_INT_BYTES, _DOUBLE_BYTES = 18, 16  # so many surely fit into an int64, and are exact as a double
_WIDTH = np.zeros(256, np.int64)  # bytes of a value, without those of a string
_WIDTH[[DOCUMENT, ARRAY, STRING, BOOL, INT64, DOUBLE]] = 4, 4, 5, 1, 8, 8


@dataclass(frozen=True)
class _Tokens:
    """In the order of the text: where each begins, its first byte, which are keys, how many strings are long.

    ``level`` counts what is open around a token, ``row`` the text it is in.
    """

    at: Positions
    first: Bytes
    key: Bools
    length: Positions
    level: Positions
    row: Positions


def json_values(texts: pa.Array) -> tuple[Bytes, pa.Array, Bools]:
    """Type byte and value of each text, and which were read; the others hold anything."""
    offsets = offsets_in(texts).astype(np.int64)
    data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]]
    offsets = offsets - offsets[0]
    plain = ~np.asarray(pc.match_substring(texts, "\\"))
    if not plain.any():
        return _none(len(texts))
    if not plain.all():
        tags, values, read = json_values(texts.filter(pa.array(plain)))
        where = np.maximum(np.cumsum(plain) - 1, 0)
        plain[plain] = read
        return tags[where], values.take(pa.array(where)), plain
    inside = np.bitwise_xor.accumulate(data == ord('"'))
    kind = _CLASS[data]
    kind[inside & (kind != _QUOTE)] = _NOTHING
    if not _sound(offsets, kind, inside):
        return _none(len(texts))
    return _written(data, offsets, _tokens(data, offsets, kind, inside), kind)


def _none(count: int) -> tuple[Bytes, pa.Array, Bools]:
    return np.full(count, NULL, np.uint8), pa.nulls(count, pa.large_binary()), np.zeros(count, np.bool_)


def _sound(offsets: Positions, kind: Bytes, inside: Bools) -> bool:
    """Whether every text is one that PostgreSQL may have written; a rule of the project's own may write others."""
    if (np.diff(offsets) < 1).any() or (kind == _UNKNOWN).any():
        return False
    begins, ends = kind[offsets[:-1]], offsets[1:] - 1
    open_ = np.cumsum((kind == _OPEN).astype(np.int32) - (kind == _CLOSE))[ends]
    return not (inside[ends].any() or open_.any() or (begins == _NOTHING).any())


def _tokens(data: Bytes, offsets: Positions, kind: Bytes, inside: Bools) -> _Tokens:
    scalar = kind == _SCALAR
    starts = scalar.copy()
    starts[1:] &= ~scalar[:-1]
    begins = (kind == _OPEN) | (kind == _CLOSE) | starts | ((kind == _QUOTE) & inside)
    # Two texts touch without a byte between them: a number may end where the next one begins.
    begins[offsets[:-1]] = True
    at = np.flatnonzero(begins)
    first = data[at]
    what = kind[at]
    key = np.zeros(len(at), np.bool_)
    key[np.searchsorted(at, np.flatnonzero(kind == _COLON)) - 1] = True
    length = np.zeros(len(at), np.int64)
    length[what == _QUOTE] = np.flatnonzero((kind == _QUOTE) & ~inside) - at[what == _QUOTE] - 1
    opened = np.cumsum((what == _OPEN).astype(np.int64) - (what == _CLOSE))
    row = np.searchsorted(offsets, at, "right") - 1
    return _Tokens(at, first, key, length, opened - (what == _OPEN), row)


def _written(data: Bytes, offsets: Positions, tokens: _Tokens, kind: Bytes) -> tuple[Bytes, pa.Array, Bools]:
    is_close = (tokens.first == ord("}")) | (tokens.first == ord("]"))
    is_value = ~(is_close | tokens.key)
    tags = np.where(is_value, _TAG[tokens.first], np.uint8(0))
    read = np.ones(len(offsets) - 1, np.bool_)
    read[tokens.row[tokens.level > _MOST_LEVELS]] = False
    read[_rows_of_odd_keys(data, tokens, kind)] = False
    numbers, is_number = _numbers(data, tokens, tags, kind, read)
    name, digits = _names(tokens, is_value)
    # Key and array element: the type byte, the name, its NUL. What stands alone has neither.
    header = np.where(is_value & (tokens.level > 0), name + 2, 0)
    size = header + _WIDTH[tags] * is_value + is_close
    size[tags == STRING] += tokens.length[tags == STRING]
    begin = offsets_of(size)
    out = np.zeros(int(begin[-1]), np.uint8)
    value = begin[:-1] + header
    named = np.flatnonzero(header)
    out[begin[named]] = tags[named]
    _lengths(out, tokens, tags, begin, value, is_close)
    items(out, "<i8")[value[is_number]] = numbers
    out[value[tokens.first == ord("t")]] = 1
    _copy_names(out, data, tokens, begin, named, digits)
    strings = np.flatnonzero(tags == STRING)
    _copy(out, value[strings] + 4, data, tokens.at[strings] + 1, tokens.length[strings])
    first = np.searchsorted(tokens.row, np.arange(len(offsets)))
    return tags[first[:-1]], binary_array(out, begin[first]), read


def _rows_of_odd_keys(data: Bytes, tokens: _Tokens, kind: Bytes) -> Positions:
    odd = np.flatnonzero(_ODD[data] & (kind == _NOTHING))
    token = np.searchsorted(tokens.at, odd, "right") - 1
    return tokens.row[token[tokens.key[token]]]


def _numbers(
    data: Bytes, tokens: _Tokens, tags: Bytes, kind: Bytes, read: Bools
) -> tuple[NDArray[np.int64], Positions]:
    """The eight bytes of each number, and which tokens these are; sets the tags of doubles, and what is not read."""
    which = np.flatnonzero(tags == INT64)
    scalar = np.append(kind == _SCALAR, False)
    ends = np.flatnonzero(scalar[:-1] & ~scalar[1:]) + 1
    # Where two texts touch, a run of such bytes holds several tokens.
    following = np.append(tokens.at, len(data))[which + 1]
    end = np.minimum(
        ends[np.searchsorted(ends, tokens.at[which], "right")] if len(which) else which, following
    )
    length = end - tokens.at[which]
    dots, exponents = (_holds(data, tokens, which, end, chars) for chars in (b".", b"eE"))
    odd = exponents | (length > np.where(dots, _DOUBLE_BYTES, _INT_BYTES))
    read[tokens.row[which[odd]]] = False
    length = np.where(odd, 1, length)
    texts = _texts(data, np.where(odd, 0, tokens.at[which]), length, odd)
    tags[which[dots & ~odd]] = DOUBLE
    found = np.zeros(len(which), np.int64)
    whole = ~dots | odd
    found[whole] = np.asarray(texts.filter(pa.array(whole)).cast(pa.int64()))
    found[~whole] = np.asarray(texts.filter(pa.array(~whole)).cast(pa.float64())).view(np.int64)
    return found, which


def _holds(data: Bytes, tokens: _Tokens, which: Positions, end: Positions, chars: bytes) -> Bools:
    """Which of the tokens hold one of the characters."""
    found = np.zeros(len(which), np.bool_)
    if not len(which):
        return found
    at = np.flatnonzero(np.isin(data, np.frombuffer(chars, np.uint8)))
    token = np.searchsorted(tokens.at[which], at, "right") - 1
    found[token[(token >= 0) & (at < end[token])]] = True
    return found


def _texts(data: Bytes, begin: Positions, length: Positions, odd: Bools) -> pa.Array:
    """The pieces as strings, ``0`` for the odd ones."""
    offsets = offsets_of(length)
    out = np.empty(int(offsets[-1]), np.uint8)
    _copy(out, offsets[:-1], data, begin, length)
    out[offsets[:-1][odd]] = ord("0")
    return binary_array(out, offsets).cast(pa.large_utf8())


def _names(tokens: _Tokens, is_value: Bools) -> tuple[Positions, Positions]:
    """How long the name of each value is, and for elements of arrays their number, else -1."""
    keyed = np.zeros(len(tokens.at), np.bool_)
    keyed[1:] = tokens.key[:-1]
    name = np.zeros(len(tokens.at), np.int64)
    name[1:] = np.where(tokens.key[:-1], tokens.length[:-1], 0)
    number = np.full(len(tokens.at), -1, np.int64)
    element = is_value & ~keyed & (tokens.level > 0)
    opens = is_value & ((tokens.first == ord("[")) | (tokens.first == ord("{")))
    for level in range(1, min(int(tokens.level.max(initial=0)), _MOST_LEVELS) + 1):
        own = np.flatnonzero(element & (tokens.level == level))
        around = np.flatnonzero(opens & (tokens.level == level - 1))
        if len(own):
            array = around[np.searchsorted(around, own) - 1]
            number[own] = np.arange(len(own)) - np.searchsorted(own, array)
    powers = 10 ** np.arange(1, 10, dtype=np.int64)
    name[number >= 0] = 1 + np.searchsorted(powers, number[number >= 0], "right")
    return name, number


def _lengths(
    out: Bytes, tokens: _Tokens, tags: Bytes, begin: Positions, value: Positions, is_close: Bools
) -> None:
    """In front of each string, document and array the length of it."""
    lengths = items(out, "<i4")
    strings = tags == STRING
    lengths[value[strings]] = tokens.length[strings] + 1
    # On one level each of them closes before the next one opens.
    pairs = np.flatnonzero(is_close | (tags == DOCUMENT) | (tags == ARRAY))
    pairs = pairs[np.argsort(tokens.level[pairs], kind="stable")]
    opens, closes = pairs[::2], pairs[1::2]
    lengths[value[opens]] = begin[closes] + 1 - value[opens]


def _copy_names(
    out: Bytes, data: Bytes, tokens: _Tokens, begin: Positions, named: Positions, number: Positions
) -> None:
    digit = named[(number[named] >= 0) & (number[named] < 10)]
    out[begin[digit] + 1] = number[digit] + ord("0")
    if len(numbered := named[number[named] >= 10]):
        names = pa.array(np.arange(int(number.max()) + 1)).cast(pa.large_utf8())
        starts, own = offsets_in(names).astype(np.int64), number[numbered]
        digits = np.frombuffer(names.buffers()[2], np.uint8)
        _copy(out, begin[numbered] + 1, digits, starts[own], starts[own + 1] - starts[own])
    keyed = named[number[named] < 0]
    _copy(out, begin[keyed] + 1, data, tokens.at[keyed - 1] + 1, tokens.length[keyed - 1])


def _copy(out: Bytes, into: Positions, data: Bytes, begin: Positions, length: Positions) -> None:
    """Pieces of ``data`` to their places."""
    ends = np.cumsum(length)
    each: Any = np.arange(int(ends[-1]) if len(ends) else 0)
    before = ends - length
    out[np.repeat(into - before, length) + each] = data[np.repeat(begin - before, length) + each]
