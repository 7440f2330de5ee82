"""Which facts concern the application: what was unmapped at the baseline stays ignored and is no change."""

from __future__ import annotations

from bravo_agent.changes._context import Context
from bravo_agent.config import EntitySection
from bravo_agent.model.change import Added, Fact, Removed


def is_wanted(fact: Fact, context: Context) -> bool:
    """Whether ``fact`` is of a table and a column that feed documents, or may do so now."""
    if isinstance(fact, Added) and fact.new_table is not None:
        return True
    if not context.is_mapped(fact.table):
        return False
    if isinstance(fact, Added):
        return fact.column is not None and not _ignored(fact.table, fact.column.name, context)
    if isinstance(fact, Removed):
        return fact.column is None or _was_wanted(fact.table, fact.column.name, context)
    if fact.old is None or fact.new is None:
        return True
    known = context.mapped(fact.table, fact.old.name) or context.shown(fact.table, fact.new.name)
    return known is not None


def _was_wanted(table: str, column: str, context: Context) -> bool:
    """Of a confirmed rename, the models may show the new name alone already."""
    confirmed = any((table, column) == (of, old) for of, old, _ in context.confirmed)
    return confirmed or context.mapped(table, column) is not None


def _ignored(table: str, column: str, context: Context) -> bool:
    now = context.source_key.get(table, table)
    return column in context.config.entities.get(now, EntitySection()).ignore
