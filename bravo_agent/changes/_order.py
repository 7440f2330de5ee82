"""What the physical order of columns tells: PostgreSQL adds columns at the end alone, and a rename moves none.

A dump and restore makes new numbers, but keeps the order. So a new name in front of a column that was there
before cannot have been added, and a column that went from behind a known one cannot be in front of it now.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bravo_agent.model.catalog import Column, Table

_BETWEEN, _BETWEEN_FEW, _APART, _LAST = 6.2, 4.0, -4.0, 0.3
_MANY_KNOWN = 4
"""So many known columns in their old order are no accident."""


@dataclass(frozen=True)
class Gap:
    """Columns between two that both sides know: their names in order; ``last``: nothing known comes after."""

    gone: tuple[str, ...]
    come: tuple[str, ...]
    last: bool


@dataclass(frozen=True)
class Order:
    """Where each unknown column stands; nothing where the order is not to be trusted."""

    gaps: tuple[Gap, ...] = ()
    gone: Mapping[str, int] = field(default_factory=dict)
    come: Mapping[str, int] = field(default_factory=dict)

    def weigh(self, old: str, new: str) -> tuple[float, str] | None:
        """What the places of two columns say; None: nothing."""
        if old not in self.gone or new not in self.come:
            return None
        if self.gone[old] != self.come[new]:
            return _APART, "they stand at different places between known columns"
        gap = self.gaps[self.gone[old]]
        before, rank = self._ranks["gone", old], self._ranks["come", new]
        spare = len(gap.gone) - len(gap.come)
        if gap.last:
            return (_LAST, "the same place at the end") if before == rank else None
        if spare < 0:
            return None
        if not rank <= before <= rank + spare:
            return _APART, "they stand in another order than their neighbours"
        many = len(self.gaps) > _MANY_KNOWN
        weight = _BETWEEN if many else _BETWEEN_FEW
        return weight - math.log(spare + 1), "the same place in front of known columns: it was not added"

    @cached_property
    def _ranks(self) -> dict[tuple[str, str], int]:
        """Each column's place within its gap."""
        sides = [("gone", name, n) for gap in self.gaps for n, name in enumerate(gap.gone)]
        sides += [("come", name, n) for gap in self.gaps for n, name in enumerate(gap.come)]
        return {(side, name): n for side, name, n in sides}


def order_of(old: Table, new: Table) -> Order:
    """The gaps between the columns that kept their names; nothing where those have changed their order."""
    was, now = in_order(old.columns), in_order(new.columns)
    both = set(was) & set(now)
    known = [name for name in was if name in both]
    if not known or known != [name for name in now if name in both] or _by_name(was) or _by_name(now):
        return Order()
    gone, come = _places(was, both), _places(now, both)
    before, after = _by_gap(was, gone), _by_gap(now, come)
    gaps = tuple(
        Gap(tuple(before.get(place, ())), tuple(after.get(place, ())), place == len(known))
        for place in range(len(known) + 1)
    )
    # Where more stand in front of a known column than went, the table was written anew.
    if any(len(gap.come) > len(gap.gone) for gap in gaps if not gap.last):
        return Order()
    return Order(gaps, gone, come)


def in_order(columns: Sequence[Column]) -> list[str]:
    """Names by number where all have one, else as listed."""
    if all(column.number is not None for column in columns):
        columns = sorted(columns, key=lambda column: column.number or 0)
    return [column.name for column in columns]


def _by_name(names: list[str]) -> bool:
    """Sorted by the alphabet, the order says where a name belongs and nothing else."""
    return len(names) > 2 and names == sorted(names)


def _places(names: list[str], known: set[str]) -> dict[str, int]:
    places, place = {}, 0
    for name in names:
        if name in known:
            place += 1
        else:
            places[name] = place
    return places


def _by_gap(names: list[str], places: Mapping[str, int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for name in names:
        if name in places:
            found.setdefault(places[name], []).append(name)
    return found
