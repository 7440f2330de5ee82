"""``preserve``: the original value as PostgreSQL prints it, as a string.

For values that lose something on the standard way: a timestamp keeps its microseconds, a numeric of 40 digits
its digits, json its key order and spelling.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Column, ColumnType
from bravo_agent.ports import CompiledRule, RuleContext

_TEXT = ColumnType("text")
_PRINTED_BY_ARROW = ("bool", "int2", "int4", "int8", "oid")


class Preserve:
    """Text of the original value; refuses types that have no lossless text in a snapshot."""

    def compile(self, column: Column, params: str, context: RuleContext) -> CompiledRule:
        """A cast to text; raises ``UsageError`` ``rule-not-for-type``."""
        name, form = column.type.name, column.type.form
        if form == "base" and name in _PRINTED_BY_ARROW:
            return CompiledRule(_TEXT, lambda array: pc.cast(array, pa.string()))
        if form == "base" and name in ("timestamp", "timestamptz"):
            return CompiledRule(_TEXT, _microseconds)
        if form in ("base", "enum") and pa.types.is_string(context.arrow_type):
            return CompiledRule(_TEXT, lambda array: array)
        raise UsageError(
            "rule-not-for-type",
            f"`preserve` cannot keep {column.type.sql} as text",
            hint="Use the standard rule, or a custom one: custom:module:function.",
            where=f"{context.table}.{column.name}",
        )


def _microseconds(array: pa.Array) -> pa.Array:
    # Infinities arrive wrapped around the int64 range; as text they would be a wrong date, so they are named.
    zone = "Z" if array.type.tz else ""
    # A value without a zone is printed as it stands; one with a zone in UTC.
    naive = array.cast(pa.timestamp("us")) if array.type.tz else array
    numbers = naive.cast(pa.int64())
    legal = pc.and_(
        pc.greater_equal(numbers, pa.scalar(-62_135_596_800_000_000)),
        pc.less(numbers, pa.scalar(253_402_300_800_000_000)),
    )
    if pc.any(pc.invert(legal)).as_py():
        raise UsageError(
            "preserve-out-of-range",
            "a timestamp is infinite or outside the years 1 to 9999",
            hint="Use the standard rule for this column: it knows these values.",
        )
    return pc.binary_join_element_wise(pc.strftime(naive, format="%Y-%m-%dT%H:%M:%S"), zone, "")


KIND = Preserve()
