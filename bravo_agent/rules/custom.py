"""``custom:module:function``: a function of the project's own, called with each value.

The function is looked up once, below the project's folder. It takes the column's value as the standard rule
would store it (int, float, str, bool, Decimal128, bytes, list, dict, DatetimeMS ..., None) and returns what is
to be stored; anything ``bson.encode`` takes is allowed. Where an answer binds the function by its file's hash, it
comes as ``module:function#sha256``: what a person approved is what runs.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bson
import pyarrow as pa

from bravo_agent.errors import FailedError, UsageError
from bravo_agent.model.catalog import Column, ColumnType
from bravo_agent.ports import CompiledRule, RuleContext
from bravo_agent.rules._bound import load_bound
from bravo_agent.types import Rejection

_BSON = ColumnType("bson", schema="bravo")


class Custom:
    """Row by row, because the project's function asks for values, not arrays."""

    def compile(self, column: Column, params: str, context: RuleContext) -> CompiledRule:
        """The project's function over an array; raises ``custom-rule-missing``, ``transform-changed``."""
        where = f"{context.table}.{column.name}"
        function = _load(context.project, params, where)
        values = context.values

        def apply(array: pa.Array) -> pa.Array:
            return pa.array(
                [_one(function, value, where) for value in values(column.type, array)], pa.binary()
            )

        return CompiledRule(_BSON, apply)


def _load(project: Path, params: str, where: str) -> Callable[[Any], Any]:
    reference, _, digest = params.partition("#")
    if digest:
        return load_bound(project, reference, digest, where)
    module_name, _, function_name = params.partition(":")
    if str(project) not in sys.path:
        sys.path.insert(0, str(project))
    try:
        function = getattr(importlib.import_module(module_name), function_name)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(
            "custom-rule-missing",
            f"custom rule {params!r} cannot be loaded: {type(error).__name__}",
            hint="Write it custom:module:function, with module importable from the project's folder.",
            where=where,
        ) from None
    found: Callable[[Any], Any] = function
    return found


def _one(function: Callable[[Any], Any], value: Any, where: str) -> bytes:
    if isinstance(value, Rejection):
        raise FailedError(
            "custom-rule-value",
            f"a value has no form that the custom rule could be given: {value.reason}",
            hint="Use the rule preserve, or the standard one, which puts such rows into quarantine.",
            where=where,
        )
    try:
        return bson.encode({"v": function(value)})
    except Exception as error:  # noqa: BLE001 - the project's own code may raise anything
        # The message may hold the value: only its type is named.
        raise FailedError(
            "custom-rule-failed",
            f"the custom rule raised {type(error).__name__}",
            hint="Mend the function; it must take every value of the column, NULL (None) included.",
            where=where,
        ) from None


KIND = Custom()
