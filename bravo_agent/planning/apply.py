"""Facts applied to a catalog: the other half of compare's law."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from bravo_agent.model.catalog import Catalog, Column, Table
from bravo_agent.model.change import Added, Altered, Fact, Removed
from bravo_agent.planning.renaming import Renamed, follow
from bravo_agent.planning.table_text import with_aspect


def apply_facts(before: Catalog, facts: Iterable[Fact]) -> Catalog:
    """``before`` with ``facts`` accepted, in any order of theirs; identities stay as they were."""
    by_table: dict[str, list[Fact]] = defaultdict(list)
    created: list[Table] = []
    for fact in facts:
        if isinstance(fact, Added) and fact.new_table is not None:
            created.append(fact.new_table)
        else:
            by_table[fact.table].append(fact)
    renamed = _renamed(by_table)
    kept = [_table(table, by_table.get(table.key, []), renamed) for table in before.tables]
    tables = [table for table in kept if table is not None] + created
    return replace(before, tables=tuple(sorted(tables, key=lambda table: table.key)))


def _renamed(by_table: dict[str, list[Fact]]) -> Renamed:
    names = [
        fact
        for facts in by_table.values()
        for fact in facts
        if isinstance(fact, Altered) and fact.aspect == "name"
    ]
    columns: dict[str, dict[str, str]] = defaultdict(dict)
    for fact in names:
        if fact.old is not None and fact.new is not None:
            columns[fact.table][fact.old.name] = fact.new.name
    return Renamed({fact.table: fact.after or "" for fact in names if fact.old is None}, columns)


def _table(table: Table, facts: list[Fact], renamed: Renamed) -> Table | None:
    if any(isinstance(fact, Removed) and fact.old_table is not None for fact in facts):
        return None
    result = follow(table, renamed)
    result = replace(result, columns=_columns(table, facts))
    for fact in facts:
        if isinstance(fact, Altered) and fact.old is None:
            result = (
                _renamed_table(result, fact.after)
                if fact.aspect == "name"
                else with_aspect(result, fact.aspect, fact.after)
            )
    return result


def _renamed_table(table: Table, key: str | None) -> Table:
    schema, _, name = (key or "").partition(".")
    return replace(table, schema=schema, name=name)


def _columns(table: Table, facts: list[Fact]) -> tuple[Column, ...]:
    altered: dict[str, list[Altered]] = defaultdict(list)
    removed, added = set(), []
    for fact in facts:
        if isinstance(fact, Altered) and fact.old is not None:
            altered[fact.old.name].append(fact)
        elif isinstance(fact, Removed) and fact.column is not None:
            removed.add(fact.column.name)
        elif isinstance(fact, Added) and fact.column is not None:
            added.append(fact.column)
    kept = (_column(column, altered[column.name]) for column in table.columns if column.name not in removed)
    return (*kept, *added)


def _column(column: Column, facts: list[Altered]) -> Column:
    for fact in facts:
        assert fact.new is not None
        match fact.aspect:
            case "name":
                column = replace(column, name=fact.new.name)
            case "type":
                column = replace(column, type=fact.new.type)
            case "nullable":
                column = replace(column, nullable=fact.new.nullable)
            case "default":
                column = replace(column, default=fact.new.default)
            case "comment":
                column = replace(column, comment=fact.new.comment)
            case "generated":
                column = replace(column, generated=fact.new.generated, identity=fact.new.identity)
            case _:
                raise AssertionError(fact.aspect)
    return column
