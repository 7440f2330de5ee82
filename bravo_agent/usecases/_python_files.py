"""The application's Python files by the words that they hold, read once for all edits of a cascade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from bravo_agent.stores.application.discovery import python_files
from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class PythonFiles:
    """Of the project's sources, as they are on disk when they are first asked for."""

    workspace: Workspace

    def holding(self, word: str, overlay: Mapping[str, str]) -> Iterator[str]:
        """Files that hold ``word``; ``overlay`` (file -> text) goes before the disk."""
        wanted = word.encode()
        for file, text in self._texts:
            if word in overlay[file] if file in overlay else wanted in text:
                yield file

    @cached_property
    def _texts(self) -> tuple[tuple[str, bytes], ...]:
        section, project = self.workspace.config.project, self.workspace.project.resolve()
        return tuple(
            (path.relative_to(project).as_posix(), path.read_bytes())
            for source in section.sources
            for path in python_files(project / source, project, section.exclude)
        )
