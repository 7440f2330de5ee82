"""One writer at a time for a project's files."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bravo_agent.errors import FailedError


@contextmanager
def only_writer(private: Path, *, wait: bool = False) -> Iterator[None]:
    """Holds the project whose private folder this is; raises ``project-busy`` when another process has it.

    ``wait``: for what takes a moment; then it is waited for.

    The lock is the operating system's: it ends with the process, however that ends. Its file stays.
    """
    private.mkdir(parents=True, exist_ok=True)
    with (private / "writing.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FailedError(
                "project-busy",
                "another bravo-agent is editing this project",
                hint="Wait until it is done, then try again.",
                where=str(private.parent),
                retryable=True,
            ) from None
        yield
