"""Texts as values of other types: what PostgreSQL's own input takes, as far as nothing is lost.

Spelling does not count (`` 42 ``, ``+42`` and ``0x2A`` are 42), digits do. Of dates and times only ISO 8601 is
taken: what ``01/02/03`` means depends on a setting, what ``tomorrow`` means on the day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._calendar import (
    DATE_INFINITY,
    DATE_MINUS_INFINITY,
    INSTANT_INFINITY,
    INSTANT_MINUS_INFINITY,
    days_of,
)
from bravo_agent.types._numbers import number_as
from bravo_agent.types._printing import DAY_US, FIRST_INSTANT
from bravo_agent.types._unfit import Raw, Unfit, group

_SPACE = " \t\n\r\v\f"
_DIGITS = r"\d(?:_?\d)*"
_BASES = rf"0[xX]((?:_?[0-9a-fA-F])+)|0[oO]((?:_?[0-7])+)|0[bB]((?:_?[01])+)|({_DIGITS})"
_WHOLE = re.compile(rf"([+-]?)(?:{_BASES})", re.ASCII)
_FRACTION = rf"{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS}"
_NUMBER = re.compile(rf"[+-]?(?:{_FRACTION})(?:[eE][+-]?{_DIGITS})?", re.ASCII)
_SPECIAL = re.compile(r"(?:(nan)|([+-]?)inf(?:inity)?)", re.IGNORECASE)
_UUID = re.compile(r"(\{?)(?:[0-9a-fA-F]{4}-?){7}[0-9a-fA-F]{4}(\}?)", re.ASCII)
_DATE = re.compile(r"(\d{4,7})-(\d{1,2})-(\d{1,2})( BC)?", re.ASCII)
_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?"
_ZONE = r"(?:(Z)|([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?)?"
_TIME = re.compile(_CLOCK, re.ASCII)
_MOMENT = re.compile(rf"(\d{{4,7}}-\d{{1,2}}-\d{{1,2}})(?:[ T]{_CLOCK} ?{_ZONE})?( BC)?", re.ASCII)
# 4713-11-24 BC to 5874897-12-31, and the first microsecond of the year 294277.
FIRST_DAY, LAST_DAY, END_OF_INSTANTS = -2_440_588, 2_145_042_905, 9_224_318_016_000_000_000
_TRUE = {"t", "tr", "tru", "true", "y", "ye", "yes", "on", "1"}
_FALSE = {"f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0"}
_LONGEST_EXPONENT = 6  # digits; what is longer is over every bound


def reader_of(type_: ColumnType) -> Callable[[str], Raw] | None:
    """Reads a text as a raw value of ``type_``, or raises ``Unfit``; None where nobody has written it down."""
    if type_.form != "base":
        return None
    found = group(type_)
    if found == "integer" and type_.name != "oid":  # of which PostgreSQL reads -1 as 4294967295
        return _then(_whole, number_as(type_))
    if found in ("float", "numeric") and type_.name != "money":
        return _then(_number_or_hex if found == "numeric" else _number, number_as(type_))
    if found == "moment":
        zoned = type_.name == "timestamptz"
        return lambda text: read_moment(text, type_.precision, zoned=zoned)
    if found == "json":
        return _jsonb if type_.name == "jsonb" else _json
    return (lambda text: _time(text, type_.precision)) if type_.name == "time" else _READERS.get(found)


def _then(read: Callable[[str], Decimal], write: Callable[[Decimal], Raw]) -> Callable[[str], Raw]:
    return lambda text: write(read(text.strip(_SPACE)))


def _whole(text: str) -> Decimal:
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise Unfit
    sign, *digits = found.groups()
    base, number = next((b, d) for b, d in zip((16, 8, 2, 10), digits, strict=True) if d is not None)
    number = number.replace("_", "")
    if base == 10:
        return Decimal(sign + number)
    return Decimal(int(number, base)) * (-1 if sign == "-" else 1)


def _number(text: str) -> Decimal:
    """As a float's input has it, without underscores; its hexadecimal form is not taken."""
    if "_" in text:
        raise Unfit
    return _decimal(text)


def _number_or_hex(text: str) -> Decimal:
    return _whole(text) if text.lstrip("+-")[:2].lower() in ("0x", "0o", "0b") else _decimal(text)


def _decimal(text: str) -> Decimal:
    special = _SPECIAL.fullmatch(text)
    if special is not None:
        return Decimal("NaN" if special[1] else f"{special[2]}Infinity")
    if _NUMBER.fullmatch(text) is None:
        raise Unfit
    if len(text.lower().partition("e")[2].lstrip("+-0")) > _LONGEST_EXPONENT:
        raise Unfit(outside=True)
    return Decimal(text.replace("_", ""))


