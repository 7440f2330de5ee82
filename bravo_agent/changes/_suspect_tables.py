"""Lost and new tables, weighed against each other: by the columns that they share, and who refers to them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bravo_agent.changes._context import Context, Suspicion
from bravo_agent.changes._names import Words, weigh_names
from bravo_agent.changes._pairing import rank
from bravo_agent.changes._tokens import tokens
from bravo_agent.changes._traits import Weight
from bravo_agent.model.catalog import Table

_PRIOR = -4.0
_NAMES = 0.5
_SHARED, _UNSHARED, _OTHER_TYPE = 1.2, -0.7, 0.5
_MOST_OF_ONE, _MOST, _LEAST = 3.0, 10.0, -6.0
_REFERRED, _COMMENT, _APART = 4.0, 2.0, -6.0


def weigh_tables(
    gone: Sequence[Table], come: Sequence[Table], context: Context, *, same_database: bool
) -> Iterator[tuple[Suspicion, bool]]:
    """(pair, whether it is one question), the surest first; tables that the models have already are no part of it."""
    free = [table for table in come if _may_be(table, context)]
    weighing = _Weighing(context, same_database)
    weighed = {
        (i, j): weights
        for i, old in enumerate(gone)
        for j, new in enumerate(free)
        if (weights := weighing.pair(old, new))
    }
    for (i, j), score, reasons, chosen in rank(weighed, _PRIOR):
        yield Suspicion(gone[i].key, None, free[j].key, None, score, reasons), chosen


def _may_be(table: Table, context: Context) -> bool:
    now = context.target.of_table(table.key)
    return now is None or now.entity is None


@dataclass(frozen=True)
class _Weighing:
    context: Context
    same_database: bool

    def pair(self, old: Table, new: Table) -> list[Weight]:
        columns = self._columns(old, new)
        name = weigh_names(old.name, new.name, self._words, "")
        weights = [columns, (_NAMES * name[0], name[1])]
        if self._referrers("before")[old.key] & self._referrers("after")[new.key]:
            weights.append((_REFERRED, "the same columns refer to both"))
        if self.same_database and old.oid is not None and new.oid is not None:
            weights.append((_APART, "PostgreSQL numbers them apart: another table"))
        if old.comment and old.comment == new.comment:
            weights.append((_COMMENT, "same comment"))
        return weights if columns[0] > 0 else []

    def _columns(self, old: Table, new: Table) -> Weight:
        was = {column.name: column.type for column in old.columns}
        now = {column.name: column.type for column in new.columns}
        both = sorted(set(was) & set(now))
        shared = math.fsum(
            self._rarity(name) * (1.0 if was[name] == now[name] else _OTHER_TYPE) for name in both
        )
        apart = math.fsum(self._rarity(name) for name in sorted(set(was) ^ set(now)))
        weight = max(_LEAST, min(_MOST, _SHARED * shared + _UNSHARED * apart))
        return weight, f"{len(both)} of {max(len(was), len(now))} columns are the same"

    def _rarity(self, column: str) -> float:
        """Of a column's name among tables: an ``id`` or a ``name`` proves nothing."""
        others = max(0, self._tables_with[column] - 1)
        return max(0.0, min(_MOST_OF_ONE, math.log((len(self._baseline) + 1) / (others + 0.5))))

    @property
    def _baseline(self) -> tuple[Table, ...]:
        return self.context.baseline.tables

    @cached_property
    def _tables_with(self) -> Counter[str]:
        return Counter(column.name for table in self._baseline for column in table.columns)

    @cached_property
    def _words(self) -> Words:
        names = [table.name for table in self._baseline]
        return Words(Counter(word for name in names for word in set(tokens(name))), len(names))

    def _referrers(self, side: str) -> Mapping[str, frozenset[tuple[str, tuple[str, ...]]]]:
        return self._before if side == "before" else self._after

    @cached_property
    def _before(self) -> Mapping[str, frozenset[tuple[str, tuple[str, ...]]]]:
        return _referring(self._baseline)

    @cached_property
    def _after(self) -> Mapping[str, frozenset[tuple[str, tuple[str, ...]]]]:
        return _referring(self.context.source.tables)


def _referring(tables: Sequence[Table]) -> Mapping[str, frozenset[tuple[str, tuple[str, ...]]]]:
    """Table -> (other table, its columns) of the foreign keys to it."""
    found: dict[str, set[tuple[str, tuple[str, ...]]]] = {table.key: set() for table in tables}
    for table in tables:
        for key in table.foreign_keys:
            if key.ref_table != table.key:
                found.setdefault(key.ref_table, set()).add((table.key, key.columns))
    return {key: frozenset(own) for key, own in found.items()}
