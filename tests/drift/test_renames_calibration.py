"""On random histories: a wrong pair is practically never one question. docs/renames.md has the long run."""

from __future__ import annotations

import pytest

from benchmarks.rename_histories import CHOSEN_WITH, HELD_OUT
from benchmarks.renames import WAYS, histories, measure


@pytest.mark.parametrize("way", ["restored", "written anew"])
@pytest.mark.parametrize("calm", [False, True])
def test_a_pair_of_strangers_is_no_question(way: str, calm: bool) -> None:
    found = measure(histories(HELD_OUT, WAYS[way], 300, calm=calm))
    assert found.lost > 1000
    assert found.wrong <= 2
    assert found.wrong <= found.lost / 1000


def test_by_identity_all_is_found_and_nothing_wrong() -> None:
    found = measure(histories(CHOSEN_WITH, WAYS["same database"], 300, calm=False))
    assert (found.merged, found.wrong) == (found.renamed, 0)


def test_by_order_most_is_found_and_what_is_not_is_told() -> None:
    found = measure(histories(HELD_OUT, WAYS["restored"], 300, calm=False))
    assert found.merged - found.wrong > found.renamed * 0.8
    assert found.told > found.renamed * 0.98


def test_without_order_what_is_not_found_is_told() -> None:
    found = measure(histories(HELD_OUT, WAYS["written anew"], 300, calm=False))
    assert found.merged - found.wrong > found.renamed * 0.25
    assert found.told > found.renamed * 0.9
    sure = [(pairs, true) for low, (pairs, true) in found.by_score.items() if low >= 0.9]
    assert sum(true for _, true in sure) >= 0.99 * sum(pairs for pairs, _ in sure)
