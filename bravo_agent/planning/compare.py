"""Two catalogs as facts: dumb and complete. What the facts mean is the business of changes/.

Law: ``apply_facts(before, compare(before, after))`` is ``after``, but for identities and the order of
columns. Names inside keys, indexes and checks follow a rename first, so that a rename alone is one fact and
no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.model.change import Added, Altered, Fact, Removed
from bravo_agent.planning.identity import column_pairs, same_database, table_pairs
from bravo_agent.planning.renaming import Renamed, follow
from bravo_agent.planning.table_text import TABLE_ASPECTS

ColumnAspect = Literal["type", "nullable", "default", "comment", "generated"]


def compare(before: Catalog, after: Catalog, declared: Mapping[str, str] | None = None) -> tuple[Fact, ...]:
    """Every difference, in the order of the tables; each fact names its table as ``before`` does.

    ``declared``: old key -> new key of tables that somebody says were renamed.
    """
    pairs = list(table_pairs(before, after, declared))
    same = same_database(before, after)
    renamed = _renamed(pairs, same)
    facts: list[Fact] = []
    for old, new in pairs:
        if old is None and new is not None:
            facts.append(Added(new.key, new_table=new))
        elif old is not None and new is None:
            facts.append(Removed(old.key, old_table=old))
        elif old is not None and new is not None:
            facts.extend(_table_facts(old, new, same, renamed))
    return tuple(facts)


def describe(type_: ColumnType) -> str:
    """The type as a person reads it, with all that ``sql`` leaves out: labels, fields, domains, checks."""
    text = type_.sql
    if type_.form == "array" and type_.element is not None:
        text = describe(type_.element) + "[]" * type_.dimensions
    if type_.labels:
        text += "{" + ", ".join(type_.labels) + "}"
    if type_.fields:
        text += "(" + ", ".join(f"{name} {describe(field)}" for name, field in type_.fields) + ")"
    if type_.domains:
        text += f" as {' of '.join(type_.domains)}"
    return text + "".join(f" check {check}" for check in type_.checks)


def _renamed(pairs: list[tuple[Table | None, Table | None]], same: bool) -> Renamed:
    both = [(old, new) for old, new in pairs if old is not None and new is not None]
    columns = {
        old.key: {a.name: b.name for a, b in column_pairs(old, new, same) if a and b and a.name != b.name}
        for old, new in both
    }
    return Renamed(
        tables={old.key: new.key for old, new in both if old.key != new.key},
        columns={key: names for key, names in columns.items() if names},
    )


def _table_facts(old: Table, new: Table, same: bool, renamed: Renamed) -> Iterator[Fact]:
    if old.key != new.key:
        yield Altered(old.key, "name", old.key, new.key)
    for before, after in column_pairs(old, new, same):
        yield from _column_facts(old.key, before, after)
    expected = follow(old, renamed)
    for aspect, as_text in TABLE_ASPECTS.items():
        was, now = as_text(expected), as_text(new)
        if was != now:
            yield Altered(old.key, aspect, was, now)


def _column_facts(table: str, old: Column | None, new: Column | None) -> Iterator[Fact]:
    if old is None:
        yield Added(table, new)
    elif new is None:
        yield Removed(table, old)
    else:
        if old.name != new.name:
            yield Altered(table, "name", old.name, new.name, old, new)
        for aspect, (value, as_text) in _COLUMN_ASPECTS.items():
            if value(old) != value(new):
                yield Altered(table, aspect, as_text(old), as_text(new), old, new)


def _origin(column: Column) -> str:
    """Where values come from when nobody writes one."""
    words = ("generated" if column.generated else "", "identity" if column.identity else "")
    return " ".join(word for word in words if word) or "plain"


_COLUMN_ASPECTS: dict[ColumnAspect, tuple[Callable[[Column], Any], Callable[[Column], str | None]]] = {
    "type": (lambda column: column.type, lambda column: describe(column.type)),
    "nullable": (lambda column: column.nullable, lambda column: "NULL" if column.nullable else "NOT NULL"),
    "default": (lambda column: column.default, lambda column: column.default),
    "comment": (lambda column: column.comment, lambda column: column.comment),
    "generated": (_origin, _origin),
}
