"""Whole arrays of one type as another: a verdict per value, and the array that they become.

What kernels can tell is told by kernels; only what they leave open is asked once per distinct value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._casts import Conversion, bounded, conversion
from bravo_agent.types._families import family
from bravo_agent.types._printing import printed
from bravo_agent.types._sure import sure_of
from bravo_agent.types._unfit import Unfit

NULL, FITS, OUTSIDE, UNFIT = 0, 1, 2, 3
REASONS = {OUTSIDE: "cast-outside-bounds", UNFIT: "cast-does-not-fit"}
Codes = NDArray[np.uint8]


@dataclass(frozen=True)
class Cast:
    """Values of ``current`` as ``expected``; ``bounded``: whether ``OUTSIDE`` can be said of any."""

    current: ColumnType
    expected: ColumnType

    @property
    def bounded(self) -> bool:
        """Whether what is expected has bounds at all."""
        return bounded(self.expected)

    def codes(self, array: pa.Array) -> Codes | None:
        """``NULL``, ``FITS``, ``OUTSIDE`` or ``UNFIT`` per row; None where an array of several dimensions is in it."""
        if self.current.form != "array":
            return _codes(_conversion(self.current, self.expected), array)
        items, text = array.flatten()
        if text.null_count < len(text):
            return None
        return _list_codes(_elements(self), items)

    def apply(self, array: pa.Array) -> tuple[pa.Array, dict[int, str]]:
        """The array in the canonical form of ``expected``, null where a value does not fit; and why, by row."""
        if self.current.form == "array":
            return _apply_lists(self, array)
        found = _conversion(self.current, self.expected)
        codes = _codes(found, array)
        raws = _raw(array)
        indices, values = _distinct(raws.filter(pa.array(codes == FITS)))
        made = _array([found.convert(value) for value in values], self.expected)
        places = np.full(len(array), -1, np.int64)
        places[codes == FITS] = indices
        return made.take(pa.array(places, mask=places < 0)), _reasons(codes)


def cast_between(current: ColumnType, expected: ColumnType) -> Cast | None:
    """The cast, or None where it is not known which values would fit."""
    return None if conversion(current, expected) is None else Cast(current, expected)


def printed_values(type_: ColumnType, array: pa.Array) -> list[str | None]:
    """Every value as PostgreSQL prints it; where the snapshot has another text, that."""
    show = printed(type_) or str
    return [None if raw is None else show(raw) for raw in _raw(array).to_pylist()]


@cache
def _conversion(current: ColumnType, expected: ColumnType) -> Conversion:
    found = conversion(current, expected)
    assert found is not None
    return found


def _elements(cast: Cast) -> Conversion:
    assert cast.current.element is not None
    assert cast.expected.element is not None
    return _conversion(cast.current.element, cast.expected.element)


def _codes(found: Conversion, array: pa.Array) -> Codes:
    there = np.asarray(array.is_valid())
    codes = np.where(there, np.uint8(FITS), np.uint8(NULL))
    sure = _sure(found.current, found.expected)
    left = there if sure is None else there & ~sure(array)
    if left.any():
        indices, values = _distinct(_raw(array).filter(pa.array(left)))
        verdicts = np.array([_verdict(found, value) for value in values], np.uint8)
        codes[left] = verdicts[indices]
    return codes


@cache
def _sure(current: ColumnType, expected: ColumnType) -> Callable[[pa.Array], NDArray[np.bool_]] | None:
    return sure_of(current, expected)


def _verdict(found: Conversion, value: object) -> int:
    try:
        found.convert(value)
    except Unfit as unfit:
        return OUTSIDE if unfit.outside else UNFIT
    return FITS


def _raw(array: pa.Array) -> pa.Array:
    """Dates and timestamps as numbers, which alone hold every year."""
    if pa.types.is_date32(array.type):
        return array.view(pa.int32())
    return array.view(pa.int64()) if pa.types.is_timestamp(array.type) else array


def _distinct(array: pa.Array) -> tuple[NDArray[np.int64], list[object]]:
    coded = array.dictionary_encode()
    return np.asarray(coded.indices).astype(np.int64), coded.dictionary.to_pylist()


def _array(values: list[object], type_: ColumnType) -> pa.Array:
    """Raw values in the canonical Arrow type; what lies behind 2^63 wraps around, as it comes from PostgreSQL."""
    arrow = family(type_).arrow(type_)
    if pa.types.is_date32(arrow):
        return pa.array(values, pa.int32()).view(arrow)
    if pa.types.is_timestamp(arrow):
        wrapped = [(value + 2**63) % 2**64 - 2**63 for value in values if isinstance(value, int)]
        return pa.array(wrapped, pa.int64()).view(arrow)
    return pa.array(values, arrow)


def _reasons(codes: Codes) -> dict[int, str]:
    return {int(row): REASONS[int(codes[row])] for row in np.flatnonzero(codes >= OUTSIDE)}


def _list_codes(element: Conversion, items: pa.ListArray) -> Codes:
    """Of a list the worst of its items; an empty one fits, and so does a NULL in it."""
    there = np.asarray(items.is_valid())
    inner = _codes(element, items.flatten())
    owner = np.asarray(pc.list_parent_indices(items)).astype(np.int64)
    codes = np.where(there, np.uint8(FITS), np.uint8(NULL))
    np.maximum.at(codes, owner, inner)
    return codes


def _apply_lists(cast: Cast, array: pa.Array) -> tuple[pa.Array, dict[int, str]]:
    element = _elements(cast)
    items, text = array.flatten()
    nested = np.asarray(text.is_valid())
    codes = _list_codes(element, items)
    codes[nested] = UNFIT
    made, _ = Cast(element.current, element.expected).apply(items.flatten())
    lengths = np.asarray(pc.fill_null(pc.list_value_length(items), 0)).astype(np.int32)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    arrow = family(cast.expected).arrow(cast.expected)
    absent = pa.array(codes != FITS)
    lists = pa.ListArray.from_arrays(pa.array(offsets), made, type=arrow.field("items").type, mask=absent)
    texts = pa.nulls(len(array), pa.utf8())
    return pa.StructArray.from_arrays([lists, texts], fields=list(arrow), mask=absent), _reasons(codes)
