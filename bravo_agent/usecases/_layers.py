"""Edits one after the other in memory, each over the texts that the one before left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bravo_agent.model.plan import Edit, ManualWork, Patch
from bravo_agent.stores.application import read_text
from bravo_agent.usecases._lines_before import line_before
from bravo_agent.workspace import Workspace


class Layers:
    """The application's files; ``base`` (file -> text) are edits that others made before and go before the disk."""

    def __init__(self, workspace: Workspace, base: Mapping[str, str] | None = None) -> None:
        self._workspace = workspace
        self._base = dict(base or {})
        self._before: dict[str, str | None] = {}
        self._now: dict[str, str] = {}

    def read(self, file: str) -> str | None:
        """The text now; None where there is none in UTF-8."""
        if file in self._now:
            return self._now[file]
        if file in self._base:
            return self._base[file]
        try:
            return read_text(self._workspace.project / file)
        except (UnicodeDecodeError, OSError):
            return None

    def write(self, file: str, text: str) -> None:
        """A new text."""
        if file not in self._before:
            self._before[file] = self.read(file)
        self._now[file] = text

    def apply(self, edits: Iterable[Edit]) -> None:
        """The texts after the edits."""
        for edit in edits:
            self.write(edit.file, edit.after)

    def line(self, file: str, line: int) -> int:
        """Where a line of the text now stood before anything was edited."""
        before = self._before.get(file)
        return line if before is None else line_before(before, self._now[file], line)

    @property
    def overlay(self) -> dict[str, str]:
        """What goes before the disk now."""
        return {**self._base, **self._now}

    def patch(self, manual: Iterable[ManualWork] = ()) -> Patch:
        """What differs from the base, with manual work beside it."""
        edits = [
            Edit(file, self._before[file], text)
            for file, text in sorted(self._now.items())
            if text != self._before[file]
        ]
        return Patch(tuple(edits), tuple(sorted(set(manual), key=lambda one: (one.file, one.line, one.why))))
