"""What stands around a place of a Python file: its nodes, from the innermost outwards."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator

import libcst as cst

from codemods._source import Source

Chain = tuple[cst.CSTNode, ...]
"""The innermost node first; the module last."""


def around(source: Source, offsets: Collection[int]) -> dict[int, Chain]:
    """For each offset the nodes that hold it; of a name or a text that one is the first."""
    finder = _Around(source, sorted(offsets))
    source.module.visit(finder)
    return finder.found


class _Around(cst.CSTVisitor):
    """Goes down only where an offset is; ``found`` is overwritten by ever deeper nodes."""

    def __init__(self, source: Source, offsets: list[int]) -> None:
        self.found: dict[int, Chain] = {}
        self._source = source
        self._offsets = offsets
        self._stack: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        self._stack.append(node)
        if isinstance(node, cst.Module):
            return True
        try:
            start, end = self._source.start(node), self._source.end(node)
        except KeyError:
            return True  # white space and the like have no place of their own
        decorated = isinstance(node, (cst.FunctionDef, cst.ClassDef))
        inside = list(self._inside(start, end))
        for offset in inside:
            self.found[offset] = tuple(reversed(self._stack))
        # Decorators and leading lines stand before what a definition says is its place.
        return bool(inside) or decorated or isinstance(node, cst.BaseCompoundStatement)

    def on_leave(self, original_node: cst.CSTNode) -> None:
        self._stack.pop()

    def _inside(self, start: int, end: int) -> Iterator[int]:
        at = bisect_left(self._offsets, start)
        while at < len(self._offsets) and self._offsets[at] < end:
            yield self._offsets[at]
            at += 1


def nearest(chain: Chain, *kinds: type[cst.CSTNode]) -> cst.CSTNode | None:
    """The innermost node of one of the kinds."""
    return next((one for one in chain if isinstance(one, kinds)), None)


def plain_text(node: cst.CSTNode | None) -> str | None:
    """What a text literal says; None where it is none, or one with bytes or in pieces."""
    if not isinstance(node, cst.SimpleString):
        return None
    value = node.evaluated_value
    return value if isinstance(value, str) else None


def last_name(node: cst.BaseExpression) -> str:
    """``c`` of ``a.b.c`` or ``c``; nothing of other expressions."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""
