"""Renames declared in bravo.toml: each has to match something, or to be fulfilled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bravo_agent.changes._likeness import rename_id
from bravo_agent.config import Config
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, Column
from bravo_agent.model.change import Added, Altered, Decision, Fact, Removed

_SAME_COLUMN = ("rename", "keep-old-name")


def check_renames(config: Config, facts: Sequence[Fact], source: Catalog) -> tuple[str, ...]:
    """Notes on fulfilled ones; raises ``UsageError`` ``rename-unmatched`` for those that match nothing."""
    matched = _matched(facts)
    there = {(f"{table.key}.", column.name) for table in source.tables for column in table.columns}
    notes: list[str] = []
    unmatched: list[str] = []
    for old, new in sorted(config.renames.items()):
        if (old, new) in matched:
            continue
        fulfilled = any(
            old.startswith(table) and name == new and (table, old[len(table) :]) not in there
            for table, name in there
        )
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
    gone = [(fact.table, fact.column) for fact in facts if isinstance(fact, Removed) and fact.column]
    come: dict[str, list[Column]] = {}
    for fact in facts:
        if isinstance(fact, Added) and fact.column:
            come.setdefault(fact.table, []).append(fact.column)
    return frozenset(
        (table, old.name, new.name)
        for table, old in gone
        for new in come.get(table, ())
        if config.renames.get(f"{table}.{old.name}") == new.name
        or (accepted and rename_id(table, old, new) in accepted)
    )


def _matched(facts: Iterable[Fact]) -> set[tuple[str, str]]:
    """Pairs that a declaration may name: renamed by identity, or gone and new in one table."""
    found: set[tuple[str, str]] = set()
    gone: list[tuple[str, str]] = []
    come: list[tuple[str, str]] = []
    for fact in facts:
        if isinstance(fact, Altered) and fact.aspect == "name" and fact.old and fact.new:
            found.add((f"{fact.table}.{fact.old.name}", fact.new.name))
        elif isinstance(fact, Removed) and fact.column:
            gone.append((fact.table, fact.column.name))
        elif isinstance(fact, Added) and fact.column:
            come.append((fact.table, fact.column.name))
    new_names: dict[str, list[str]] = {}
    for table, name in come:
        new_names.setdefault(table, []).append(name)
    found.update((f"{table}.{old}", new) for table, old in gone for new in new_names.get(table, ()))
    return found
