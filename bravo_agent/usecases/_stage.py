"""Stages of a verb, announced and timed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from bravo_agent.events import Emit, StageFinished, StageStarted


class Stage:
    """A stage under way; whoever works in it may say how many ``rows`` went through."""

    def __init__(self) -> None:
        self.rows = 0
        self.seconds = 0.0


@contextmanager
def stage(name: str, emit: Emit, total: int | None = None) -> Iterator[Stage]:
    """Emits the start, and the end with its seconds unless the stage failed."""
    emit(StageStarted(name, total))
    found, started = Stage(), time.monotonic()
    yield found
    found.seconds = time.monotonic() - started
    emit(StageFinished(name, found.seconds, found.rows))
