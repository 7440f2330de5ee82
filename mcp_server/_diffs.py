"""A diff cut into parts that fit a page: by file, and long ones by lines."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from mcp_server._results import Foreign, Shown

_PART = 6_000
_LINE = 1_000
_GIT = "diff --git "


class DiffPart(Shown):
    """Some lines of one file's diff."""

    file: Foreign = Field(description="Relative to the project.")
    text: str = Field(description="The lines.")


def diff_parts(diff: str) -> tuple[DiffPart, ...]:
    """The whole diff in order; the parts one under the other are it again, but for what is cut of very long lines."""
    return tuple(part for text in _files(diff) for part in _cut(text))


def _files(diff: str) -> Iterator[list[str]]:
    lines = diff.splitlines()
    own: list[str] = []
    for number, line in enumerate(lines):
        if own and _begins(lines, number) and not own[-1].startswith(_GIT):
            yield own
            own = []
        own.append(line[:_LINE])
    if own:
        yield own


def _begins(lines: list[str], number: int) -> bool:
    """Whether a file's part begins here: a removed line may look like a head, but has none under it."""
    if lines[number].startswith(_GIT):
        return True
    below = lines[number + 1] if number + 1 < len(lines) else ""
    return lines[number].startswith(("--- a/", "--- /dev/null")) and below.startswith("+++ ")


def _cut(lines: list[str]) -> Iterator[DiffPart]:
    name = next((line[6:] for line in lines if line.startswith("+++ b/")), "")
    name = name or next((line[6:] for line in lines if line.startswith("--- a/")), "")
    own: list[str] = []
    size = 0
    for line in lines:
        if own and size + len(line) > _PART:
            yield DiffPart(file=name, text="\n".join(own))
            own, size = [], 0
        own.append(line)
        size += len(line) + 1
    if own:
        yield DiffPart(file=name, text="\n".join(own))
