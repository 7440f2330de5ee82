"""The words in a name, and how much one word looks like a short or misspelt form of another.

Mechanisms, no word lists: abbreviations keep the first letter and drop from the end or from the vowels, whatever
the language.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_VOWELS = frozenset("aeiou")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_TRUNCATED, _ENDING, _TWO_LETTERS = 0.85, 0.5, 0.5
_SKELETON, _SPARSE, _PLURAL = 0.9, 0.8, 0.95
_SHORTEST = 5
"""Nobody makes a word shorter than to a fifth."""
_ALIKE_FROM = 0.7
"""Of spellings less alike than this nothing is concluded."""


@lru_cache(maxsize=65536)
def tokens(name: str) -> tuple[str, ...]:
    """``dailyBudget_2`` -> daily, budget, 2: split at humps, digits and signs; without case and accents."""
    split = _HUMP.sub("_", name)
    plain = "".join(c for c in unicodedata.normalize("NFKD", split) if not unicodedata.combining(c))
    return tuple(_WORD.findall(plain.casefold()))


@lru_cache(maxsize=65536)
def token_likeness(one: str, other: str) -> float:
    """0 to 1, symmetric; 0 unless both begin with the same letter. Numbers are equal or nothing."""
    if one == other:
        return 1.0
    if one[0] != other[0] or one[0].isdigit():
        return 0.0
    short, long = sorted((one, other), key=lambda word: (len(word), word))
    return max(_shortened(short, long), _misspelt(short, long))


def _shortened(short: str, long: str) -> float:
    if len(short) < 2 or len(short) == len(long) or len(long) > _SHORTEST * len(short):
        return 0.0
    if long.startswith(short):
        rest = long[len(short) :]
        if rest in ("s", "es") and len(short) > 2:
            return _PLURAL
        # `count` is no short form of `country`: who abbreviates saves more than two letters.
        return _TWO_LETTERS if len(short) == 2 else _TRUNCATED if len(rest) > 2 else _ENDING
    consonants = short[0] + "".join(c for c in long[1:] if c not in _VOWELS)
    if short == consonants:
        return _SKELETON if len(short) > 2 else _TRUNCATED - 0.15
    sparse = len(short) > 2 and not _VOWELS & set(short[1:]) and _within(short, long)
    return _SPARSE + 0.1 * (short[-1] == long[-1]) if sparse else 0.0


def _within(short: str, long: str) -> bool:
    """Whether the letters of ``short`` are in ``long`` in this order."""
    left = iter(long)
    return all(letter in left for letter in short)


def _misspelt(short: str, long: str) -> float:
    if len(short) < 4 or len(long) - len(short) > 2:
        return 0.0
    alike = 1 - _edits(short, long) / len(long)
    return max(0.0, (alike - _ALIKE_FROM) / (1 - _ALIKE_FROM))


def _edits(one: str, other: str) -> int:
    """Letters added, taken, replaced, or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]
