"""Detection for many callers at once: nobody gets an older look than the one that began after they asked.

Calls that wait for the same look share it; and where nothing that it was made from has changed (the source's
structure, the files of the project, the snapshots here, the day), the last one is still right. A look that its own
caller stopped is nobody's: one of those that waited for it begins anew.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bravo_agent.errors import BravoError, StoppedError
from bravo_agent.events import Emit, Noted, PartReached
from bravo_agent.usecases.cascade import Cascade, make_cascade
from bravo_agent.usecases.detect import source_catalog
from bravo_agent.usecases.examine import Examination, examine, ground_of
from bravo_agent.workspace import Workspace
from mcp_server._errors import tried
from mcp_server._works import Work

_BEAT = 0.25


class Looks:
    """The looks of one server at one project and its source."""

    def __init__(self, source: str = "direct") -> None:
        self.source = source
        self._lock, self._cascading = threading.Lock(), threading.Lock()
        self._begun = 0
        self._seen: Examination | BravoError | None = None
        self._stopped = False
        self._ground = ""
        self._cascades: dict[bool, tuple[Examination, Cascade]] = {}

    def look(self, workspace: Workspace, work: Work) -> Examination:
        """What is changed and decided now; writes nothing. Raises what ``examine`` raises."""
        asked = self._begun
        with _held(self._lock, work):
            if self._begun == asked or self._stopped or self._seen is None:
                self._begun += 1
                found = tried(lambda: self._now(workspace, work.emit))
                # What was seen before stays, in case nothing has changed; whoever waited looks for themselves.
                self._stopped = isinstance(found, StoppedError)
                if isinstance(found, StoppedError):
                    raise found
                self._seen = found
            seen = self._seen
        if isinstance(seen, BravoError):
            raise seen
        return seen

    def cascade(self, workspace: Workspace, work: Work, *, check: bool = True) -> Cascade:
        """What all decided changes do to the code; made once for a look, however many pages are asked for.

        ``check``: with the project's own type checkers.
        """
        seen = self.look(workspace, work)
        with _held(self._cascading, work):
            made = self._cascades.get(check)
            if made is None or made[0] is not seen:
                made = seen, make_cascade(workspace, seen.found, check=check, emit=work.emit)
                self._cascades[check] = made
            return made[1]

    def _now(self, workspace: Workspace, emit: Emit) -> Examination:
        emit(PartReached("source"))
        catalog = source_catalog(workspace, self.source)
        ground = ground_of(workspace, catalog)
        if isinstance(self._seen, Examination) and ground == self._ground:
            return self._seen
        found = examine(
            workspace, source=self.source, stale="ask", write_report=False, catalog=catalog, emit=emit
        )
        # What was written while we looked is seen by the next one.
        self._ground = ground
        return found


@contextmanager
def _held(lock: threading.Lock, work: Work) -> Iterator[None]:
    """Waits for the lock without a seat, and can be stopped meanwhile."""
    held = lock.acquire(blocking=False)
    try:
        if not held:
            with work.seat.left():
                while not (held := lock.acquire(timeout=_BEAT)):
                    work.emit(Noted("info", "waits for another call"))
            if work.stop.is_set():  # what nobody waits for is not begun
                raise StoppedError
        yield
    finally:
        if held:
            lock.release()
