"""Columns that are read as text (json, ranges, composites ...): once per distinct text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
_FEW = 100  # so many are read sooner than looked at together

Quick = Callable[[pa.Array], tuple[NDArray[np.uint8], pa.Array, NDArray[np.bool_]]]
"""Type byte and value of many texts, and which of them it could read."""


class DistinctReader:
    """``cells`` reads arrays of text; safe to share between threads, which at worst read a text twice."""

    def __init__(self, read: Callable[[str], Any], quick: Quick | None = None) -> None:
        self._read = read
        self._quick = quick
        self._known: dict[str, bytes | Rejection] = {}

    def cells(self, array: pa.Array) -> Cells:
        """Type byte and value of every row."""
        encoded = array.dictionary_encode()
        indices = encoded.indices
        tags, values, reasons = self._distinct(encoded.dictionary)
        where = np.asarray(indices.fill_null(0))
        there = np.asarray(indices.is_valid())
        rejected: dict[int, str] = {}
        if reasons:
            failed = np.isin(where, list(reasons)) & there
            rejected = {row: reasons[where[row]] for row in np.flatnonzero(failed).tolist()}
            there = there & ~failed
        return Cells(
            tags[where], None if there.all() else there, body=values.take(indices), rejected=rejected
        )

    def _distinct(self, texts: pa.Array) -> tuple[NDArray[np.uint8], pa.Array, dict[int, str]]:
        """Type byte and value of each text, and why some have none."""
        if self._quick is None or len(texts) < _FEW:
            return self._one_by_one(texts, range(len(texts)))
        tags, values, read = self._quick(texts)
        if read.all():
            return tags, values, {}
        left = np.flatnonzero(~read)
        other_tags, other_values, reasons = self._one_by_one(texts.take(pa.array(left)), left.tolist())
        tags[left] = other_tags
        return tags, pc.replace_with_mask(values, pa.array(~read), other_values), reasons

    def _one_by_one(
        self, texts: pa.Array, places: Sequence[int]
    ) -> tuple[NDArray[np.uint8], pa.Array, dict[int, str]]:
        elements = [self._element(text) for text in texts.to_pylist()]
        tags, values = _tags_and_values([e if isinstance(e, bytes) else None for e in elements])
        found = zip(places, elements, strict=True)
        return tags, values, {place: e.reason for place, e in found if isinstance(e, Rejection)}

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
