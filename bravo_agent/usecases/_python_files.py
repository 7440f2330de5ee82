"""The application's Python files by the words that they hold, read once for all edits of a cascade."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from bravo_agent.stores.application.discovery import python_files
from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class PythonFiles:
    """Of the project's sources, as they are on disk when they are first asked for."""

    workspace: Workspace

    def holding(self, word: str, changed: Collection[str]) -> Iterator[str]:
        """Files that hold ``word``; all of ``changed``, which are read elsewhere."""
        wanted = word.encode()
        return (file for file, text in self._texts if file in changed or wanted in text)

    @cached_property
    def _texts(self) -> tuple[tuple[str, bytes], ...]:
        section, project = self.workspace.config.project, self.workspace.project.resolve()
        return tuple(
            (path.relative_to(project).as_posix(), path.read_bytes())
            for source in section.sources
            for path in python_files(project / source, project, section.exclude)
        )
