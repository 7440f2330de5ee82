"""Who belongs to whom, all pairs weighed at once: the best matching, and how sure each pair is in it.

``odds`` are natural logarithms by (place on the left, place on the right); pairs that are not there cannot be.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

Edge = tuple[int, int]
_MOST = 12.0
"""Nothing is surer than this."""
_EXACT = 8
"""Up to so many columns on the smaller side all matchings are summed up."""


def best_matching(weights: Mapping[Edge, float]) -> dict[int, int]:
    """Left -> right with the largest sum of weights; pairs that weigh nothing or less stay apart."""
    found: dict[int, int] = {}
    for edges in _parts([edge for edge, weight in weights.items() if weight > 0]):
        left, right = sorted({a for a, _ in edges}), sorted({b for _, b in edges})
        rows, columns = {a: i for i, a in enumerate(left)}, {b: j for j, b in enumerate(right)}
        # As many columns of nothing as rows: each row may stay alone.
        gain = np.zeros((len(left), len(right) + len(left)))
        for a, b in edges:
            gain[rows[a], columns[b]] = weights[a, b]
        for row, column in enumerate(_assigned(-gain)):
            if column < len(right) and (left[row], right[column]) in edges:
                found[left[row]] = right[column]
    return found


def certainties(odds: Mapping[Edge, float]) -> dict[Edge, float]:
    """How likely each pair is, where each side has one partner at most: rivals share what there is.

    Exact (the sum over all matchings) where one side of a group is small. In larger groups a pair stands against
    all its rivals, two at once too, as if these had no other partner, which makes it look less sure than it is.
    """
    weights = {edge: math.exp(max(-_MOST, min(_MOST, value))) for edge, value in odds.items()}
    found: dict[Edge, float] = {}
    for part in _parts(list(odds)):
        own = {edge: weights[edge] for edge in part}
        small = min(len({a for a, _ in part}), len({b for _, b in part})) <= _EXACT
        found.update(_exact(own) if small else _against_rivals(own))
    return found


def _against_rivals(weights: Mapping[Edge, float]) -> dict[Edge, float]:
    left, right = defaultdict(list), defaultdict(list)
    for edge in sorted(weights):
        left[edge[0]].append(weights[edge])
        right[edge[1]].append(weights[edge])
    rows = {place: math.fsum(own) for place, own in left.items()}
    columns = {place: math.fsum(own) for place, own in right.items()}
    return {
        (a, b): weight / (weight + (1 + max(0.0, rows[a] - weight)) * (1 + max(0.0, columns[b] - weight)))
        for (a, b), weight in weights.items()
    }


def _exact(weights: Mapping[Edge, float]) -> dict[Edge, float]:
    """Row by row over all sets of taken columns, from the front and from the back."""
    rows, columns = sorted({a for a, _ in weights}), sorted({b for _, b in weights})
    if len(columns) > len(rows):
        turned = _exact({(b, a): weight for (a, b), weight in weights.items()})
        return {(a, b): value for (b, a), value in turned.items()}
    sets = np.arange(1 << len(columns))
    without = [sets[(sets >> place) & 1 == 0] for place in range(len(columns))]
    own = [[(j, weights[row, b]) for j, b in enumerate(columns) if (row, b) in weights] for row in rows]
    behind = [np.ones(len(sets))]
    for edges in reversed(own):
        after, now = behind[-1], behind[-1].copy()
        for j, weight in edges:
            now[without[j]] += weight * after[without[j] | (1 << j)]
        behind.append(now)
    behind.reverse()
    found: dict[Edge, float] = {}
    before = np.zeros(len(sets))
    before[0] = 1
    for place, edges in enumerate(own):
        now = before.copy()
        for j, weight in edges:
            gain = weight * before[without[j]]
            now[without[j] | (1 << j)] += gain
            total = float(np.sum(gain * behind[place + 1][without[j] | (1 << j)]))
            found[rows[place], columns[j]] = total / float(behind[0][0])
        before = now
    return found


def _parts(edges: list[Edge]) -> Iterator[set[Edge]]:
    """The edges, in groups that share no place."""
    by_place: dict[tuple[str, int], list[Edge]] = defaultdict(list)
    for edge in sorted(edges):
        by_place["left", edge[0]].append(edge)
        by_place["right", edge[1]].append(edge)
    seen: set[Edge] = set()
    for edge in sorted(edges):
        part: set[Edge] = set()
        waiting = [edge] if edge not in seen else []
        while waiting:
            at = waiting.pop()
            if at not in part:
                part.add(at)
                waiting += by_place["left", at[0]] + by_place["right", at[1]]
        seen |= part
        if part:
            yield part


def _assigned(cost: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> list[int]:
    """The column of each row at the least cost (no more rows than columns): shortest augmenting paths, O(n^2 m)."""
    rows, columns = cost.shape
    of_row, of_column = np.zeros(rows + 1), np.zeros(columns + 1)
    owner = np.zeros(columns + 1, dtype=np.int64)  # row of a column, counted from 1; 0: free
    for row in range(1, rows + 1):
        owner[0], at = row, 0
        least = np.full(columns + 1, np.inf)
        came_from = np.zeros(columns + 1, dtype=np.int64)
        done = np.zeros(columns + 1, dtype=bool)
        while owner[at]:
            done[at] = True
            reduced = cost[owner[at] - 1] - of_row[owner[at]] - of_column[1:]
            better = ~done[1:] & (reduced < least[1:])
            least[1:][better] = reduced[better]
            came_from[1:][better] = at
            reach = np.where(done, np.inf, least)
            nearest = 1 + int(np.argmin(reach[1:]))
            step = reach[nearest]
            of_row[owner[done]] += step
            of_column[done] -= step
            least[~done] -= step
            at = nearest
        while at:
            owner[at] = owner[came_from[at]]
            at = int(came_from[at])
    found = [0] * rows
    for column in range(1, columns + 1):
        if owner[column]:
            found[owner[column] - 1] = column - 1
    return found
