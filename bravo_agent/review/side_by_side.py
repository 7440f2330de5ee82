"""A unified diff as rows with both sides beside one another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from bravo_agent.review.page import DiffFile, DiffRow

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(.*)")
MOST_ROWS = 400


def side_by_side(diff: str, most: int = MOST_ROWS) -> tuple[DiffFile, ...]:
    """The files of ``diff`` (as ``git apply`` takes it), each with at most ``most`` rows."""
    reader = _Reader(diff.split("\n"))
    return tuple(_cut(one, most) for one in reader.files())


def _cut(found: DiffFile, most: int) -> DiffFile:
    cut = max(0, len(found.rows) - most)
    return DiffFile(found.file, found.rows[:most], found.new, cut)


@dataclass
class _Reader:
    """Goes through the lines once. How long a hunk is its head says: a line of code may look like a head."""

    lines: list[str]
    at: int = 0
    rows: list[DiffRow] = field(default_factory=list)

    def files(self) -> Iterator[DiffFile]:
        name, new = "", False
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.startswith("diff --git "):
                if name:
                    yield DiffFile(name, tuple(self.rows), new)
                name, new, self.rows = "", False, []
            new = new or line.startswith("new file mode")
            if line.startswith("+++ "):
                name = _name(line.removeprefix("+++ "))
            self.at += 1
            if hunk := _HUNK.fullmatch(line):
                self._hunk(hunk)
        if name:
            yield DiffFile(name, tuple(self.rows), new)

    def _hunk(self, head: re.Match[str]) -> None:
        old, olds, new, news = (int(head[index] or 1) for index in range(1, 5))
        if self.rows or old > 1:
            self.rows.append(DiffRow("gap", gap=f"line {new}{head[5]}"))
        removed: list[tuple[int, str]] = []
        added: list[tuple[int, str]] = []
        last_old, last_new = old + olds, new + news
        while self.at < len(self.lines) and (
            old < last_old or new < last_new or self._ends_without_newline()
        ):
            sign, text = self.lines[self.at][:1], self.lines[self.at][1:]
            self.at += 1
            if sign == "-":
                removed.append((old, text))
                old += 1
            elif sign == "+":
                added.append((new, text))
                new += 1
            elif sign != "\\":
                self._flush(removed, added)
                self.rows.append(DiffRow("same", (old, text), (new, text)))
                old, new = old + 1, new + 1
        self._flush(removed, added)

    def _ends_without_newline(self) -> bool:
        return self.lines[self.at].startswith("\\ ")

    def _flush(self, removed: list[tuple[int, str]], added: list[tuple[int, str]]) -> None:
        for before, after in zip_longest(removed, added):
            both = before is not None and after is not None
            kind = "changed" if both else "removed" if before is not None else "added"
            self.rows.append(DiffRow(kind, before, after))  # type: ignore[arg-type]
        removed.clear()
        added.clear()


def _name(text: str) -> str:
    """Without git's prefix, quotes and tab."""
    plain = text.rstrip("\t")
    if plain.startswith('"'):
        plain = plain[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return plain.removeprefix("b/")
