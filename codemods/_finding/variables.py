"""Where environment variables are named: in any file, those too that nobody edits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from codemods._finding.files import lines_with, read_repository, text_of

Variable = tuple[str, int, str]
"""A file, a line, and the variable that stands there."""


def find_variables(
    project: Path,
    sources: Sequence[str],
    exclude: Sequence[str],
    names: Collection[str],
    listed: Collection[str] | None = None,
) -> tuple[Variable, ...]:
    """Every line that holds one of ``names`` as a word."""
    if not names:
        return ()
    files = read_repository(project, sources, exclude, names, listed=listed)
    held = {*files.hits, *files.data, *files.documents, *(one.file for one, _ in files.unread)}
    return tuple(
        (file, line, name)
        for file in sorted(held)
        for name, lines in sorted(lines_with(text_of(project, file)[0], names).items())
        for line in lines
    )
