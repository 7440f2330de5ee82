"""Values as PostgreSQL prints them: what a cast to text gives, in the session of an export (ISO, UTC)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._calendar import (
    DATE_INFINITY,
    DATE_MINUS_INFINITY,
    INSTANT_INFINITY,
    INSTANT_MINUS_INFINITY,
)
from bravo_agent.types._numbers import number_of, plain_digits
from bravo_agent.types._unfit import Raw, group

DAY_US = 86_400_000_000
FIRST_INSTANT = -210_866_803_200_000_000
_SHORT_FLOAT = {"float4": 6, "float8": 15}  # digits before the point from which on it prints an exponent


def printed(type_: ColumnType) -> Callable[[Raw], str] | None:
    """The text of a raw value of ``type_``; None where the snapshot's form does not tell it."""
    found = group(type_)
    if type_.name == "money":  # printed by the locale
        return None
    if found in ("text", "enum", "numeric", "json", "time"):
        return (lambda raw: raw.rstrip(" ")) if type_.name == "bpchar" else str
    if found == "float":
        return _float(type_)
    if found == "moment":
        zone = "+00" if type_.name == "timestamptz" else ""
        return lambda raw: _moment(raw, zone)
    return _PRINTED.get(found)


def settled_instant(micros: int) -> int:
    """Instants after the year 294247 arrive wrapped around; see _calendar.py."""
    if micros in (INSTANT_INFINITY, INSTANT_MINUS_INFINITY) or micros >= FIRST_INSTANT:
        return micros
    return micros + 2**64


def _float(type_: ColumnType) -> Callable[[Raw], str]:
    read, longest = number_of(type_), _SHORT_FLOAT[type_.name]
    return lambda raw: _shortest(read(raw), longest, negative=str(raw).startswith("-"))


def _shortest(number: Decimal, longest: int, *, negative: bool) -> str:
    if not number.is_finite():
        return plain_digits(number)
    if number.is_zero():
        return "-0" if negative else "0"
    stripped = number.normalize()
    exponent = stripped.adjusted()
    if -4 <= exponent < longest:
        return format(stripped, "f")
    digits = "".join(map(str, stripped.as_tuple().digits))
    point = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{'-' if number < 0 else ''}{digits[0]}{point}e{'-' if exponent < 0 else '+'}{abs(exponent):02}"


def _day(days: int) -> str:
    if days in (DATE_INFINITY, DATE_MINUS_INFINITY):
        return "infinity" if days == DATE_INFINITY else "-infinity"
    text, era = _calendar_day(days)
    return text + era


def _moment(micros: int, zone: str) -> str:
    if micros in (INSTANT_INFINITY, INSTANT_MINUS_INFINITY):
        return "infinity" if micros == INSTANT_INFINITY else "-infinity"
    days, rest = divmod(settled_instant(micros), DAY_US)
    text, era = _calendar_day(days)
    seconds, fraction = divmod(rest, 1_000_000)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text} {clock}{f'.{fraction:06}'.rstrip('0') if fraction else ''}{zone}{era}"


def _calendar_day(days: int) -> tuple[str, str]:
    """``YYYY-MM-DD``, and `` BC`` for the years before 1."""
    era, of_era_day = divmod(days + 719_468, 146_097)
    of_era = (of_era_day - of_era_day // 1460 + of_era_day // 36_524 - of_era_day // 146_096) // 365
    of_year = of_era_day - (365 * of_era + of_era // 4 - of_era // 100)
    shifted = (5 * of_year + 2) // 153
    day, month = of_year - (153 * shifted + 2) // 5 + 1, shifted + (3 if shifted < 10 else -9)
    year = of_era + era * 400 + (month <= 2)
    return f"{year if year > 0 else 1 - year:04}-{month:02}-{day:02}", "" if year > 0 else " BC"


_PRINTED: dict[str, Callable[[Raw], str]] = {
    "bool": lambda raw: "true" if raw else "false",
    "integer": str,
    "uuid": lambda raw: str(UUID(bytes=raw)),
    "bytea": lambda raw: f"\\x{raw.hex()}",
    "date": _day,
}
