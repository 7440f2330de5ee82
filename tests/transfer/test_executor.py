"""Chunks through an executor: all results, a bounded number under way, the first failure raised."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bravo_agent.transfer.executor import run_bounded


def test_every_result_comes_once() -> None:
    with ThreadPoolExecutor(3) as executor:
        assert sorted(run_bounded(executor, lambda n: n * n, range(50), in_flight=4)) == [
            n * n for n in range(50)
        ]


def test_no_more_than_the_bound_are_under_way() -> None:
    lock, now, most = threading.Lock(), 0, 0

    def work(number: int) -> int:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        with lock:
            now -= 1
        return number

    with ThreadPoolExecutor(8) as executor:
        list(run_bounded(executor, work, range(100), in_flight=3))
    assert most <= 3


def test_the_first_failure_is_raised_and_stops_new_work() -> None:
    done: list[int] = []

    def work(number: int) -> None:
        if number == 5:
            raise ValueError("five")
        done.append(number)

    with ThreadPoolExecutor(1) as executor, pytest.raises(ValueError, match="five"):
        list(run_bounded(executor, work, range(1000), in_flight=2))
    assert len(done) < 20
