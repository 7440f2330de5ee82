"""Lost and new columns of one table, weighed against each other where identity does not tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bravo_agent.changes._context import Context, Suspicion
from bravo_agent.changes._likeness import weigh_values
from bravo_agent.changes._matching import Edge
from bravo_agent.changes._names import UNLIKE, Words, weigh_names, words_of
from bravo_agent.changes._order import Order, order_of
from bravo_agent.changes._pairing import rank
from bravo_agent.changes._traits import Common, Traits, Weight, common_in, traits_of, weigh_traits
from bravo_agent.model.catalog import Column, Table

_ONE_FIELD, _OTHER_NUMBER = 10.0, -6.0
_MANY_PAIRS = 10_000
"""Of more, only those are weighed in full whose names or places say anything for them."""


@dataclass(frozen=True)
class Scales:
    """What pairs are weighed with: the context, and what is common in the whole baseline."""

    context: Context

    @cached_property
    def words(self) -> Words:
        """How rare words are."""
        return words_of(self.context.baseline)

    @cached_property
    def common(self) -> Common:
        """How common all else is."""
        return common_in(self.context.baseline)


@dataclass(frozen=True)
class Lost:
    """The lost and the new columns of one table, as it was and as it is, sorted by name."""

    old: Table
    new: Table
    gone: tuple[Column, ...]
    come: tuple[Column, ...]
    certain: bool = False
    """Whether numbers of both mean the same column."""
    anew: bool = False
    """Whether the table was made anew in the same database: then its order is whatever somebody wrote."""


def weigh_table(lost: Lost, scales: Scales) -> Iterator[tuple[Suspicion, bool]]:
    """(pair, whether it is one question), declared pairs first, then by how likely they are."""
    context, key = scales.context, lost.old.key
    declared = dict(_declared(lost, context))
    for old, new in declared.items():
        yield Suspicion(key, old, key, new, 1.0, ("declared, or answered before",), declared=True), True
    gone = [column for column in lost.gone if column not in declared]
    taken = set(declared.values())
    come = [column for column in lost.come if column not in taken]
    weighed = _Table(lost, scales).pairs(gone, come)
    for (i, j), score, reasons, chosen in rank(weighed):
        apart = _told_apart(key, gone[i], come[j], context)
        yield Suspicion(key, gone[i], key, come[j], score, reasons), chosen and not apart


def _declared(lost: Lost, context: Context) -> Iterator[tuple[Column, Column]]:
    """Each column in one pair at most, whatever bravo.toml says."""
    taken: set[str] = set()
    if not context.confirmed and not context.answered:
        return
    known = context.confirmed, context.answered - context.confirmed
    for said in known:
        for old in lost.gone:
            for new in lost.come:
                names = {f"old {old.name}", f"new {new.name}"}
                if (lost.old.key, old.name, new.name) in said and not names & taken:
                    taken |= names
                    yield old, new


def _told_apart(table: str, old: Column, new: Column, context: Context) -> bool:
    asked = {("dropped_field", table, old.name), ("new_field", table, new.name)}
    return not asked.isdisjoint(context.told_apart)


@dataclass(frozen=True)
class _Table:
    lost: Lost
    scales: Scales

    def pairs(self, gone: Sequence[Column], come: Sequence[Column]) -> dict[Edge, list[Weight]]:
        many = len(gone) * len(come) > _MANY_PAIRS
        old = [traits_of(self.lost.old, column) for column in gone]
        new = [traits_of(self.lost.new, column) for column in come]
        found = {}
        for i, a in enumerate(old):
            for j, b in enumerate(new):
                weights = self._pair(a, b, many=many)
                if weights:
                    found[i, j] = weights
        return found

    def _pair(self, old: Traits, new: Traits, *, many: bool) -> list[Weight]:
        """Nothing for a pair that cannot be."""
        one_field = self._fields.get(old.column.name), self._shown.get(new.column.name)
        same_field = one_field[0] is not None and one_field[0] == one_field[1]
        if not same_field and new.column.name in self._taken:
            return []
        name = weigh_names(old.column.name, new.column.name, self.scales.words, self.lost.old.name)
        place = self._place(old.column, new.column)
        if many and name[0] <= UNLIKE and (place is None or place[0] <= 0) and not same_field:
            return []
        context = self.scales.context
        values = context.evidence.get((self.lost.old.key, f"{old.column.name}->{new.column.name}"))
        weights = [name, place, weigh_values(values)]
        weights += weigh_traits(old, new, self.scales.common, context.shape_of)
        weights += [(_ONE_FIELD, "both feed one field")] if same_field else []
        return [weight for weight in weights if weight is not None]

    def _place(self, old: Column, new: Column) -> Weight | None:
        if self.lost.certain and old.number is not None and new.number is not None:
            return _OTHER_NUMBER, "PostgreSQL numbers them apart: one was added after the other was there"
        return self._order.weigh(old.name, new.name)

    @cached_property
    def _taken(self) -> frozenset[str]:
        """New columns that the models have a field of their own for: they are no renames of another field's."""
        key, context = self.lost.old.key, self.scales.context
        names = (column.name for column in self.lost.come)
        return frozenset(name for name in names if context.field_of(key, context.shown(key, name)))

    @cached_property
    def _order(self) -> Order:
        return Order() if self.lost.anew else order_of(self.lost.old, self.lost.new)

    @cached_property
    def _fields(self) -> Mapping[str, str]:
        """Lost column -> document key that it fed."""
        key, context = self.lost.old.key, self.scales.context
        pairs = ((column.name, context.mapped(key, column.name)) for column in self.lost.gone)
        return {name: mapped.target for name, mapped in pairs if mapped}

    @cached_property
    def _shown(self) -> Mapping[str, str]:
        """New column -> document key that it feeds by the models as they are."""
        key, context = self.lost.old.key, self.scales.context
        pairs = ((column.name, context.shown(key, column.name)) for column in self.lost.come)
        return {name: mapped.target for name, mapped in pairs if mapped}
