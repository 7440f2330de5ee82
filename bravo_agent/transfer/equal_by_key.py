"""How many values of a column that is gone stand, row by row, in one that is new: proof of a rename, or against it.

Rows are found again by primary key. Both snapshots are read whole, and of each the rows with the ``SAMPLE`` least
hashes of a key are kept: the same rows on both sides, evenly spread, whatever order the rows come in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from bravo_agent.model.catalog import ColumnType
from bravo_agent.model.change import Evidence
from bravo_agent.transfer.encode_cells import valid
from bravo_agent.transfer.evidence import canonical, comparable_hashes
from bravo_agent.transfer.hashing import Words, mix

SAMPLE = 20_000
_NULL = np.uint64(0)  # stands for no value; a value's hash that is 0 is moved


class KeySample:
    """The rows of one side: hashes of their keys, ascending, and of the values of each column beside them."""

    def __init__(self, key: Mapping[str, ColumnType], columns: Mapping[str, ColumnType]) -> None:
        self._key, self._columns = key, columns
        self.keys: Words = np.empty(0, np.uint64)
        self.values: dict[str, Words] = {name: np.empty(0, np.uint64) for name in columns}

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns to read."""
        return tuple(dict.fromkeys([*self._key, *self._columns]))

    def add(self, batch: pa.RecordBatch) -> None:
        """Adds the rows of one batch."""
        keys = np.zeros(batch.num_rows, np.uint64)
        for name, type_ in self._key.items():
            keys = mix(keys + comparable_hashes(canonical(batch.column(name), type_), type_))
        full = len(self.keys) == SAMPLE
        rows = np.flatnonzero(keys < self.keys[-1]) if full else np.arange(len(keys))
        order = np.argsort(merged := np.concatenate((self.keys, keys[rows])), kind="stable")[:SAMPLE]
        self.keys = merged[order]
        for name, type_ in self._columns.items():
            array = canonical(batch.column(name), type_)
            hashes = np.where(valid(array), np.maximum(comparable_hashes(array, type_), np.uint64(1)), _NULL)
            self.values[name] = np.concatenate((self.values[name], hashes[rows]))[order]


def compare(
    old: KeySample, new: KeySample, pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], Evidence]:
    """Per pair of columns the share of rows with equal values, among those where either side has one.

    ``rows`` is how many those are, ``distinct`` how many different values the old column has in them: with one
    or two, equality says little. A pair without such a row is left out.
    """
    _, here, there = np.intersect1d(old.keys, new.keys, assume_unique=True, return_indices=True)
    found = {}
    for one, other in pairs:
        was, now = old.values[one][here], new.values[other][there]
        told = (was != _NULL) | (now != _NULL)
        if told.any():
            equal = float((was == now)[told].mean())
            kinds = len(np.unique(was[told & (was != _NULL)]))
            found[one, other] = Evidence(rows=int(told.sum()), distinct=kinds, equal_by_key=round(equal, 4))
    return found
