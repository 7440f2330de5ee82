"""What a column is besides its name, and what it says for or against a rename that two columns agree in it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bravo_agent.changes._tokens import tokens
from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.model.entities import Shape

Weight = tuple[float, str]
ShapeOf = Callable[[ColumnType], Shape]
_NUMBERS = ("int", "decimal", "float")


@dataclass(frozen=True)
class Traits:
    """The part of ``column`` in its table: keys, indexes, the tables that it refers to, checks without its name."""

    column: Column
    key: bool
    unique: bool
    indexed: bool
    refers_to: frozenset[str]
    checks: frozenset[str]


@dataclass(frozen=True)
class Common:
    """How often types, defaults, comments and references occur: what all columns have proves nothing."""

    types: Counter[ColumnType]
    defaults: Counter[str | None]
    comments: Counter[str | None]
    references: Counter[str]
    total: int

    def surprise(self, times: int) -> float:
        """In nats, of agreeing by chance in what ``times`` columns have, one of them for certain.

        As if a few more columns were known: what is rare in a small table need not be rare.
        """
        return math.log((self.total + 8) / (max(0, times - 1) + 2))


def common_in(catalog: Catalog) -> Common:
    """Counted over all columns of ``catalog``."""
    columns = [column for table in catalog.tables for column in table.columns]
    return Common(
        Counter(column.type for column in columns),
        Counter(column.default for column in columns),
        Counter(column.comment for column in columns),
        Counter(key.ref_table for table in catalog.tables for key in table.foreign_keys for _ in key.columns),
        len(columns),
    )


def traits_of(table: Table, column: Column) -> Traits:
    """The traits of one column."""
    name = column.name
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    return Traits(
        column,
        name in table.primary_key,
        any(index.unique and index.columns == (name,) for index in table.indexes),
        any(name in index.columns for index in table.indexes),
        frozenset(key.ref_table for key in table.foreign_keys if name in key.columns),
        frozenset(word.sub("?", check) for check in table.checks if word.search(check)),
    )


def weigh_traits(old: Traits, new: Traits, common: Common, shape_of: ShapeOf) -> Iterator[Weight]:
    """One weight for everything in which the two agree or differ."""
    yield _types(old.column.type, new.column.type, common, shape_of)
    yield from _values(old.column, new.column, common)
    yield from _keys(old, new)
    yield from _references(old, new, common)
    yield from _comments(old.column.comment, new.column.comment, common)


def _types(old: ColumnType, new: ColumnType, common: Common, shape_of: ShapeOf) -> Weight:
    if old == new:
        return min(2.0, max(0.1, 0.7 * common.surprise(common.types[old]))), f"same type {new.sql}"
    was, now = shape_of(old).kind, shape_of(new).kind
    told = f"{old.sql} became {new.sql}"
    if was == now:
        return -0.3, told
    if was in _NUMBERS and now in _NUMBERS:
        return -1.2, told
    return (-2.0 if "str" in (was, now) else -3.5), told


def _values(old: Column, new: Column, common: Common) -> Iterator[Weight]:
    if old.nullable != new.nullable:
        yield -0.5, "one may be NULL, the other not"
    if (old.generated, old.identity) != (new.generated, new.identity):
        yield -3.0, "only one is generated"
    elif old.default == new.default and old.default is not None:
        yield min(1.5, 0.4 * max(0.5, common.surprise(common.defaults[old.default]))), "same default"
    elif old.default != new.default:
        yield -0.7, "another default"


def _keys(old: Traits, new: Traits) -> Iterator[Weight]:
    if old.key or new.key:
        yield (1.5, "in the primary key") if old.key and new.key else (-3.0, "only one is in the primary key")
    if old.unique or new.unique:
        yield (1.2, "unique") if old.unique and new.unique else (-1.0, "only one is unique")
    elif old.indexed or new.indexed:
        yield (0.5, "in an index") if old.indexed and new.indexed else (-0.5, "only one is in an index")
    if old.checks & new.checks:
        yield 1.5, "same check"
    elif old.checks or new.checks:
        yield -0.5, "other checks"


def _references(old: Traits, new: Traits, common: Common) -> Iterator[Weight]:
    shared = old.refers_to & new.refers_to
    if shared:
        table = min(shared)
        yield min(2.0, max(0.3, 0.5 * common.surprise(common.references[table]))), f"both refer to {table}"
    elif old.refers_to and new.refers_to:
        yield -4.0, "they refer to different tables"
    elif old.refers_to or new.refers_to:
        yield -1.0, "only one refers to another table"


def _comments(old: str | None, new: str | None, common: Common) -> Iterator[Weight]:
    if not old or not new:
        return
    if old == new:
        yield min(4.0, max(0.3, common.surprise(common.comments[old]))), "same comment"
        return
    was, now = set(tokens(old)), set(tokens(new))
    share = len(was & now) / max(1, len(was | now))
    yield round(-1 + 3 * share, 2), "similar comments" if share > 0.5 else "other comments"
