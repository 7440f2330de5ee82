"""A written value that is to be written anew."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NewValue:
    """``before`` and ``after`` are source texts, of JSON in a data file.

    ``place`` is (line from 1, column from 0, end) in a Python file; ``path`` leads to the value in a data file.
    """

    before: str
    after: str
    place: tuple[int, int, int] | None = None
    path: tuple[str | int, ...] = ()
