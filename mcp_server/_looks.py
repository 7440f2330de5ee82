"""Detection for many callers at once: nobody gets an older look than the one that began after they asked.

Calls that wait for the same look share it; and where nothing that it was made from has changed (the source's
structure, the files of the project, the snapshots here, the day), the last one is still right.
"""

from __future__ import annotations

import threading

from bravo_agent.errors import BravoError
from bravo_agent.usecases.cascade import Cascade, make_cascade
from bravo_agent.usecases.detect import source_catalog
from bravo_agent.usecases.examine import Examination, examine, ground_of
from bravo_agent.workspace import Workspace
from mcp_server._errors import tried


class Looks:
    """The looks of one server at one project and its source."""

    def __init__(self, source: str = "direct") -> None:
        self.source = source
        self._lock, self._cascading = threading.Lock(), threading.Lock()
        self._begun = 0
        self._seen: Examination | BravoError | None = None
        self._ground = ""
        self._cascade: tuple[Examination, Cascade] | None = None

    def look(self, workspace: Workspace) -> Examination:
        """What is changed and decided now; writes nothing. Raises what ``examine`` raises."""
        asked = self._begun
        with self._lock:
            if self._begun == asked or self._seen is None:
                self._begun += 1
                self._seen = tried(lambda: self._now(workspace))
            seen = self._seen
        if isinstance(seen, BravoError):
            raise seen
        return seen

    def cascade(self, workspace: Workspace) -> Cascade:
        """What all decided changes do to the code; made once for a look, however many pages are asked for."""
        seen = self.look(workspace)
        with self._cascading:
            if self._cascade is None or self._cascade[0] is not seen:
                self._cascade = (seen, make_cascade(workspace, seen.found))
            return self._cascade[1]

    def _now(self, workspace: Workspace) -> Examination:
        catalog = source_catalog(workspace, self.source)
        ground = ground_of(workspace, catalog)
        if isinstance(self._seen, Examination) and ground == self._ground:
            return self._seen
        found = examine(workspace, source=self.source, stale="ask", write_report=False, catalog=catalog)
        # What was written while we looked is seen by the next one.
        self._ground = ground
        return found
