"""Which table and which column of one catalog is which of another: by identity, else by name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

from bravo_agent.model.catalog import Catalog, Column, Table

T = TypeVar("T")


def same_database(before: Catalog, after: Catalog) -> bool:
    """Whether oids of both mean the same: one cluster, and one database of it (oids are per database)."""
    known = before.system_identifier is not None
    return known and before.system_identifier == after.system_identifier and before.database == after.database


def table_pairs(
    before: Catalog, after: Catalog, declared: Mapping[str, str] | None = None
) -> Iterator[tuple[Table | None, Table | None]]:
    """Each table once: with its partner, or None where it has none; ``declared``: old key -> new key of renames,
    none of them on both sides."""
    same, names = same_database(before, after), declared or {}
    return _pairs(
        before.tables,
        after.tables,
        lambda table: table.oid if same else None,
        lambda table: names.get(table.key, table.key),
    )


def column_pairs(old: Table, new: Table, same: bool) -> Iterator[tuple[Column | None, Column | None]]:
    """Each column once; ``attnum`` counts only within one table of one database.

    There, two columns of one name and different numbers are two: one was dropped, the other added.
    """
    identical = certain_columns(old, new, same)
    return _pairs(
        old.columns,
        new.columns,
        lambda column: column.number if identical else None,
        lambda column: column.name,
        apart=identical,
    )


def certain_columns(old: Table, new: Table, same: bool) -> bool:
    """Whether the numbers of two tables mean the same columns; ``same``: both are of one database."""
    return same and old.oid is not None and old.oid == new.oid


def _pairs(
    old: Sequence[T],
    new: Sequence[T],
    identity: Callable[[T], int | None],
    name: Callable[[T], str],
    *,
    apart: bool = False,
) -> Iterator[tuple[T | None, T | None]]:
    found = _partners(old, new, identity)
    left_old = [item for place, item in enumerate(old) if place not in found]
    taken = set(found.values())
    left_new = [item for place, item in enumerate(new) if place not in taken]
    by_name = {
        a: b
        for a, b in _partners(left_old, left_new, name).items()
        if not apart or identity(left_old[a]) is None or identity(left_new[b]) is None
    }
    yield from ((old[a], new[b]) for a, b in found.items())
    yield from ((left_old[a], left_new[b]) for a, b in by_name.items())
    yield from ((item, None) for place, item in enumerate(left_old) if place not in by_name)
    named = set(by_name.values())
    yield from ((None, item) for place, item in enumerate(left_new) if place not in named)


def _partners(old: Sequence[T], new: Sequence[T], key: Callable[[T], Hashable]) -> dict[int, int]:
    """Places of ``old`` -> places of ``new`` with the same key; None is no key."""
    places = {key(item): place for place, item in enumerate(new) if key(item) is not None}
    return {place: places[key(item)] for place, item in enumerate(old) if key(item) in places}
