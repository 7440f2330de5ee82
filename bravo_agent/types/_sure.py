"""What kernels can tell of a whole array: values that fit for certain. The rest is asked one by one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._unfit import INTEGERS, group

Bools = NDArray[np.bool_]
Sure = Callable[[pa.Array], Bools]
_SAFE_DIGITS = {"int2": 4, "int4": 9, "int8": 18, "oid": 9}
_EXACT_INTEGERS = {"float4": 2**24, "float8": 2**53}
_DAY_US = 86_400_000_000
_MOST_REPEATED = 1000  # what RE2 takes
# Days that every month of every year has, and plain times: most values.
_DAY = "[1-9]\\d{3}-(0[1-9]|1[0-2])-(0[1-9]|1\\d|2[0-8])"
_CLOCK = "[ T]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,6})?)?"
_ZONE = "(Z|[+-](0\\d|1[0-4])(:?[0-5]\\d)?)?"


def sure_of(current: ColumnType, expected: ColumnType) -> Sure | None:
    """Which values of an array of ``current`` fit ``expected`` for certain; None: no kernel tells."""
    one, other = group(current), group(expected)
    if one in ("text", "enum") and other == "enum":
        labels = pa.array(expected.labels, pa.utf8())
        return lambda array: _told(pc.is_in(array, labels))
    if other == "text":
        return _text(current, expected)
    if one == other == "integer":
        least, greatest = INTEGERS[expected.name]
        return lambda array: _within(array, least, greatest)
    if (one, other) == ("integer", "float"):
        most = _EXACT_INTEGERS[expected.name]
        return lambda array: _within(array, -most, most)
    if (one, other) == ("moment", "date"):
        return _midnight
    if (one, other) == ("moment", "moment") and expected.precision is None:
        return _all
    pattern = _pattern(one, other, expected)
    return (lambda array: _told(pc.match_substring_regex(array, pattern))) if pattern else None


def _told(found: pa.Array) -> Bools:
    return np.asarray(pc.fill_null(found, False))


def _all(array: pa.Array) -> Bools:
    return np.ones(len(array), np.bool_)


def _within(array: pa.Array, least: int, greatest: int) -> Bools:
    wide = array.cast(pa.int64())
    return _told(pc.and_(pc.greater_equal(wide, pa.scalar(least)), pc.less_equal(wide, pa.scalar(greatest))))


def _midnight(array: pa.Array) -> Bools:
    numbers = np.asarray(pc.fill_null(array.view(pa.int64()), 1))
    found: Bools = numbers % _DAY_US == 0
    return found


def _text(current: ColumnType, expected: ColumnType) -> Sure | None:
    if expected.length is None and expected.name in ("text", "varchar", "citext"):
        return _all
    if expected.length is None or expected.name not in ("varchar", "bpchar"):
        return None
    if group(current) not in ("text", "enum", "numeric", "json"):
        return None
    most = pa.scalar(expected.length, pa.int32())
    if expected.name == "varchar":
        return lambda array: _told(pc.less_equal(pc.utf8_length(array), most))
    padded = pa.scalar(" ")
    return lambda array: _told(
        pc.and_(pc.less_equal(pc.utf8_length(array), most), pc.invert(pc.ends_with(array, padded.as_py())))
    )


def _pattern(one: str, other: str, expected: ColumnType) -> str | None:
    if one not in ("text", "numeric"):
        return None
    if other == "integer":
        digits = f"\\d{{1,{_SAFE_DIGITS[expected.name]}}}"
        return (
            f"^{'' if expected.name == 'oid' else '-?'}{digits}(\\.0*)?$"
            if one == "numeric"
            else f"^{digits}$"
        )
    if other == "numeric" and expected.name == "numeric":
        return _decimals(expected)
    if one == "text" and (other == "date" or (other == "moment" and expected.precision is None)):
        return (
            f"^{_DAY}$"
            if other == "date"
            else f"^{_DAY}{_CLOCK}{_ZONE if expected.name == 'timestamptz' else ''}$"
        )
    if other == "uuid" and one == "text":
        return "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
    return None


def _decimals(expected: ColumnType) -> str | None:
    if expected.precision is None:
        return "^-?\\d{1,900}(\\.\\d{1,900})?$"
    whole, scale = expected.precision - (expected.scale or 0), expected.scale or 0
    if scale < 0 or whole < 1 or max(whole, scale) > _MOST_REPEATED:
        return None
    return f"^-?0*\\d{{1,{whole}}}(\\.\\d{{0,{scale}}}0*)?$"
