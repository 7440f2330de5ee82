"""``standard``: the value as the type table says. The default of every column."""

from __future__ import annotations

from bravo_agent.model.catalog import Column
from bravo_agent.ports import CompiledRule, RuleContext


class Standard:
    """Hands the array through: the encoder does the rest by the column's type."""

    def compile(self, column: Column, params: str, context: RuleContext) -> CompiledRule:
        """The identity, with the column's own type."""
        return CompiledRule(column.type, lambda array: array)


KIND = Standard()
