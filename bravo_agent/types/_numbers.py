"""Numbers of one type as numbers of another, without any loss: equal afterwards, or ``Unfit``.

A float stands for the shortest decimal that names it, as PostgreSQL prints it: 0.1 fits numeric(3,1), and the
numeric 0.1 fits a float. Between floats it is the number itself that counts.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal

import numpy as np

from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._unfit import INTEGERS, Convert, Raw, Unfit, group

# PostgreSQL's longest numeric; with a place more than both together nothing is ever rounded.
_WHOLE, _FRACTION = 131_072, 16_383
_EXACT = Context(prec=_WHOLE + _FRACTION + 1)
_MONEY = (2**63 - 1).bit_length()


def number_of(type_: ColumnType) -> Callable[[Raw], Decimal]:
    """The raw value of a number's type as the decimal that it stands for."""
    if type_.name == "float4":
        return lambda raw: Decimal(str(np.float32(raw)))
    return Decimal if group(type_) != "float" else lambda raw: Decimal(repr(raw))


def number_as(type_: ColumnType) -> Callable[[Decimal], Raw]:
    """A decimal as a raw value of ``type_``; raises ``Unfit``."""
    if group(type_) == "integer":
        least, greatest = INTEGERS[type_.name]
        return lambda number: _integer(number, least, greatest)
    if group(type_) == "float":
        return _float4 if type_.name == "float4" else _float8
    if type_.name == "money":
        return _money
    return lambda number: _numeric(number, type_.precision, type_.scale or 0)


def between(current: ColumnType, expected: ColumnType) -> Convert:
    """From one type of numbers to another."""
    if group(current) == group(expected) == "float":
        return _narrowed if expected.name == "float4" else lambda raw: raw
    read, write = number_of(current), number_as(expected)
    return lambda raw: write(read(raw))


def plain_digits(number: Decimal) -> str:
    """The number as PostgreSQL prints a numeric: no exponent."""
    if number.is_nan():
        return "NaN"
    if number.is_infinite():
        return "Infinity" if number > 0 else "-Infinity"
    return format(abs(number) if number.is_zero() else number, "f")


def _integer(number: Decimal, least: int, greatest: int) -> int:
    if not number.is_finite():
        raise Unfit
    # Compared first: the digits of 1e100000 are not to be written out.
    if not least <= number <= greatest or number != number.to_integral_value(context=_EXACT):
        raise Unfit(outside=True)
    return int(number)


def _float8(number: Decimal) -> float:
    found = float(number)
    if number.is_finite() and (abs(found) == float("inf") or Decimal(repr(found)) != number):
        raise Unfit(outside=True)
    return found


def _float4(number: Decimal) -> float:
    with np.errstate(over="ignore", under="ignore"):
        found = np.float32(str(number))
    if number.is_finite() and (np.isinf(found) or Decimal(str(found)) != number):
        raise Unfit(outside=True)
    return float(found)


def _narrowed(raw: float) -> float:
    with np.errstate(over="ignore", under="ignore"):
        found = float(np.float32(raw))
    if found != raw and not np.isnan(raw):
        raise Unfit(outside=True)
    return found


def _money(number: Decimal) -> str:
    if not number.is_finite():
        raise Unfit
    if abs(number) >= 10**18:  # before anything is scaled
        raise Unfit(outside=True)
    text = _numeric(number, None, 2)
    if number != Decimal(text) or int(Decimal(text).scaleb(2)).bit_length() > _MONEY:
        raise Unfit(outside=True)
    return text


def _numeric(number: Decimal, precision: int | None, scale: int) -> str:
    if number.is_nan():
        return "NaN"
    if number.is_infinite():
        if precision is not None:
            raise Unfit(outside=True)
        return plain_digits(number)
    _, _, exponent = number.as_tuple()
    if number and (number.adjusted() >= _WHOLE or -int(exponent) > _FRACTION):
        raise Unfit(outside=True)
    if precision is None:
        return (
            plain_digits(_EXACT.quantize(number, Decimal((0, (1,), -scale))))
            if scale
            else plain_digits(number)
        )
    if not _within(number, precision, scale):
        raise Unfit(outside=True)
    return plain_digits(_EXACT.quantize(number, Decimal((0, (1,), -max(scale, 0)))))


def _within(number: Decimal, precision: int, scale: int) -> bool:
    """Whether its last digit that counts stands within the scale, and its first within the precision."""
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits))
    significant = text.rstrip("0")
    if not significant.strip("0"):
        return True
    exponent += len(text) - len(significant)
    return -exponent <= scale and len(significant.lstrip("0")) + exponent <= precision - scale
