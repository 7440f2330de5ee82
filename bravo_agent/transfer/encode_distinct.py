"""Columns that are read as text (json, ranges, composites ...): once per distinct text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bson
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from bson.errors import BSONError
from numpy.typing import NDArray

from bravo_agent.transfer.encode_cells import NULL, Cells, offsets_in
from bravo_agent.types import Rejection

_NOT_BSON = "not-bson"
# What is remembered from batch to batch, so that a repeated document is parsed once per table.
_REMEMBERED, _REMEMBERED_LENGTH = 5000, 2000


class DistinctReader:
    """``cells`` reads arrays of text; safe to share between threads, which at worst read a text twice."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read
        self._known: dict[str, bytes | Rejection] = {}

    def cells(self, array: pa.Array) -> Cells:
        """Type byte and value of every row."""
        encoded = array.dictionary_encode()
        elements = [self._element(text) for text in encoded.dictionary.to_pylist()]
        indices = encoded.indices
        tags, values = _tags_and_values([e if isinstance(e, bytes) else None for e in elements])
        where = np.asarray(indices.fill_null(0))
        there = np.asarray(indices.is_valid())
        reasons = {i: e.reason for i, e in enumerate(elements) if isinstance(e, Rejection)}
        rejected: dict[int, str] = {}
        if reasons:
            failed = np.isin(where, list(reasons)) & there
            rejected = {row: reasons[where[row]] for row in np.flatnonzero(failed).tolist()}
            there = there & ~failed
        return Cells(
            tags[where], None if there.all() else there, body=values.take(indices), rejected=rejected
        )

    def _element(self, text: str) -> bytes | Rejection:
        """A document whose only element has the empty name: length, type byte, NUL, value, NUL."""
        known = self._known.get(text)
        if known is None:
            known = _encoded(self._read, text)
            if len(text) <= _REMEMBERED_LENGTH:
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                self._known[text] = known
        return known


def _tags_and_values(elements: list[bytes | None]) -> tuple[NDArray[np.uint8], pa.Array]:
    """Of documents as ``_element`` makes them; null where there is none."""
    array = pa.array(elements, pa.large_binary())
    tags = np.full(max(1, len(elements)), NULL, np.uint8)
    there = np.flatnonzero(np.asarray(array.is_valid()))
    data = np.frombuffer(array.buffers()[2] or b"", np.uint8)
    tags[there] = data[offsets_in(array)[there] + 4]
    return tags, pc.binary_slice(array, 6, -1)


def _encoded(read: Callable[[str], Any], text: str) -> bytes | Rejection:
    try:
        return bson.encode({"": read(text)})
    except Rejection as rejection:
        return rejection
    except (BSONError, ValueError, OverflowError, RecursionError):
        return Rejection(_NOT_BSON)
