"""Lines of the application that hold a word, whatever it means there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bravo_agent.model.change import Use
from codemods._uses import role_of_file, source_files


def find_mentions(
    project: Path, sources: Sequence[str], exclude: Sequence[str], word: str
) -> tuple[Use, ...]:
    """Every line of a Python file with ``word`` as a whole word, comments and texts included."""
    whole = re.compile(rf"\b{re.escape(word)}\b")
    found: list[Use] = []
    for path in source_files(project, sources, exclude):
        if path.suffix != ".py":
            continue
        file = path.relative_to(project).as_posix()
        text = path.read_bytes().decode("utf-8-sig", "replace")
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
            if whole.search(line):
                found.append(Use(file, number, role_of_file(file) or "other", "name", line.strip()[:200]))
    return tuple(sorted(found, key=lambda use: (use.file, use.line)))
