"""Renames declared in bravo.toml: each has to match something, or to be fulfilled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bravo_agent.changes._likeness import RENAMED, rename_id, table_rename_id
from bravo_agent.config import Config
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, Column
from bravo_agent.model.change import Added, Altered, Decision, Fact, Removed

_SAME_COLUMN = ("rename", "keep-old-name")


def check_renames(config: Config, facts: Sequence[Fact], source: Catalog) -> tuple[str, ...]:
    """Notes on fulfilled ones; raises ``UsageError`` ``rename-unmatched`` for those that match nothing."""
    if not config.renames:
        return ()
    matched = _matched(facts)
    tables = {table.key for table in source.tables}
    there = {(f"{table.key}.", column.name) for table in source.tables for column in table.columns}
    notes: list[str] = []
    unmatched: list[str] = []
    for old, new in sorted(config.renames.items()):
        if (old, new) in matched:
            continue
        fulfilled = any(
            old.startswith(table) and name == new and (table, old[len(table) :]) not in there
            for table, name in there
        ) or (old not in tables and _new_key(old, config) in tables)
        if fulfilled:
            notes.append(f'[renames] "{old}" = "{new}" is fulfilled and can be removed from bravo.toml')
        else:
            unmatched.append(f"{old} = {new}")
    if unmatched:
        raise UsageError(
            "rename-unmatched",
            f"bravo.toml declares renames that match no change: {', '.join(unmatched)}",
            hint="Mend the names (schema.table.old = new), or remove the lines.",
            where="bravo.toml [renames]",
        )
    return tuple(notes)


def confirmed_renames(
    config: Config, decisions: Iterable[Decision], facts: Sequence[Fact]
) -> frozenset[tuple[str, str, str]]:
    """(table, old, new) of what may be a rename without identity, and is declared or accepted as one."""
    accepted = {d.change_id for d in decisions if d.status == "accepted" and d.option in _SAME_COLUMN}
    if not accepted and not config.renames:
        return frozenset()
    return frozenset(
        (table, old.name, new.name)
        for table, old, new in _lost_and_new(facts)
        if config.renames.get(f"{table}.{old.name}") == new.name
        or (accepted and rename_id(table, old, new) in accepted)
    )


def answered_renames(decisions: Iterable[Decision], facts: Sequence[Fact]) -> frozenset[tuple[str, str, str]]:
    """(table, old, new) of pairs that somebody answered as one question: they stay one, whatever is found later."""
    accepted = {d.change_id for d in decisions if d.status == "accepted" and d.kind in ("", RENAMED)}
    if not accepted:
        return frozenset()
    return frozenset(
        (table, old.name, new.name)
        for table, old, new in _lost_and_new(facts)
        if rename_id(table, old, new) in accepted
    )


def told_apart(decisions: Iterable[Decision]) -> frozenset[tuple[str, str, str]]:
    """(kind, table, column) of drops and additions with an accepted answer of their own: they stay two questions."""
    return frozenset(
        (d.kind, d.table, d.field)
        for d in decisions
        if d.status == "accepted" and d.field is not None and d.kind in ("dropped_field", "new_field")
    )


def confirmed_tables(
    config: Config, decisions: Iterable[Decision], baseline: Catalog, source: Catalog
) -> dict[str, str]:
    """Old key -> new key of tables that are declared or accepted as renamed; of each side, one at most."""
    before, after = {table.key for table in baseline.tables}, {table.key for table in source.tables}
    gone, come = sorted(before - after), sorted(after - before)
    accepted = {d.change_id for d in decisions if d.status == "accepted" and d.option in _SAME_COLUMN}
    found: dict[str, str] = {}
    for old in gone:
        said = _new_key(old, config)
        for new in come:
            known = said == new or (accepted and table_rename_id(old, new) in accepted)
            if known and old not in found and new not in found.values():
                found[old] = new
    return found


def _new_key(old: str, config: Config) -> str | None:
    """What bravo.toml calls the table now: a name of the same schema, or one with its schema."""
    name = config.renames.get(old)
    return name if name is None or "." in name else f"{old.partition('.')[0]}.{name}"


def _lost_and_new(facts: Sequence[Fact]) -> Iterator[tuple[str, Column, Column]]:
    """(table, lost column, new column) of all pairs within a table."""
    come: dict[str, list[Column]] = {}
    for fact in facts:
        if isinstance(fact, Added) and fact.column:
            come.setdefault(fact.table, []).append(fact.column)
    for fact in facts:
        if isinstance(fact, Removed) and fact.column:
            for new in come.get(fact.table, ()):
                yield fact.table, fact.column, new


def _matched(facts: Iterable[Fact]) -> set[tuple[str, str]]:
    """Pairs that a declaration may name: renamed by identity, or gone and new in one table."""
    found: set[tuple[str, str]] = set()
    gone: list[tuple[str, str]] = []
    come: list[tuple[str, str]] = []
    for fact in facts:
        if isinstance(fact, Altered) and fact.aspect == "name" and fact.old and fact.new:
            found.add((f"{fact.table}.{fact.old.name}", fact.new.name))
        elif isinstance(fact, Altered) and fact.aspect == "name" and fact.after:
            found |= {(fact.table, fact.after), (fact.table, fact.after.partition(".")[2])}
        elif isinstance(fact, Removed) and fact.column:
            gone.append((fact.table, fact.column.name))
        elif isinstance(fact, Added) and fact.column:
            come.append((fact.table, fact.column.name))
    new_names: dict[str, list[str]] = {}
    for table, name in come:
        new_names.setdefault(table, []).append(name)
    found.update((f"{table}.{old}", new) for table, old in gone for new in new_names.get(table, ()))
    return found
