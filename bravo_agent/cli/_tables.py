"""Plain tables: columns under heads, no lines, the same with and without a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bravo_agent.characters import seen
from bravo_agent.model.plan import Patch


def one_line(text: str) -> str:
    """``text`` without line breaks or anything else that is no print: a name must not fake a line of ours."""
    return "".join(c if c.isprintable() and seen(c) else ascii(c)[1:-1] for c in text)


def lines_text(lines: Iterable[str]) -> str:
    """The lines one under the other; each stays one line, whatever names it holds."""
    return "\n".join(one_line(line) for line in lines)


def recomputed_lines(patch: Patch) -> list[str]:
    """Expected values that are proposals, each with the tests that ask for it."""
    return [
        f"recomputed, to be reviewed: {one.file}:{one.line}: {one.before} -> {one.after} ({', '.join(one.tests)})"
        for one in patch.recomputed
    ]


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The rows under their heads, each column as wide as its widest cell."""
    lines = [tuple(one_line(cell) for cell in line) for line in (heads, *rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(heads))]
    text = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "\n".join(line.rstrip() for line in text)
