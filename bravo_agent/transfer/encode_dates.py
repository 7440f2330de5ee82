"""Dates and timestamps as ADBC gives them -> BSON Dates; its sentinels for infinity are understood here."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from bravo_agent.config import TypesSection
from bravo_agent.transfer.encode_cells import DATE, STRING, Cells, lengths_of, numbers_in, valid
from bravo_agent.transfer.encode_rows import Bools, binary_array
from bravo_agent.types._calendar import (
    DATE_INFINITY,
    DATE_MINUS_INFINITY,
    DAY_MS,
    INFINITE_DATE,
    INSTANT_INFINITY,
    INSTANT_MINUS_INFINITY,
    iso_day,
)

# 4713 BC, PostgreSQL's first instant, in microseconds: what is smaller has wrapped around.
_FIRST_INSTANT = -210_866_803_200_000_000
_PLUS, _MINUS = "infinity", "-infinity"


def date_cells(array: pa.Array, switches: TypesSection) -> Cells:
    """Days -> milliseconds at UTC midnight, or ISO text."""
    days = numbers_in(array, "<i4").astype(np.int64)
    there = valid(array)
    plus, minus = (days == DATE_INFINITY) & there, (days == DATE_MINUS_INFINITY) & there
    if switches.date == "string":
        there, rejected = _finite(there, plus | minus, switches)
        return string_cells(_iso(days, there, plus, minus), rejected)
    return _date_cells(days * DAY_MS, there, plus, minus, switches)


def timestamp_cells(array: pa.Array, switches: TypesSection) -> Cells:
    """Microseconds -> milliseconds, rounded down."""
    micros = numbers_in(array, "<i8").view(np.int64)
    there = valid(array)
    odd = (micros < _FIRST_INSTANT) & there
    if not odd.any():
        none = np.zeros(0, np.bool_)
        return _date_cells(micros // 1000, there, none, none, switches)
    plus, minus = (micros == INSTANT_INFINITY) & there, (micros == INSTANT_MINUS_INFINITY) & there
    wrapped = (micros.view(np.uint64) // np.uint64(1000)).astype(np.int64)
    return _date_cells(np.where(odd, wrapped, micros // 1000), there, plus, minus, switches)


def string_cells(array: pa.Array, rejected: dict[int, str] | None = None) -> Cells:
    """BSON strings: the length with its NUL in front, the NUL behind."""
    there = valid(array) if array.null_count else None
    return Cells(
        STRING, there, ((lengths_of(array) + 1).astype("<i4"),), array, b"\0", rejected=rejected or {}
    )


def _date_cells(
    ms: NDArray[np.int64], there: Bools, plus: Bools, minus: Bools, switches: TypesSection
) -> Cells:
    if not (plus.any() or minus.any()):
        return Cells(DATE, None if there.all() else there, (ms,))
    if switches.infinity == "string":
        return _with_words(ms, there, plus, minus)
    there, rejected = _finite(there, plus | minus, switches)
    return Cells(DATE, there, (ms,), rejected=rejected)


def _finite(there: Bools, infinite: Bools, switches: TypesSection) -> tuple[Bools, dict[int, str]]:
    """Infinities are null, and rejected where the policy is to fail."""
    if switches.infinity == "string":
        return there, {}
    failed = np.flatnonzero(infinite).tolist() if switches.infinity == "fail" else []
    return there & ~infinite, dict.fromkeys(failed, INFINITE_DATE)


def _with_words(ms: NDArray[np.int64], there: Bools, plus: Bools, minus: Bools) -> Cells:
    """Dates beside the strings ``infinity`` and ``-infinity``: values of two types, so all bytes are body."""
    dates = binary_array(ms.view(np.uint8), np.arange(len(ms) + 1) * 8, null=~there)
    words = [pa.scalar(_string_value(word), pa.large_binary()) for word in (_PLUS, _MINUS)]
    body = pc.if_else(pa.array(plus), words[0], pc.if_else(pa.array(minus), words[1], dates))
    tag = np.where(plus | minus, np.uint8(STRING), np.uint8(DATE))
    return Cells(tag, there, body=body)


def _string_value(text: str) -> bytes:
    return (len(text) + 1).to_bytes(4, "little") + text.encode() + b"\0"


def _iso(days: NDArray[np.int64], there: Bools, plus: Bools, minus: Bools) -> pa.Array:
    """ISO text once per distinct day."""
    distinct, where = np.unique(np.where(there, days, 0), return_inverse=True)
    named = {DATE_INFINITY: _PLUS, DATE_MINUS_INFINITY: _MINUS}
    texts = pa.array([named.get(day) or iso_day(day) for day in distinct.tolist()], pa.utf8())
    return texts.take(pa.array(where, mask=~there))
