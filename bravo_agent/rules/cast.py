"""``cast``: values back in the type that the application's model keeps, where production has another one by now.

Put in by an accepted answer ``keep``; it takes the type as JSON. A value that does not fit goes to the conversion
ledger, with ``cast-does-not-fit`` or ``cast-outside-bounds`` as reason, and never becomes a null.
"""

from __future__ import annotations

import pyarrow as pa

from bravo_agent import wire
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Column, ColumnType
from bravo_agent.ports import CompiledRule, RuleContext
from bravo_agent.types import Cast, cast_between, family


class CastBack:
    """By the shelf of types, as the evidence for the answer was measured."""

    def compile(self, column: Column, params: str, context: RuleContext) -> CompiledRule:
        """The conversion; raises ``UsageError`` ``rule-not-for-type``, ``rule-params``."""
        where = f"{context.table}.{column.name}"
        if not params:
            raise UsageError(
                "rule-params",
                "`cast` is put in by the answer `keep` to a change of type; it cannot be asked for by name",
                hint="Answer the change with `bravo-agent decide CHANGE keep`, or use a custom rule.",
                where=where,
            )
        expected = cast_type(params)
        cast = cast_between(column.type, expected)
        if cast is None:
            raise UsageError(
                "rule-not-for-type",
                f"there is no known way from {column.type.sql} to {expected.sql}",
                hint="Answer the change with another option, or use a custom rule: custom:module:function.",
                where=where,
            )
        arrow = family(column.type).arrow(column.type)
        return CompiledRule(
            _stored(expected),
            lambda array: _made(cast, array, arrow),
            lambda array: _refused(cast, array, arrow),
        )


def cast_type(params: str) -> ColumnType:
    """The type that the rule's parameter names."""
    return wire.loads(ColumnType, params, where="the rule cast")


def _made(cast: Cast, array: pa.Array, arrow: pa.DataType) -> pa.Array:
    return cast.apply(array if array.type == arrow else array.cast(arrow))[0]


def _refused(cast: Cast, array: pa.Array, arrow: pa.DataType) -> dict[int, str]:
    return cast.apply(array if array.type == arrow else array.cast(arrow))[1]


def _stored(expected: ColumnType) -> ColumnType:
    # The text of json may have a key twice, which the encoder of jsonb does not look out for.
    return ColumnType("json") if expected.name == "jsonb" and expected.form == "base" else expected


KIND = CastBack()