def _bool(text: str) -> bool:
    word = text.strip(_SPACE).lower()
    if word not in _TRUE | _FALSE:
        raise Unfit
    return word in _TRUE


def _uuid(text: str) -> bytes:
    found = _UUID.fullmatch(text)
    if found is None or bool(found[1]) != bool(found[2]):
        raise Unfit
    return bytes.fromhex(text.strip("{}").replace("-", ""))


def _refuse(name: str) -> Any:
    raise Unfit


def _json(text: str) -> str:
    try:
        json.loads(text, parse_constant=_refuse, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise Unfit from None
    return text


def _jsonb(text: str) -> str:
    """Also refuses what jsonb has no form for: NUL, halves of a surrogate pair."""
    try:
        found = json.loads(text, parse_constant=_refuse, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise Unfit from None
    if "\\u" in text:
        _check_strings(found)
    return text


def _check_strings(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise Unfit
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_strings(name)
            _check_strings(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_strings(inner)


def _date(text: str) -> int:
    text = text.strip(_SPACE)
    if text.lower() in ("infinity", "-infinity"):
        return DATE_MINUS_INFINITY if text[0] == "-" else DATE_INFINITY
    days = _day(text)
    if not FIRST_DAY <= days <= LAST_DAY:
        raise Unfit(outside=True)
    return days


def _day(text: str) -> int:
    found = _DATE.fullmatch(text)
    if found is None:
        raise Unfit
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    true_year = 1 - year if found[4] else year
    leap = true_year % 4 == 0 and (true_year % 100 != 0 or true_year % 400 == 0)
    lengths = (31, 28 + leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not year or not 1 <= month <= 12 or not 1 <= day <= lengths[month - 1]:
        raise Unfit
    return days_of(true_year, month, day)


def read_moment(text: str, precision: int | None, *, zoned: bool) -> int:
    """Microseconds; without a zone UTC is meant. A zone that the type would drop is not fit."""
    text = text.strip(_SPACE)
    if text.lower() in ("infinity", "-infinity"):
        return INSTANT_MINUS_INFINITY if text[0] == "-" else INSTANT_INFINITY
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise Unfit
    day, *clock, zulu, sign, hours, minutes, seconds, era = found.groups()
    offset = _offset(sign, hours, minutes, seconds)
    if (zulu or sign) and not zoned:
        raise Unfit
    micros = _day(day + (era or "")) * DAY_US + (_clock(*clock) if clock[0] else 0) - offset
    if not FIRST_INSTANT <= micros < END_OF_INSTANTS:
        raise Unfit(outside=True)
    return within_precision(micros, precision)


def within_precision(micros: int, precision: int | None) -> int:
    """The same number; raises ``Unfit`` where ``precision`` digits of a second do not hold it."""
    infinite = micros in (INSTANT_INFINITY, INSTANT_MINUS_INFINITY)
    if precision is not None and not infinite and micros % 10 ** (6 - precision):
        raise Unfit(outside=True)
    return micros


def _offset(sign: str | None, hours: str | None, minutes: str | None, seconds: str | None) -> int:
    if sign is None:
        return 0
    east = [int(part or 0) for part in (hours, minutes, seconds)]
    if east[0] > 15 or east[1] > 59 or east[2] > 59:
        raise Unfit
    micros = (east[0] * 3600 + east[1] * 60 + east[2]) * 1_000_000
    return -micros if sign == "-" else micros


def _clock(hours: str, minutes: str, seconds: str | None, fraction: str | None) -> int:
    """Microseconds of the day; 24:00:00 and 23:59:60 are the next midnight."""
    hour, minute, second = int(hours), int(minutes), int(seconds or 0)
    digits = (fraction or "").rstrip("0")
    if len(digits) > 6:
        raise Unfit(outside=True)
    micros = (hour * 3600 + minute * 60 + second) * 1_000_000 + int(digits.ljust(6, "0"))
    if minute > 59 or second > 60 or (second == 60 and digits) or micros > DAY_US:
        raise Unfit
    return micros


def _time(text: str, precision: int | None) -> str:
    """The text as PostgreSQL prints a time."""
    found = _TIME.fullmatch(text.strip(_SPACE))
    if found is None:
        raise Unfit
    seconds, fraction = divmod(within_precision(_clock(*found.groups()), precision), 1_000_000)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return clock + (f".{fraction:06}".rstrip("0") if fraction else "")


_READERS: dict[str, Callable[[str], Raw]] = {"bool": _bool, "uuid": _uuid, "date": _date}
