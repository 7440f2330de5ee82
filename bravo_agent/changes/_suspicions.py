"""What was lost and what is new, weighed against each other: within a table, whole tables, and between tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bravo_agent.changes._context import Context, Suspicion, Suspicions
from bravo_agent.changes._suspect_moves import Loose, weigh_moves
from bravo_agent.changes._suspect_tables import weigh_tables
from bravo_agent.changes._suspects import Lost, Scales, weigh_table
from bravo_agent.model.catalog import Column, Table
from bravo_agent.model.change import Added, Fact, Removed


def suspect(facts: Sequence[Fact], context: Context, *, same_database: bool) -> Suspicions:
    """All pairs worth telling of the columns and tables that ``facts`` lose and add.

    Each column and table is in one of ``paired`` at most: columns of one table first, then tables as a whole,
    then columns that no pair explains, across tables; those are told, never paired.
    """
    gone, come = _columns(facts, Removed), _columns(facts, Added)
    if not gone and not any(isinstance(fact, Removed) for fact in facts):
        return Suspicions()
    scales = Scales(context)
    found: list[tuple[Suspicion, bool]] = []
    tables = _tables(gone, come, context, same_database)
    for lost in tables:
        found += weigh_table(lost, scales)
    unexplained = _unexplained(tables, found, context)
    found += weigh_tables(*_whole(facts), context, same_database=same_database)
    found += [(one, False) for one in weigh_moves(*_loose(gone, come, found, context), scales)]
    ranked = sorted(found, key=lambda one: -one[0].score)  # stable: of equal scores, as they were found
    return Suspicions(
        tuple(one for one, chosen in found if chosen), tuple(one for one, _ in ranked), unexplained
    )


def _unexplained(
    tables: Sequence[Lost], found: Sequence[tuple[Suspicion, bool]], context: Context
) -> tuple[tuple[str, str], ...]:
    declared = {(one.table, one.old.name) for one, _ in found if one.declared and one.old}
    lost = [
        (one.old.key, column.name)
        for one in tables
        for column in one.gone
        # After a restore the table's identity is taken over, that of a column which nobody could match is not.
        if not one.certain or None in (column.number, *(new.number for new in one.come))
    ]
    return tuple(
        (key, name)
        for key, name in lost
        if (key, name) not in declared
        and ("dropped_field", key, name) not in context.told_apart
        and not _gone_from_the_models(key, name, context)
    )


def _gone_from_the_models(key: str, name: str, context: Context) -> bool:
    """Nobody waits for such a column any more: there is nothing that its new name could be lost to."""
    return context.entity_of(key) is not None and context.field_of(key, context.mapped(key, name)) is None


def _whole(facts: Sequence[Fact]) -> tuple[list[Table], list[Table]]:
    gone = [fact.old_table for fact in facts if isinstance(fact, Removed) and fact.old_table]
    come = [fact.new_table for fact in facts if isinstance(fact, Added) and fact.new_table]
    return sorted(gone, key=lambda table: table.key), sorted(come, key=lambda table: table.key)


def _loose(
    gone: dict[str, list[Column]],
    come: dict[str, list[Column]],
    found: Sequence[tuple[Suspicion, bool]],
    context: Context,
) -> tuple[list[Loose], list[Loose]]:
    """Columns that are in no pair of their table, and that no field of the models waits for."""
    lost = {(one.table, one.old.name) for one, chosen in found if chosen and one.old}
    new = {(one.new_table, one.new.name) for one, chosen in found if chosen and one.new}
    lost |= {(key, column.name) for key in gone for column in come.get(key, ())}
    new |= {(key, column.name) for key in come for column in gone.get(key, ())}
    before = {table.key: table for table in context.baseline.tables}
    after = {table.key: table for table in context.source.tables}
    return (
        [Loose(before[key], c) for key in sorted(gone) for c in gone[key] if (key, c.name) not in lost],
        [
            Loose(
                replace(
                    after[context.source_key.get(key, key)], schema=before[key].schema, name=before[key].name
                ),
                c,
            )
            for key in sorted(come)
            for c in come[key]
            if (key, c.name) not in new and context.field_of(key, context.shown(key, c.name)) is None
        ],
    )


def _columns(facts: Sequence[Fact], tag: type[Added] | type[Removed]) -> dict[str, list[Column]]:
    found: dict[str, list[Column]] = {}
    for fact in facts:
        if isinstance(fact, tag) and fact.column is not None:
            found.setdefault(fact.table, []).append(fact.column)
    return {key: sorted(own, key=lambda column: column.name) for key, own in found.items()}


def _tables(
    gone: dict[str, list[Column]], come: dict[str, list[Column]], context: Context, same_database: bool
) -> list[Lost]:
    both = sorted(set(gone) & set(come))
    if not both:
        return []
    before = {table.key: table for table in context.baseline.tables}
    after = {table.key: table for table in context.source.tables}
    found = []
    for key in both:
        old, new = before[key], after[context.source_key.get(key, key)]
        known = same_database and old.oid is not None and new.oid is not None
        again = {column.name for column in gone[key]} & {column.name for column in come[key]}
        left, free = (
            tuple(column for column in side[key] if column.name not in again) for side in (gone, come)
        )
        same = old.oid == new.oid
        found.append(Lost(old, new, left, free, known and same, known and not same))
    return found
