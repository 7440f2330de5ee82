"""Plain tables: columns under heads, no lines, the same with and without a terminal."""

from __future__ import annotations

from collections.abc import Sequence


def one_line(text: str) -> str:
    """``text`` without line breaks or anything else that is no print: a name must not fake a line of ours."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The rows under their heads, each column as wide as its widest cell."""
    lines = [tuple(one_line(cell) for cell in line) for line in (heads, *rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(heads))]
    text = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "\n".join(line.rstrip() for line in text)
