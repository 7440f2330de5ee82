"""Days and instants of PostgreSQL's whole range (4713 BC to 5874897), which Python's datetime does not have.

ADBC adds PostgreSQL's epoch to its sentinels for infinity without looking, so they arrive as the numbers below;
instants after the year 294247 wrap around into the negative numbers under the smallest legal one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bson.datetime_ms import DatetimeMS

from bravo_agent.types._rejection import Rejection

DAY_MS = 86_400_000
DATE_INFINITY, DATE_MINUS_INFINITY = -2147472692, -2147472691
INSTANT_INFINITY, INSTANT_MINUS_INFINITY = -9222425352054775809, -9222425352054775808
INFINITE_DATE = "infinite-date"

_EPOCH = datetime(1970, 1, 1)
_MIN_MS, _MAX_MS = -62_135_596_800_000, 253_402_300_799_999
_TEXT = re.compile(
    r"(\d{4,})-(\d\d)-(\d\d)"
    r"(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?([+-]\d\d(?::\d\d){0,2})?)?( BC)?",
    re.ASCII,
)


def days_of(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar; year 0 is 1 BC."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def iso_day(days: int) -> str:
    """ISO 8601 of a day; years outside 0 .. 9999 carry a sign: 1 BC is ``0000``, 44 BC ``-0043``."""
    era, of_era_day = divmod(days + 719_468, 146_097)
    of_era = (of_era_day - of_era_day // 1460 + of_era_day // 36_524 - of_era_day // 146_096) // 365
    of_year = of_era_day - (365 * of_era + of_era // 4 - of_era // 100)
    shifted = (5 * of_year + 2) // 153
    day, month = of_year - (153 * shifted + 2) // 5 + 1, shifted + (3 if shifted < 10 else -9)
    year = of_era + era * 400 + (month <= 2)
    sign = "-" if year < 0 else "+" if year > 9999 else ""
    return f"{sign}{abs(year):04d}-{month:02d}-{day:02d}"


def milliseconds(text: str) -> int:
    """PostgreSQL's ISO text of a date, timestamp or timestamptz -> milliseconds since 1970, rounded down."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise Rejection("date-malformed")
    year, month, day, hour, minute, second, fraction, zone, bc = found.groups()
    days = days_of(1 - int(year) if bc else int(year), int(month), int(day))
    seconds = int(hour or 0) * 3600 + int(minute or 0) * 60 + int(second or 0) - _offset(zone)
    return days * DAY_MS + seconds * 1000 + int((fraction or "").ljust(6, "0")) // 1000


def _offset(zone: str | None) -> int:
    """Seconds east of UTC of ``+05:30``; with the export's session it is always ``+00``."""
    if not zone:
        return 0
    parts = [*(int(part) for part in zone[1:].split(":")), 0, 0]
    seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
    return -seconds if zone[0] == "-" else seconds


def moment(ms: int, *, aware: bool = False) -> datetime | DatetimeMS:
    """A datetime, or ``DatetimeMS`` where Python has no such year; ``bson`` takes both."""
    if not _MIN_MS <= ms <= _MAX_MS:
        return DatetimeMS(ms)
    found = _EPOCH + timedelta(milliseconds=ms)
    return found.replace(tzinfo=UTC) if aware else found


def infinite(text: str, policy: str) -> str | None:
    """What ``infinity`` or ``-infinity`` becomes under ``policy``; ``fail`` raises ``Rejection``."""
    if policy == "fail":
        raise Rejection(INFINITE_DATE)
    return text if policy == "string" else None
