"""Which family of the shelf reads a type."""

from __future__ import annotations

from functools import cache

from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import ColumnType
from bravo_agent.registry import shelf
from bravo_agent.types._kind import Kind


@cache
def _kinds() -> tuple[Kind, ...]:
    """The shelf; ``extensions`` takes what nobody else knows, so it is asked last."""
    found = dict(shelf("bravo_agent.types"))
    last = found.pop("extensions")
    return (*found.values(), last)


@cache
def family(type_: ColumnType) -> Kind:
    """The kind of ``type_``; raises ``UsageError`` ``type-unknown``."""
    for kind in _kinds():
        if kind.matches(type_):
            return kind
    raise UsageError(
        "type-unknown",
        f"no family of types/ reads the PostgreSQL type {type_.sql}",
        hint="Leave the column out (ignore in bravo.toml), or add a file to bravo_agent/types that reads it.",
    )


def skipped(type_: ColumnType) -> bool:
    """Whether columns of ``type_`` are left out by default (text search vectors), which is said in reports."""
    inner = type_.element if type_.form == "array" else type_
    return inner is not None and family(inner).default_skip
