"""The tree of a Python text and where its nodes stand; a tree may grow by a line without the text being read anew.

Reading a file of some thousand lines takes a second, and a thousand new columns of one model are a thousand edits of
one file. So a line that goes into a class body, and is a whole statement by itself, is read alone and put into the
tree. What comes out is the tree that reading the whole text gives (tests/edits/test_edits_grown.py).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import cast

import libcst as cst
from libcst.metadata import CodePosition, CodeRange, MetadataWrapper, PositionProvider

from codemods._values import LeftAlone

_KEPT = 4
"""Trees kept at least: what one edit leaves is what the next one starts from."""
_KEPT_TEXT = 200_000
"""Characters of the texts whose trees are kept besides; a tree takes some 250 times its text."""
_MOST = 256
"""Lines that a tree may grow by: then the text is read as a whole again, and held against it."""
_BITS = 16

_Ends = tuple[int, int, int, int]
"""Line and column of a node's start and of its end; a line that was read is its number with ``_BITS`` zeros, and one
that came behind it counts on from there, so that no number changes when lines are put in above."""


@dataclass(frozen=True)
class _Read:
    """The module as it was read. Where its nodes stand takes longer than to read it, and is not always asked."""

    module: cst.Module

    @cached_property
    def places(self) -> Mapping[cst.CSTNode, CodeRange]:
        return _places(self.module)


@dataclass(frozen=True)
class Tree:
    """``module``, which nobody changes. ``read`` are the places as they were read, ``own`` those of what came later.

    ``lines`` are the lines that it has grown by, in order; ``last`` is the statement that the last of them holds.
    ``known`` is what somebody has worked out of a class and would have to work out again for the grown one.
    """

    module: cst.Module
    read: _Read
    own: dict[cst.CSTNode, _Ends] = field(default_factory=dict)
    lines: tuple[int, ...] = ()
    last: cst.SimpleStatementLine | None = None
    known: dict[cst.ClassDef, frozenset[str]] = field(default_factory=dict)

    def range(self, node: cst.CSTNode) -> CodeRange:
        """Lines from 1, columns in code points; ``KeyError`` for white space that came later."""
        if not self.lines:
            return self.read.places[node]
        start, first, end, last = self._ends(node)
        return CodeRange(CodePosition(self._line(start), first), CodePosition(self._line(end), last))

    def with_line(
        self, classes: Sequence[cst.ClassDef], at: int, name: str, line: str, indent: str
    ) -> Tree | None:
        """With ``line``, the declaration of ``name``, below another statement of the last of ``classes``.

        ``classes`` are the class and those around it, the outermost first, none of them in anything else; ``at`` is
        the place among its statements. None where the line is not one that can be read by itself.
        """
        block = classes[-1].body
        statement = _declaration(self.module, name, line)
        if statement is None or len(self.lines) >= _MOST or not isinstance(block, cst.IndentedBlock):
            return None
        above = self._ends(block.body[at - 1])[2]
        if above + 1 in self.lines:
            return None  # something else stands there that came later
        for node, place in _places(statement).items():
            if place.end.line == 1:
                ends = (
                    above + 1,
                    place.start.column + len(indent),
                    above + 1,
                    place.end.column + len(indent),
                )
                self.own[node] = ends
        lines = list(self.lines)
        insort(lines, above + 1)
        body = [*block.body[:at], statement, *block.body[at:]]
        module = self._around(classes, body, name)
        return Tree(module, self.read, self.own, tuple(lines), statement, self.known)

    def _around(
        self, classes: Sequence[cst.ClassDef], body: Sequence[cst.BaseStatement], name: str
    ) -> cst.Module:
        """The module with another body of the last of ``classes``; what is made anew gets its place."""
        names = self.known.get(classes[-1])
        for place in range(len(classes) - 1, -1, -1):
            old = classes[place]
            block = old.body.with_changes(body=body)
            new = old.with_changes(body=block)
            start, first, _, _ = self._ends(old)
            inner, column, _, _ = self._ends(old.body)
            end, last = self._ends(body[-1])[2:]
            self.own[block], self.own[new] = (inner, column, end, last), (start, first, end, last)
            around: Sequence[cst.CSTNode] = classes[place - 1].body.body if place else self.module.body
            body = [new if one is old else cast(cst.BaseStatement, one) for one in around]
            if old is classes[-1] and names is not None:
                self.known[new] = names | {name}
            elif old in self.known:
                self.known[new] = self.known[old]
        module = self.module.with_changes(body=body)
        self.own[module] = self._ends(self.module)
        return module

    def _ends(self, node: cst.CSTNode) -> _Ends:
        if node in self.own:
            return self.own[node]
        found = self.read.places[node]
        return found.start.line << _BITS, found.start.column, found.end.line << _BITS, found.end.column

    def _line(self, number: int) -> int:
        return (number >> _BITS) + bisect_right(self.lines, number)


def tree_of(text: str) -> Tree:
    """The tree of ``text``; raises ``LeftAlone`` where there is none."""
    found = _TREES.get(text)
    return found if found is not None else keep_tree(text, read_tree(text))


def keep_tree(text: str, tree: Tree) -> Tree:
    """``tree``, which the next one who asks for that of ``text`` gets."""
    _TREES.put(text, tree)
    return tree


def read_tree(text: str) -> Tree:
    """The tree of ``text``, read as a whole; raises ``LeftAlone``."""
    try:
        module = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise LeftAlone("the file does not parse", error.raw_line) from None
    if module.code != text:
        raise LeftAlone("the file's line ends are too odd to be edited safely")
    return Tree(module, _Read(module))


def parses(text: str) -> bool:
    """Whether it is Python, as a whole: what was put together from lines is read once before anybody gets it."""
    try:
        cst.parse_module(text.removeprefix("\ufeff"))
    except cst.ParserSyntaxError:
        return False
    return True


def forget_trees() -> None:
    """What is asked for next is read."""
    _TREES.clear()


def _places(node: cst.Module | cst.SimpleStatementLine) -> Mapping[cst.CSTNode, CodeRange]:
    module = node if isinstance(node, cst.Module) else cst.Module([node])
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    # Not wrapper.resolve(): that walks the whole tree once more, for providers that nobody asked for.
    found: Mapping[cst.CSTNode, CodeRange] = PositionProvider()._gen(wrapper)  # type: ignore[assignment]
    return found


def _declaration(module: cst.Module, name: str, line: str) -> cst.SimpleStatementLine | None:
    """``line`` as the declaration of ``name``; None where it is not that and nothing else."""
    try:
        found = cst.parse_statement(line, module.config_for_parsing)
    except cst.ParserSyntaxError:
        return None
    if not isinstance(found, cst.SimpleStatementLine) or found.leading_lines or len(found.body) != 1:
        return None
    one = found.body[0]
    target = one.target if isinstance(one, cst.AnnAssign) else None
    own = isinstance(target, cst.Name) and target.value == name
    return found if own and module.code_for_node(found) == line else None


class _Trees:
    """Those that were asked for last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Tree] = OrderedDict()
        self._lock = Lock()

    def get(self, text: str) -> Tree | None:
        with self._lock:
            if text in self._kept:
                self._kept.move_to_end(text)
            return self._kept.get(text)

    def put(self, text: str, tree: Tree) -> None:
        with self._lock:
            self._kept[text] = tree
            self._kept.move_to_end(text)
            while len(self._kept) > _KEPT and sum(map(len, self._kept)) > _KEPT_TEXT:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()


_TREES = _Trees()
