"""The best matching against all matchings, and how sure pairs are against the sum of all."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bravo_agent.changes import _matching
from bravo_agent.changes._matching import Edge, best_matching, certainties

PLACES = st.integers(0, 4)
WEIGHTS = st.dictionaries(st.tuples(PLACES, PLACES), st.integers(-6, 24).map(lambda n: n / 3), max_size=14)


def matchings(edges: list[Edge]) -> Iterator[tuple[Edge, ...]]:
    if not edges:
        yield ()
        return
    first, rest = edges[0], edges[1:]
    yield from matchings(rest)
    apart = [edge for edge in rest if edge[0] != first[0] and edge[1] != first[1]]
    yield from ((first, *others) for others in matchings(apart))


@given(WEIGHTS)
def test_no_matching_weighs_more(weights: Mapping[Edge, float]) -> None:
    found = best_matching(weights)
    assert len(set(found.values())) == len(found)
    best = max(sum(weights[edge] for edge in one) for one in matchings(sorted(weights)))
    assert sum(weights[edge] for edge in found.items()) == pytest.approx(best)
    assert all(weights[edge] > 0 for edge in found.items())


@given(WEIGHTS)
def test_a_pair_is_as_sure_as_the_sum_of_all_matchings_says(weights: Mapping[Edge, float]) -> None:
    each = {one: math.exp(sum(weights[edge] for edge in one)) for one in matchings(sorted(weights))}
    found = certainties(weights)
    for edge in weights:
        expected = math.fsum(value for one, value in each.items() if edge in one) / math.fsum(each.values())
        assert found[edge] == pytest.approx(expected)


@settings(max_examples=60)
@given(WEIGHTS)
def test_in_a_large_group_nothing_is_surer_than_it_is(weights: Mapping[Edge, float]) -> None:
    exact = certainties(weights)
    odds = {edge: math.exp(value) for edge, value in weights.items()}
    for edge, value in _matching._against_rivals(odds).items():
        assert value <= exact[edge] + 1e-9


@given(WEIGHTS, st.permutations(range(5)))
def test_names_of_places_do_not_matter(weights: Mapping[Edge, float], order: list[int]) -> None:
    moved = {(order[a], b): value for (a, b), value in weights.items()}
    found = certainties(moved)
    assert all(found[order[a], b] == pytest.approx(value) for (a, b), value in certainties(weights).items())


def test_eight_hundred_columns() -> None:
    weights = {(a, (a * 7 + step) % 800): float(step % 5) for a in range(800) for step in range(16)}
    found = best_matching(weights)
    assert len(found) == 800
    assert sum(weights[edge] for edge in found.items()) == 800 * 4
    assert len(certainties(weights)) == len(weights)
