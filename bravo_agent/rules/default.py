"""``default``: a value in the place of NULL, everything else as the standard rule has it.

Put in by the answer ``default`` to a column that may be NULL now; its parameter is the value as text.
"""

from __future__ import annotations

from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Column
from bravo_agent.ports import CompiledRule, RuleContext


class Default:
    """For types of which a text says one value."""

    def compile(self, column: Column, params: str, context: RuleContext) -> CompiledRule:
        """NULL becomes the value; raises ``UsageError`` ``rule-not-for-type`` and ``rule-params``."""
        value = _value(column, params, context)
        return CompiledRule(column.type, lambda array: pc.fill_null(array, value.cast(array.type)))


def _value(column: Column, text: str, context: RuleContext) -> pa.Scalar:
    where, arrow = f"{context.table}.{column.name}", context.arrow_type
    if pa.types.is_nested(arrow) or (pa.types.is_binary(arrow) and column.type.name != "uuid"):
        raise UsageError(
            "rule-not-for-type",
            f"`default` is not for {column.type.sql}",
            hint="Answer with make-optional, or with a function of the project (custom).",
            where=where,
        )
    if column.type.labels and text not in column.type.labels:
        raise _wrong(column, where)
    try:
        if column.type.name == "uuid":
            return pa.scalar(UUID(text).bytes, arrow)
        if column.type.name == "bool":
            text = text.lower()
        return pa.array([text], pa.utf8()).cast(arrow)[0]
    except (pa.ArrowException, ValueError):
        raise _wrong(column, where) from None


def _wrong(column: Column, where: str) -> UsageError:
    return UsageError(
        "rule-params",
        f"the default is no value of {column.type.sql}",
        hint="Answer the change again with another value.",
        where=where,
    )


KIND = Default()
