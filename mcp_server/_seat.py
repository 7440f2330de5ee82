"""A place at which a call works; left while the call waits for another one, so that a third can have it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from anyio import CancelScope, CapacityLimiter, from_thread

MOST_THREADS = 250
"""Whoever waits beyond them keeps its place: then the others wait too."""


@dataclass(eq=False)
class Seat:
    """One call's; ``seats`` is None where it takes none."""

    seats: CapacityLimiter | None = None
    taken: bool = False

    async def take(self) -> None:
        """Waits for one that is free."""
        if self.seats is not None and not self.taken:
            await self.seats.acquire_on_behalf_of(self)
            self.taken = True

    def leave(self) -> None:
        """Twice is once."""
        if self.seats is not None and self.taken:
            self.taken = False
            self.seats.release_on_behalf_of(self)

    @contextmanager
    def left(self) -> Iterator[None]:
        """For the call's thread, while it waits. Whoever is stopped meanwhile needs no seat any more."""
        if not self.taken or threading.active_count() > MOST_THREADS:
            yield
            return
        from_thread.run_sync(self.leave)
        yield
        from_thread.run(self._take_back)

    async def _take_back(self) -> None:
        # Where the call was given up before, anyio would wait here for a cancellation that is not sent any more.
        with CancelScope(shield=True):
            await self.take()
