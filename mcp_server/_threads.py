"""Work in a thread: it lasts until the thread has ended, and giving up on it sets the work's stop flag."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
import anyio.lowlevel
import anyio.to_thread
from anyio import CapacityLimiter

from bravo_agent.errors import BravoError
from mcp_server._errors import tried
from mcp_server._seat import Seat
from mcp_server._works import Work

T = TypeVar("T")


async def in_thread(
    do: Callable[[], T],
    work: Work,
    threads: CapacityLimiter | None,
    beside: Callable[[], Awaitable[None]] = anyio.sleep_forever,
) -> T | BravoError:
    """What ``do`` gave, or its failure; ``beside`` goes on meanwhile, and ends with it.

    ``threads``: how many calls work at once; not counted are those whose thread waits for another call (``Seat``).
    """
    work.seat = seat = Seat(threads)

    async def watch() -> None:
        try:
            await beside()
        finally:
            if not work.ended:
                work.stop.set()

    async with anyio.create_task_group() as group:
        group.start_soon(watch)
        try:
            await seat.take()
            # Shielded by anyio: the call waits for its thread even when nobody waits for the call any more.
            # Who has a seat needs no leave for a thread; who takes none is bounded by anyio's own limit.
            leave = CapacityLimiter(1) if threads else None
            found = await anyio.to_thread.run_sync(tried, do, limiter=leave)
        finally:
            seat.leave()
        group.cancel_scope.cancel()
    # A client that gave up gets no answer, not even that it was cancelled.
    await anyio.lowlevel.checkpoint_if_cancelled()
    return found
