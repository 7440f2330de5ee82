"""Why a value is not one of another type, and the lane's raw form that all conversions take and give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bravo_agent.model.catalog import ColumnType

# A value as the canonical Arrow array holds it: dates are days, timestamps microseconds, uuids bytes, numerics
# and everything else PostgreSQL's own text.
Raw = Any
Convert = Callable[[Raw], Raw]

TEXTS = frozenset({"text", "varchar", "bpchar", "citext", "name"})
INTEGERS = {
    "int2": (-(2**15), 2**15 - 1),
    "int4": (-(2**31), 2**31 - 1),
    "int8": (-(2**63), 2**63 - 1),
    "oid": (0, 2**32 - 1),
}
FLOATS = frozenset({"float4", "float8"})
MOMENTS = frozenset({"timestamp", "timestamptz"})
JSONS = frozenset({"json", "jsonb"})


class Unfit(ValueError):
    """``outside``: a value of the right sort over a bound (length, range, digits); else no such value at all."""

    def __init__(self, *, outside: bool = False) -> None:
        super().__init__("outside" if outside else "unfit")
        self.outside = outside


def group(type_: ColumnType) -> str:
    """The sort of values that conversions are written for."""
    if type_.form != "base":
        return type_.form
    for names, found in ((TEXTS, "text"), (INTEGERS, "integer"), (FLOATS, "float"), (MOMENTS, "moment")):
        if type_.name in names:
            return found
    if type_.name in ("numeric", "money"):
        return "numeric"
    return "json" if type_.name in JSONS else type_.name


def same(raw: Raw) -> Raw:
    """The value itself."""
    return raw
