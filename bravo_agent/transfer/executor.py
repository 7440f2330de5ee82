"""Chunks through any ``concurrent.futures.Executor``, with a bounded number under way; and work side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
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


@contextmanager
def side_by_side(workers: int) -> Iterator[Executor]:
    """Threads; when the body fails, what has not begun is not begun any more."""
    executor = ThreadPoolExecutor(workers, thread_name_prefix="beside")
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def ahead(source: Iterator[Result]) -> Iterator[Result]:
    """The items of ``source``, none of which is None; the next is made while the last is worked on."""
    with side_by_side(1) as behind:
        waiting = behind.submit(next, source, None)
        while (item := waiting.result()) is not None:
            waiting = behind.submit(next, source, None)
            yield item


def done(function: Callable[[], Result]) -> Future[Result]:
    """What the function gives, made here and now."""
    future: Future[Result] = Future()
    future.set_result(function())
    return future
