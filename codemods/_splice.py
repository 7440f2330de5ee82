"""Edits of a text by ranges: everything outside the ranges stays, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Splice:
    """``text`` in place of ``[start, end)``, in code points; an insertion has start == end."""

    start: int
    end: int
    text: str


def splice(text: str, splices: Iterable[Splice]) -> str:
    """``text`` with ``splices``; insertions at one place keep their order. ``ValueError`` on overlap."""
    parts: list[str] = []
    reached = 0
    for one in sorted(splices, key=lambda found: (found.start, found.end)):
        if one.start < reached or one.end < one.start or one.end > len(text):
            raise ValueError(f"edits overlap at {one.start}")
        parts += [text[reached : one.start], one.text]
        reached = one.end
    return "".join([*parts, text[reached:]])
