"""One column type as another: which values fit without loss, and what they become.

Exact for the pairs that are written down here, and None for all others: what nobody has thought through is not
measured, and never claimed. tests/evidence hold it against the casts of PostgreSQL itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from bravo_agent.model.catalog import ColumnType
from bravo_agent.types import _numbers as numbers
from bravo_agent.types._calendar import (
    DATE_INFINITY,
    DATE_MINUS_INFINITY,
    INSTANT_INFINITY,
    INSTANT_MINUS_INFINITY,
)
from bravo_agent.types._printing import DAY_US, printed, settled_instant
from bravo_agent.types._spellings import END_OF_INSTANTS, reader_of, within_precision
from bravo_agent.types._unfit import Convert, Raw, Unfit, group, same

_CLOCKS = ("time", "timetz", "interval")
_TO_INFINITY = {DATE_INFINITY: INSTANT_INFINITY, DATE_MINUS_INFINITY: INSTANT_MINUS_INFINITY}
_TO_DAY = {instant: day for day, instant in _TO_INFINITY.items()}


@dataclass(frozen=True)
class Conversion:
    """``convert`` takes a raw value of ``current`` and gives one of ``expected``, or raises ``Unfit``."""

    current: ColumnType
    expected: ColumnType
    convert: Convert


def conversion(current: ColumnType, expected: ColumnType) -> Conversion | None:
    """The way from ``current`` to ``expected``, or None. Of arrays: that of their elements."""
    if current.form == expected.form == "array" and current.element and expected.element:
        inner = conversion(current.element, expected.element)
        return Conversion(current, expected, inner.convert) if inner else None
    found = _convert(current, expected)
    return Conversion(current, expected, found) if found else None


def bounded(type_: ColumnType) -> bool:
    """Whether a value of the right sort can be over a bound of ``type_``: a length, a range, digits."""
    if type_.form == "array" and type_.element is not None:
        return bounded(type_.element)
    if group(type_) in ("integer", "float", "date", "moment"):
        return True
    return type_.length is not None or type_.precision is not None


def _convert(current: ColumnType, expected: ColumnType) -> Convert | None:
    one, other = group(current), group(expected)
    if other == "text":
        return _to_text(current, expected)
    if one in ("text", "enum") and other == "enum":
        return _label(current, frozenset(expected.labels))
    if one in ("text", "enum"):
        return _read(current, expected)
    if {one, other} <= {"integer", "float", "numeric"}:
        return numbers.between(current, expected)
    special = _SPECIAL.get((one, other))
    return special(current, expected) if special else _alike(current, expected)


def _alike(current: ColumnType, expected: ColumnType) -> Convert | None:
    """Of one name, but perhaps with other bounds."""
    if current.form != expected.form or (current.schema, current.name) != (expected.schema, expected.name):
        return None
    if current.name in ("bit", "varbit"):
        return _bits(expected)
    if current.name in _CLOCKS:
        return _clock(expected.precision)
    alike = (current.fields, current.element, current.length) == (
        expected.fields,
        expected.element,
        expected.length,
    )
    return same if alike else None


def _read(current: ColumnType, expected: ColumnType) -> Convert | None:
    text, read = printed(current), reader_of(expected)
    return (lambda raw: read(text(raw))) if text and read else None


def _label(current: ColumnType, labels: frozenset[str]) -> Convert:
    padded = current.name == "bpchar"

    def convert(raw: str) -> str:
        found = raw.rstrip(" ") if padded else raw
        if found not in labels:
            raise Unfit
        return found

    return convert


def _to_text(current: ColumnType, expected: ColumnType) -> Convert | None:
    """char(n) pads with spaces that mean nothing: it takes no text that ends with one, and gives none."""
    text = printed(current)
    if (
        text is None
        and current.form in ("base", "composite", "range", "multirange")
        and expected.length is None
    ):
        text = str
    if text is None:
        return None
    longest, pads = 63 if expected.name == "name" else expected.length, expected.name == "bpchar"

    def convert(raw: Raw) -> str:
        found = text(raw)
        size = len(found.encode()) if expected.name == "name" else len(found)
        if longest is not None and size > longest:
            raise Unfit(outside=True)
        if pads and found.endswith(" "):
            raise Unfit
        return found.ljust(longest or 0) if pads else found

    return convert


def _bits(expected: ColumnType) -> Convert:
    exact = expected.name == "bit"

    def convert(raw: str) -> str:
        length = expected.length
        if length is not None and (len(raw) != length if exact else len(raw) > length):
            raise Unfit(outside=True)
        return raw

    return convert


def _clock(precision: int | None) -> Convert:
    """Digits of a second stand behind the only dot of these texts."""

    def convert(raw: str) -> str:
        digits = raw.partition(".")[2]
        own = len(digits[: next((n for n, sign in enumerate(digits) if not sign.isdigit()), len(digits))])
        if precision is not None and own > precision:
            raise Unfit(outside=True)
        return raw

    return convert


def _moment(current: ColumnType, expected: ColumnType) -> Convert:
    return lambda raw: within_precision(settled_instant(raw), expected.precision)


def _day_of_moment(current: ColumnType, expected: ColumnType) -> Convert:
    def convert(raw: int) -> int:
        if raw in _TO_DAY:
            return _TO_DAY[raw]
        days, rest = divmod(settled_instant(raw), DAY_US)
        if rest:
            raise Unfit(outside=True)
        return days

    return convert


def _moment_of_day(current: ColumnType, expected: ColumnType) -> Convert:
    def convert(raw: int) -> int:
        if raw in _TO_INFINITY:
            return _TO_INFINITY[raw]
        if raw * DAY_US >= END_OF_INSTANTS:
            raise Unfit(outside=True)
        return raw * DAY_US

    return convert


def _number_of_bool(current: ColumnType, expected: ColumnType) -> Convert:
    write = numbers.number_as(expected)
    return lambda raw: write(Decimal(int(raw)))


def _bool_of_number(current: ColumnType, expected: ColumnType) -> Convert:
    def convert(raw: int) -> bool:
        if raw not in (0, 1):
            raise Unfit
        return bool(raw)

    return convert


def _json(current: ColumnType, expected: ColumnType) -> Convert:
    read = reader_of(expected)
    assert read is not None
    return read if expected.name == "jsonb" else same


_SPECIAL: dict[tuple[str, str], Callable[[ColumnType, ColumnType], Convert]] = {
    ("moment", "moment"): _moment,
    ("moment", "date"): _day_of_moment,
    ("date", "moment"): _moment_of_day,
    ("bool", "integer"): _number_of_bool,
    ("integer", "bool"): _bool_of_number,
    ("json", "json"): _json,
}
