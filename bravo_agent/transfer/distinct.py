"""How many different values a column has: exact up to ``EXACT_DISTINCT``, an estimate beyond, in bounded memory.

The least hashes seen so far are kept (KMV, k minimum values): if the k-th least of n even hashes lies at a share s
of their range, then n is about (k - 1) / s, here with a standard error of 0.4 percent. The same values give the same
number, whatever their order.
"""

from __future__ import annotations

import numpy as np

from bravo_agent.model.change import EXACT_DISTINCT as EXACT
from bravo_agent.transfer.hashing import Words, mix


class DistinctCount:
    """Counts the hashes it is shown."""

    def __init__(self) -> None:
        self._least: Words = np.empty(0, np.uint64)
        self._over = False

    def add(self, hashes: Words) -> None:
        """Adds values by their hashes."""
        hashes = mix(hashes)
        if self._over:
            hashes = hashes[hashes < self._least[-1]]
        merged = np.union1d(self._least, hashes)
        self._over = self._over or len(merged) > EXACT
        self._least = merged[:EXACT]

    @property
    def count(self) -> int:
        """Of different values; over ``EXACT`` it is an estimate."""
        if not self._over:
            return len(self._least)
        share = float(self._least[-1]) / 2.0**64
        return max(EXACT + 1, round((EXACT - 1) / share))
