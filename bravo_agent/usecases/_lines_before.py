"""Where a line of an edited text stood before the edit: places are told as those of the files that people have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import SequenceMatcher

from bravo_agent.model.plan import ManualWork


def line_before(before: str, after: str, line: int) -> int:
    """The line of ``before`` that became ``line`` of ``after``; of a new one, the line that it stands behind."""
    if before == after:
        return line
    old, new = before.splitlines(), after.splitlines()
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if j1 < line <= j2:
            at = i1 + line - 1 - j1
            return at + 1 if tag == "equal" else max(1, min(at + 1, i2))
    return min(line, max(1, len(old)))


def as_before(one: ManualWork, texts: Mapping[str, tuple[str, str]]) -> ManualWork:
    """``one`` with the line that it had; ``texts``: file -> text before and after."""
    if one.file not in texts:
        return one
    return replace(one, line=line_before(*texts[one.file], one.line))
