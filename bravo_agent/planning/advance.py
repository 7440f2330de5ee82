"""The baseline moves, but only over what was accepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bravo_agent.model.catalog import Catalog, Column, Table
from bravo_agent.model.change import Added, Altered, Change, Fact, Removed
from bravo_agent.planning.apply import apply_facts
from bravo_agent.planning.identity import column_pairs, same_database, table_pairs


def accepted(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that the baseline may move over.

    Settled ones, and decided ones that leave nothing to edit. A decided change whose code is not there yet
    is not among them: forgotten by the baseline, it would never be asked about again. Recognise again after
    the cascade.
    """
    return tuple(change for change in changes if change.state == "settled" or _at_once(change))


def advance_baseline(
    baseline: Catalog, source: Catalog, accepted: Sequence[Change], ignored: Iterable[Fact] = ()
) -> Catalog:
    """``baseline`` with the facts of ``accepted`` and ``ignored``, and the source's identities."""
    facts = [fact for change in accepted for fact in change.facts] + list(ignored)
    moved = apply_facts(baseline, _without_collisions(baseline, facts))
    return _with_identities(moved, source, baseline)


def _at_once(change: Change) -> bool:
    return change.state == "decided" and change.answer is not None and change.answer.takes_hold == "at-once"


def _without_collisions(baseline: Catalog, facts: list[Fact]) -> list[Fact]:
    """A new column under a name that an open rename has not left yet has to wait for it."""
    held = {(table.key, column.name) for table in baseline.tables for column in table.columns}
    tables = {table.key for table in baseline.tables}
    for fact in facts:
        if isinstance(fact, Removed) and fact.column is not None:
            held.discard((fact.table, fact.column.name))
        elif isinstance(fact, Removed):
            tables.discard(fact.table)
        elif isinstance(fact, Altered) and fact.aspect == "name":
            held.discard((fact.table, fact.old.name)) if fact.old else tables.discard(fact.table)
    return [fact for fact in facts if not _collides(fact, held, tables)]


def _collides(fact: Fact, held: set[tuple[str, str]], tables: set[str]) -> bool:
    if isinstance(fact, Added):
        return (fact.table, fact.column.name) in held if fact.column else fact.table in tables
    if isinstance(fact, Altered) and fact.aspect == "name":
        return (fact.table, fact.new.name) in held if fact.new else fact.after in tables
    return False


def _with_identities(moved: Catalog, source: Catalog, baseline: Catalog) -> Catalog:
    """Oids and numbers of the source where a partner is known; none of another database stay behind."""
    same = same_database(baseline, source)
    known = replace(
        moved,
        system_identifier=source.system_identifier,
        database=source.database,
        server_version=source.server_version,
    )
    partners = {
        old.key: new for old, new in table_pairs(moved, source) if old is not None and new is not None
    }
    tables = tuple(_table(table, partners.get(table.key), same) for table in moved.tables)
    return replace(known, tables=tables)


def _table(table: Table, partner: Table | None, same: bool) -> Table:
    if partner is None:
        return table if same else _anonymous(table)
    numbers = {old.name: new.number for old, new in column_pairs(table, partner, same) if old and new}
    keep = same and table.oid == partner.oid
    columns = tuple(
        replace(column, number=numbers.get(column.name, column.number if keep else None))
        for column in table.columns
    )
    return replace(table, oid=partner.oid, columns=_ordered(columns, partner))


def _ordered(columns: tuple[Column, ...], partner: Table) -> tuple[Column, ...]:
    """As at the source; what the source has not stays behind its old neighbour, for its place tells of renames."""
    order = {column.name: place for place, column in enumerate(partner.columns)}
    places: dict[str, tuple[int, int]] = {}
    last = -1
    for place, column in enumerate(columns):
        last = order.get(column.name, last)
        places[column.name] = (last, place if column.name not in order else -1)
    return tuple(sorted(columns, key=lambda column: places[column.name]))


def _anonymous(table: Table) -> Table:
    columns = tuple(replace(column, number=None) for column in table.columns)
    return replace(table, oid=None, columns=columns)
