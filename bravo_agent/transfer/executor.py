"""Chunks through any ``concurrent.futures.Executor``, with a bounded number under way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


def run_bounded(
    executor: Executor, function: Callable[[Job], Result], jobs: Iterable[Job], *, in_flight: int
) -> Iterator[Result]:
    """Results as they come. The first failure stops new work, waits for what is under way, and is raised."""
    waiting: set[Future[Result]] = set()
    source = iter(jobs)
    try:
        for job in source:
            waiting.add(executor.submit(function, job))
            if len(waiting) >= in_flight:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        for future in waiting:
            future.cancel()
        wait(waiting)
