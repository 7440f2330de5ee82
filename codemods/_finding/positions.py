"""A text as a tree, and where its nodes stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from codemods._finding.lines import line_starts
from codemods._finding.values import Spot


def parsed(text: str) -> tuple[cst.Module, Positions] | str:
    """The tree of ``text``, or why there is none that can be trusted."""
    try:
        module = cst.parse_module(text)
    except (cst.ParserSyntaxError, RecursionError):
        return "it does not parse"
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    # Not wrapper.resolve(): that walks the whole tree once more, for providers that nobody asked for.
    return wrapper.module, Positions(text, PositionProvider()._gen(wrapper))


class Positions:
    """Where nodes stand, as places in the text and as (line, column)."""

    def __init__(self, text: str, ranges: Mapping[cst.CSTNode, object]) -> None:
        self._text = text
        self._ranges = ranges
        self._starts = line_starts(text)

    def range(self, node: cst.CSTNode) -> CodeRange:
        """Lines from 1, columns in code points."""
        found = self._ranges[node]
        assert isinstance(found, CodeRange)
        return found

    def start(self, node: cst.CSTNode) -> int:
        """Where ``node`` begins in the text."""
        place = self.range(node).start
        return self._starts[place.line - 1] + place.column

    def end(self, node: cst.CSTNode) -> int:
        """Where ``node`` ends in the text."""
        place = self.range(node).end
        return self._starts[place.line - 1] + place.column

    def spot(self, node: cst.CSTNode) -> Spot:
        """Line and column of the beginning."""
        place = self.range(node).start
        return place.line, place.column

    def last_spot(self, node: cst.CSTNode) -> Spot:
        """Line and column of the last sign."""
        place = self.range(node).end
        return place.line, max(place.column - 1, 0)

    def at(self, place: int) -> Spot:
        """Line and column of a place in the text."""
        line = bisect_right(self._starts, place)
        return line, place - self._starts[line - 1]

    def line(self, number: int) -> str:
        """A line, with its end."""
        end = self._starts[number] if number < len(self._starts) else len(self._text)
        return self._text[self._starts[number - 1] : end]


def spot_of(positions: Positions, node: cst.BaseExpression | None) -> Spot | None:
    """Where a checker is asked for the type of an expression; None where it tells nothing of such a one."""
    if isinstance(node, cst.Await):
        return spot_of(positions, node.expression)
    if isinstance(node, cst.Call):
        return spot_of(positions, node.func)  # a class, or a function that says what it returns
    if isinstance(node, cst.Attribute):
        return positions.spot(node.attr)
    if isinstance(node, cst.Name):
        return positions.spot(node)
    return positions.last_spot(node) if isinstance(node, cst.Subscript) else None
