"""How much two names look like one thing renamed, as a weight: the natural logarithm of odds.

What counts is the information that both names carry: a word that half of the columns have (``id``, ``name``)
proves little, a rare one much; the frequencies are those of the baseline itself.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bravo_agent.changes._matching import best_matching
from bravo_agent.changes._tokens import token_likeness, tokens
from bravo_agent.model.catalog import Catalog

UNLIKE, SPAN = -2.8, 8.6
"""A pair of names that share nothing weighs ``UNLIKE``; one that shares everything ``UNLIKE + SPAN``."""
_WHOLE, _REPLACED, _OTHER_NUMBER = 1.3, -0.8, -4.0
_SAME_LETTERS, _REORDERED = 6.5, 5.5
_LEAST, _MOST, _OF_TABLE = 0.5, 4.0, 0.8
_KNOWN_AGAIN = 0.8
_RUN = 4


@dataclass(frozen=True)
class Words:
    """How rare each word is among the columns of a catalog."""

    counts: Counter[str]
    total: int

    def information(self, word: str, own: frozenset[str]) -> float:
        """In nats, of a word that one column has anyway; ``own``: the words of the table's name say nothing."""
        if word in own:
            return _OF_TABLE
        others = max(0, self.counts[word] - 1)
        return max(_LEAST, min(_MOST, math.log((self.total + 1) / (others + 0.5))))


def words_of(catalog: Catalog) -> Words:
    """The words of all columns, each name of each table counted once."""
    names = [column.name for table in catalog.tables for column in table.columns]
    return Words(Counter(word for name in names for word in set(tokens(name))), len(names))


@dataclass(frozen=True)
class NamePair:
    """Two names, each as its words; ``own`` are words of the table's name."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    words: Words
    own: frozenset[str]

    @cached_property
    def _shared(self) -> tuple[tuple[str, str, float], ...]:
        likeness = {
            (i, j): found
            for i, a in enumerate(self.old)
            for j, b in enumerate(self.new)
            if (found := token_likeness(a, b)) > 0
        }
        return tuple((self.old[i], self.new[j], likeness[i, j]) for i, j in best_matching(likeness).items())

    def _information(self, names: Iterable[str]) -> float:
        return sum(self.words.information(word, self.own) for word in names)

    def weigh(self) -> tuple[float, str]:
        """The weight, and why."""
        if not self.old or not self.new:
            return UNLIKE, "names without words"
        both = sum(how * self._information((a, b)) / 2 for a, b, how in self._shared)
        old, new = self._information(self.old), self._information(self.new)
        share = both / max(old + new - both, both)
        weight = UNLIKE + SPAN * share
        left_old, left_new = old - both, new - both
        if all(how >= _KNOWN_AGAIN for *_, how in self._shared) and len(self._shared) == self._fewest:
            weight += _WHOLE
        elif self._shared:
            weight += _REPLACED * min(left_old, left_new, 2.0)
        if self._numbers_differ:
            weight += _OTHER_NUMBER
        return max(weight, UNLIKE + _OTHER_NUMBER), self._reason()

    @property
    def _fewest(self) -> int:
        return min(len(self.old), len(self.new))

    @property
    def _numbers_differ(self) -> bool:
        old, new = ([word for word in name if word.isdigit()] for name in (self.old, self.new))
        return bool(old and new) and old != new

    def _reason(self) -> str:
        if self._numbers_differ:
            return "names with different numbers"
        if not self._shared:
            return "names that share no word"
        same = sorted(a for a, b, _ in self._shared if a == b)
        like = sorted(f"{a} like {b}" for a, b, _ in self._shared if a != b)
        return f"names share {', '.join([*same, *like])}"


def weigh_names(old: str, new: str, words: Words, table: str) -> tuple[float, str]:
    """The weight of two names of columns of ``table``, and why."""
    was, now = tokens(old), tokens(new)
    if _cannot_share(was, now):
        return UNLIKE, "names that share no word"
    if "".join(was) == "".join(now):
        return _SAME_LETTERS, "names of the same letters"
    if sorted(was) == sorted(now):
        return _REORDERED, "names of the same words in another order"
    was, now = _folded(was, now), _folded(now, was)
    return NamePair(was, now, words, _stems(table)).weigh()


def _cannot_share(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """Cheap, for tables with many columns: words that are alike begin alike."""
    return _initials(old).isdisjoint(_initials(new))


@lru_cache(maxsize=65536)
def _initials(name: tuple[str, ...]) -> frozenset[str]:
    """Of words, not of numbers: a number alone is nothing to share."""
    return frozenset(word[0] for word in name if not word.isdigit())


def _folded(name: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """``name`` where several words that are one word of ``other`` (joined, or their initials) are that word."""
    whole = frozenset(other) - frozenset(name)
    for size in range(min(_RUN, len(name)), 1, -1):
        for start in range(len(name) - size + 1):
            run = name[start : start + size]
            joined, initials = "".join(run), "".join(word[0] for word in run)
            found = joined if joined in whole else initials if size > 2 and initials in whole else None
            if found is not None:
                return _folded((*name[:start], found, *name[start + size :]), other)
    return name


def _stems(table: str) -> frozenset[str]:
    own = tokens(table)
    return frozenset(own) | {word[:-1] for word in own if word.endswith("s")}
