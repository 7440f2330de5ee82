"""Statistics of columns, taken batch by batch in one pass: counts, never values.

Memory is bounded by the batch, and per column by the hashes that ``distinct`` keeps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bravo_agent.model.catalog import ColumnType
from bravo_agent.model.change import Evidence
from bravo_agent.transfer.checksum import value_hashes
from bravo_agent.transfer.distinct import DistinctCount
from bravo_agent.transfer.encode_cells import valid
from bravo_agent.transfer.hashing import Words
from bravo_agent.types import FITS, OUTSIDE, Cast, family
from bravo_agent.types._unfit import group

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Question:
    """What is counted of ``column``, of ``type``: always rows and NULLs, the rest where it is asked for."""

    column: str
    type: ColumnType
    distinct: bool = False
    cast: Cast | None = None
    labels: tuple[str, ...] = ()

    @property
    def only_nulls(self) -> bool:
        """Whether nothing else is asked for."""
        return not (self.distinct or self.cast or self.labels)


class ColumnTally:
    """The answer to one question, added up over batches."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._rows = self._nulls = self._castable = self._outside = 0
        self._distinct = DistinctCount() if question.distinct else None
        self._holding = dict.fromkeys(question.labels, 0)
        self._measurable = question.cast is not None

    def add(self, array: pa.Array) -> None:
        """Adds one batch's array of the column."""
        array = canonical(array, self.question.type)
        self._rows += len(array)
        self._nulls += array.null_count
        if self._distinct is not None:
            self._distinct.add(comparable_hashes(array, self.question.type)[valid(array)])
        if self._holding:
            self._count_labels(array)
        if self._measurable and self.question.cast is not None:
            codes = self.question.cast.codes(array)
            self._measurable = codes is not None
            if codes is not None:
                self._castable += int((codes == FITS).sum())
                self._outside += int((codes == OUTSIDE).sum())

    @property
    def evidence(self) -> Evidence:
        """What was counted so far."""
        cast = self.question.cast if self._measurable else None
        return Evidence(
            rows=self._rows,
            nulls=self._nulls,
            distinct=self._distinct.count if self._distinct is not None else None,
            castable=self._castable if cast else None,
            outside=self._outside if cast and cast.bounded else None,
            holding=tuple(self._holding.items()),
        )

    def _count_labels(self, array: pa.Array) -> None:
        for label in self._holding:
            self._holding[label] += int(rows_holding(array, label).sum())


def offending(array: pa.Array, question: Question) -> Bools:
    """The rows that stand in the way: that do not fit, or hold a label, or, where nothing is asked, are NULL."""
    array = canonical(array, question.type)
    codes = question.cast.codes(array) if question.cast else None
    if codes is not None:
        found: Bools = codes > FITS
        return found
    if question.labels:
        held = [rows_holding(array, label) for label in question.labels]
        found = np.logical_or.reduce(held)
    else:
        found = ~valid(array)
    return found


def canonical(array: pa.Array, type_: ColumnType) -> pa.Array:
    """The array in the Arrow type that the shelf of types gives it."""
    arrow = family(type_).arrow(type_)
    return array if array.type == arrow else array.cast(arrow)


def rows_holding(array: pa.Array, label: str) -> Bools:
    """The rows whose value is ``label``, or whose array has it."""
    if not pa.types.is_struct(array.type):
        plain: Bools = np.asarray(pc.fill_null(pc.equal(array, label), False))
        return plain
    items, text = array.flatten()
    found = np.zeros(len(array), np.bool_)
    matches = np.asarray(pc.fill_null(pc.equal(items.flatten(), label), False))
    found[np.asarray(pc.list_parent_indices(items)).astype(np.int64)[matches]] = True
    # An array of several dimensions is kept as its text, where a label stands between braces and commas.
    nested = pc.match_substring_regex(text, f'[{{,]"?{_escaped(label)}"?[,}}]')
    found |= np.asarray(pc.fill_null(nested, False))
    return found


def comparable_hashes(array: pa.Array, type_: ColumnType) -> Words:
    """A hash per value that is the same for equal values: 1.5 and 1.50, a text with and without padding."""
    if type_.form == "base" and type_.name in ("numeric", "money"):
        pointed = pc.match_substring(array, ".")
        bare = pc.replace_substring_regex(array, r"\.?0+$", "")
        array = pc.if_else(pc.fill_null(pointed, False), bare, array)
    elif type_.form == "base" and type_.name == "bpchar":
        array = pc.utf8_rtrim(array, " ")
    return value_hashes(array)


def comparable(one: ColumnType, other: ColumnType) -> bool:
    """Whether equal values of the two types have equal hashes."""
    if one.form == other.form == "array" and one.element and other.element:
        return one.element == other.element
    return _sort(one) == _sort(other)


def _sort(type_: ColumnType) -> str:
    found = group(type_)
    return "text" if found == "enum" else type_.name if found == "json" else found


def _escaped(label: str) -> str:
    text = label.replace("\\", "\\\\").replace('"', '\\"')
    return "".join(f"\\{sign}" if not sign.isalnum() and sign.isascii() else sign for sign in text)
