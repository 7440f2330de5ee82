"""A text as a tree, and where its nodes stand."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

import libcst as cst
from libcst._nodes.internal import CodegenState
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from codemods._finding.lines import line_starts
from codemods._finding.values import Spot

_Places = dict[int, tuple[int, int]]
"""Begin and end of each node, by its ``id``: to hash a node itself is slow."""


def parsed(text: str) -> tuple[cst.Module, Positions] | str:
    """The tree of ``text``, or why there is none that can be trusted."""
    try:
        module = cst.parse_module(text)
    except (cst.ParserSyntaxError, RecursionError):
        return "it does not parse"
    return module, Positions(text, module)


class Positions:
    """Where nodes stand, as places in the text and as (line, column): lines from 1, columns in code points."""

    def __init__(self, text: str, module: cst.Module) -> None:
        self._text = text
        self._starts = line_starts(text)
        self._module = module  # so that the ids stay its nodes' own
        self._places = _counted(text, module) or self._computed(module)

    def _computed(self, module: cst.Module) -> _Places:
        """By libcst, line by line: where not every sign is in the tree, what is on other lines still holds."""
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        # Not wrapper.resolve(): that walks the whole tree once more, for providers that nobody asked for.
        found = PositionProvider()._gen(wrapper)
        return {id(node): self._place(one) for node, one in found.items() if isinstance(one, CodeRange)}

    def _place(self, one: CodeRange) -> tuple[int, int]:
        last = len(self._starts) - 1
        begin = self._starts[min(one.start.line - 1, last)] + one.start.column
        return begin, self._starts[min(one.end.line - 1, last)] + one.end.column

    def start(self, node: cst.CSTNode) -> int:
        """Where ``node`` begins in the text."""
        return self._places[id(node)][0]

    def end(self, node: cst.CSTNode) -> int:
        """Where ``node`` ends in the text."""
        return self._places[id(node)][1]

    def spot(self, node: cst.CSTNode) -> Spot:
        """Line and column of the beginning."""
        return self.at(self.start(node))

    def last_spot(self, node: cst.CSTNode) -> Spot:
        """Line and column of the last sign."""
        line, column = self.at(self.end(node))
        return line, max(column - 1, 0)

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


def walk_tree(module: cst.Module, visitor: cst.CSTVisitor) -> None:
    """Calls what ``visitor`` has for each node, as ``module.visit`` does, which makes a copy of the tree besides."""
    kinds: dict[type, _Kind | None] = {}

    def go(node: Any) -> None:
        kind = type(node)
        if kind not in kinds:
            kinds[kind] = _kind(kind, visitor)
        known = kinds[kind]
        if known is None:
            return
        enter, leave, inner = known
        if enter is not None:
            enter(node)
        for each in node if inner is None else [getattr(node, name) for name in inner]:
            go(each)
        if leave is not None:
            leave(node)

    go(module)


_Visit = Callable[[Any], object]
_Kind = tuple[_Visit | None, _Visit | None, tuple[str, ...] | None]
"""What to call before and behind, and where the inner nodes are (None: in the thing itself)."""


def _kind(kind: type, visitor: cst.CSTVisitor) -> _Kind | None:
    if kind in (tuple, list):
        return None, None, None
    if not issubclass(kind, cst.CSTNode):
        return None
    inner = tuple(one.name for one in dataclasses.fields(kind) if one.type not in (str, "str"))
    enter = getattr(visitor, f"visit_{kind.__name__}", None)
    leave = getattr(visitor, f"leave_{kind.__name__}", None)
    return (enter, leave, inner) if inner or enter or leave else None


def _counted(text: str, module: cst.Module) -> _Places | None:
    """By counting signs while the tree is written out; None where what is written is not ``text``."""
    state = _Counting(module.default_indent, module.default_newline)
    module._codegen(state)
    return state.places if "".join(state.tokens) == text else None


class _Counting(CodegenState):
    """Notes where each node begins and ends, without the whitespace around where a node says so."""

    def __init__(self, indent: str, newline: str) -> None:
        super().__init__(indent, newline)
        self.at = 0
        self.places: _Places = {}
        self._open: list[int] = []

    def add_indent_tokens(self) -> None:
        """The indentation of a line."""
        for token in self.indent_tokens:
            self.add_token(token)

    def add_token(self, value: str) -> None:
        """A stretch of text."""
        self.tokens.append(value)
        self.at += len(value)

    def before_codegen(self, node: cst.CSTNode) -> None:
        """At the beginning, whitespace included."""
        self._open.append(self.at)

    def after_codegen(self, node: cst.CSTNode) -> None:
        """At the end; what the node itself has said holds."""
        begin = self._open.pop()
        self.places.setdefault(id(node), (begin, self.at))

    def record_syntactic_position(self, node: cst.CSTNode, **hoisted: cst.CSTNode | None) -> _Recording:  # type: ignore[override]
        """What belongs to ``node`` is what is written meanwhile."""
        return _Recording(self, node, **hoisted)


class _Recording:
    def __init__(
        self,
        state: _Counting,
        node: cst.CSTNode,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> None:
        self._state = state
        self._node = node
        self._start_node = start_node
        self._end_node = end_node

    def __enter__(self) -> None:
        self._begin = self._state.at

    def __exit__(self, *_: object) -> None:
        places = self._state.places
        begin = self._begin if self._start_node is None else places[id(self._start_node)][0]
        end = self._state.at if self._end_node is None else places[id(self._end_node)][1]
        places[id(self._node)] = begin, end
