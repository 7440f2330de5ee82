"""From weighed pairs to ranked ones: rivals take from each other, and who is sure enough is one question."""

from __future__ import annotations

import math
from collections.abc import Mapping

from bravo_agent.changes._likeness import FLOOR, PRIOR, THRESHOLD, told
from bravo_agent.changes._matching import Edge, best_matching, certainties
from bravo_agent.changes._traits import Weight

_MOST_RIVALS = 16
"""Of one side of a pair; in a table that was written anew all others are far below."""


def rank(
    weighed: Mapping[Edge, list[Weight]], prior: float = PRIOR
) -> list[tuple[Edge, float, tuple[str, ...], bool]]:
    """(pair, how sure, reasons, whether it is one question) of all that is worth telling, the surest first."""
    odds = _worth_telling({edge: prior + math.fsum(w for w, _ in own) for edge, own in weighed.items()})
    sure = {edge: round(value, 3) for edge, value in certainties(odds).items()}
    chosen = {edge for edge in best_matching(odds).items() if sure[edge] >= THRESHOLD}
    ranked = sorted(sure, key=lambda edge: (-sure[edge], edge))
    return [
        (edge, sure[edge], told(weighed[edge]), edge in chosen)
        for edge in ranked
        if sure[edge] >= FLOOR or edge in chosen
    ]


def _worth_telling(odds: Mapping[Edge, float]) -> dict[Edge, float]:
    """Without pairs that are next to impossible, and without the lesser ones of a side with very many."""
    least = math.log(FLOOR / (1 - FLOOR))
    kept = {edge: value for edge, value in odds.items() if value >= least}
    for side in (0, 1):
        by_place: dict[int, list[Edge]] = {}
        for edge in sorted(kept, key=lambda edge: (-kept[edge], edge)):
            by_place.setdefault(edge[side], []).append(edge)
        kept = {edge: kept[edge] for own in by_place.values() for edge in own[:_MOST_RIVALS]}
    return kept
