"""Columns lost in one table and new in another, of one name: they may have moved.

That is told as a candidate of both, and never made one question: a move is two edits of two models.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bravo_agent.changes._context import Suspicion
from bravo_agent.changes._pairing import rank
from bravo_agent.changes._suspects import Scales
from bravo_agent.changes._tokens import tokens
from bravo_agent.changes._traits import Weight, traits_of, weigh_traits
from bravo_agent.model.catalog import Column, Table

_PRIOR = -5.0
_MOST_OF_NAME, _PREFIXED, _RELATED = 5.0, 0.8, 1.5
_WORTH_TELLING = 0.1


@dataclass(frozen=True)
class Loose:
    """A column that its own table does not explain."""

    table: Table
    column: Column


def weigh_moves(gone: Sequence[Loose], come: Sequence[Loose], scales: Scales) -> Iterator[Suspicion]:
    """Pairs that are worth telling, the surest first; both sides are sorted by table and name."""
    tables_with = _tables_with(scales)
    by_name: dict[str, list[int]] = {}
    for place, new in enumerate(come):
        by_name.setdefault("".join(tokens(new.column.name)), []).append(place)
    weighed = {}
    for i, old in enumerate(gone):
        plain, prefixed = "".join(tokens(old.column.name)), _prefixed(old)
        for name in dict.fromkeys((plain, *prefixed)) if plain else ():
            for j in by_name.get(name, ()):
                if come[j].table.key != old.table.key:
                    rarity = math.log((scales.common.total + 1) / (max(0, tables_with[plain] - 1) + 0.5))
                    bonus = 0.0 if name == plain else _PREFIXED
                    weighed[i, j] = _pair(old, come[j], min(_MOST_OF_NAME, 0.8 * rarity + bonus), scales)
    for (i, j), score, reasons, _ in rank(weighed, _PRIOR):
        if score >= _WORTH_TELLING:
            old, new = gone[i], come[j]
            yield Suspicion(old.table.key, old.column, new.table.key, new.column, score, reasons)


def _pair(old: Loose, new: Loose, name: float, scales: Scales) -> list[Weight]:
    weights: list[Weight] = [(name, "the same rare name")]
    weights += weigh_traits(
        traits_of(old.table, old.column),
        traits_of(new.table, new.column),
        scales.common,
        scales.context.shape_of,
    )
    refers = {key.ref_table for key in old.table.foreign_keys} | {
        key.ref_table for key in new.table.foreign_keys
    }
    if {old.table.key, new.table.key} & refers:
        weights.append((_RELATED, "one table refers to the other"))
    return weights


def _prefixed(old: Loose) -> list[str]:
    """As it may be called where its table's name does not stand before it: ``user_email`` for ``users.email``."""
    words = tokens(old.table.name)
    stems = ("".join(words), "".join(words).removesuffix("s"))
    return [stem + "".join(tokens(old.column.name)) for stem in stems]


def _tables_with(scales: Scales) -> Counter[str]:
    tables = scales.context.baseline.tables
    return Counter("".join(tokens(column.name)) for table in tables for column in table.columns)
