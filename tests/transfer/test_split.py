"""Documents taken apart by column, against bson.decode."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any

import bson
import numpy as np
import pytest
from bson import Binary, Code, DBRef, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp
from hypothesis import given, settings
from hypothesis import strategies as st

from bravo_agent.transfer.split import BrokenDocumentError, fields_of

VALUES = st.sampled_from(
    [
        None, 1, Int64(1), 1.5, "", "text", "x" * 12, "x" * 70, "é", b"", b"raw", Binary(b"0" * 16, 4), True,
        Decimal128("1.50"), ObjectId("0" * 24), Regex("a.*", "i"), re.compile("b"), Timestamp(1, 2), MinKey(),
        MaxKey(), Code("f()"), Code("f()", {"a": 1}), DBRef("c", 1), [], [1, "a"], {}, {"a": {"b": 1}},
    ]
)  # fmt: skip
NAMES = st.sampled_from(["_id", "", "a", "ab", "abc", "a longer name", "é", "$x", "x" * 70])
DOCUMENTS = st.lists(st.dictionaries(NAMES, VALUES, max_size=6), max_size=8)


def expected(documents: list[bytes]) -> dict[str, list[bytes | None]]:
    """Field by field with bson's own decoder of raw elements."""
    from bson.raw_bson import RawBSONDocument

    found: dict[str, list[bytes | None]] = {}
    for row, document in enumerate(documents):
        for name in RawBSONDocument(document):
            found.setdefault(name, [None] * len(documents))[row] = _element(document, name)
    return found


def _element(document: bytes, name: str) -> bytes:
    one = bson.encode({name: bson.decode(document)[name]})
    return one[4:5] + one[4 + 1 + len(name.encode()) + 1 : -1]


def offsets_of(documents: list[bytes]) -> np.ndarray[Any, Any]:
    return np.array([0, *accumulate(map(len, documents))], np.int64)


def found_in(buffer: bytes, offsets: np.ndarray[Any, Any]) -> dict[str, list[bytes | None]]:
    """Type byte and value by field and document."""
    found: dict[str, list[bytes | None]] = {}
    for name, pieces in fields_of(np.frombuffer(buffer, np.uint8), offsets[:-1], offsets[1:]).items():
        column = found.setdefault(name, [None] * (len(offsets) - 1))
        for piece in pieces:
            sizes, tags = (np.broadcast_to(one, len(piece.rows)) for one in (piece.size, piece.tags))
            for row, at, size, tag in zip(piece.rows, piece.begin, sizes, tags, strict=True):
                column[row] = bytes([tag]) + buffer[at : at + size]
    return found


def check(values: list[dict[str, Any]]) -> None:
    documents = [bson.encode(value) for value in values]
    buffer = b"".join(documents)
    offsets = offsets_of(documents)
    assert found_in(buffer, offsets) == expected(documents)


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS)
def test_any_documents(values: list[dict[str, Any]]) -> None:
    check(values)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(VALUES, VALUES, VALUES), min_size=1, max_size=20))
def test_documents_of_one_layout(rows: list[tuple[Any, ...]]) -> None:
    check([{"_id": i, "some field": a, "b": b, "": c} for i, (a, b, c) in enumerate(rows)])


def test_offsets_into_a_part_of_the_buffer() -> None:
    documents = [bson.encode({"_id": i}) for i in range(5)]
    buffer = b"".join(documents)
    offsets = offsets_of(documents)
    assert found_in(buffer, offsets[2:])["_id"] == expected(documents[2:])["_id"]
    assert found_in(buffer, offsets[:1]) == {}


@pytest.mark.parametrize(
    "inside",
    [b"\x10a\0\x01\0", b"\x99a\0", b"\x02a\0\xff\0\0\0a\0", b"\x10abc", b"\x02a\0\xf0\xff\xff\xff\0"],
)
def test_elements_that_go_wrong(inside: bytes) -> None:
    document = (len(inside) + 5).to_bytes(4, "little") + inside + b"\0"
    with pytest.raises(BrokenDocumentError):
        fields_of(np.frombuffer(document, np.uint8), np.array([0]), np.array([len(document)]))
