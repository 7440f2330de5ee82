"""A Python file as text and tree at once: libcst finds the places, the text is what gets edited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import libcst as cst
from libcst.metadata import CodeRange

from codemods._tree import tree_of
from codemods._values import LeftAlone

BOM = "\ufeff"
# As libcst counts lines; str.splitlines would cut at form feeds and more.
_LINE_END = re.compile(r"\r\n|\r|\n")


class Source:
    """``text`` without its byte order mark; raises ``LeftAlone`` where it does not parse."""

    def __init__(self, text: str) -> None:
        self.bom = BOM if text.startswith(BOM) else ""
        self.text = text[len(self.bom) :]
        self.tree = tree_of(self.text)
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(self.text))]

    @property
    def module(self) -> cst.Module:
        """The tree, which nobody changes."""
        return self.tree.module

    def range(self, node: cst.CSTNode) -> CodeRange:
        """Lines from 1, columns in code points."""
        return self.tree.range(node)

    def line(self, node: cst.CSTNode) -> int:
        """The first line of ``node``."""
        return self.range(node).start.line

    def start(self, node: cst.CSTNode) -> int:
        """Where ``node`` begins in the text."""
        place = self.range(node).start
        return self._starts[place.line - 1] + place.column

    def end(self, node: cst.CSTNode) -> int:
        """Where ``node`` ends in the text."""
        place = self.range(node).end
        return self._starts[place.line - 1] + place.column

    def line_start(self, node: cst.CSTNode, above: int = 0) -> int:
        """Where the first line of ``node`` begins, or the line that many lines ``above`` it."""
        return self._starts[self.line(node) - 1 - above]

    def after_line(self, node: cst.CSTNode) -> int:
        """Where the line after the last one of ``node`` begins: its trailing comment is behind us then."""
        number = self.range(node).end.line
        return self._starts[number] if number < len(self._starts) else len(self.text)

    def indent(self, node: cst.CSTNode) -> str:
        """The white space before ``node`` on its line."""
        return self.text[self.line_start(node) : self.start(node)]

    @cached_property
    def newline(self) -> str:
        """The line end that most lines have."""
        windows = self.text.count("\r\n")
        return "\r\n" if windows * 2 > self.text.count("\n") else "\n"

    def code(self, node: cst.CSTNode) -> str:
        """``node`` as written."""
        return self.text[self.start(node) : self.end(node)]

    def bound_in(self, model: cst.ClassDef) -> frozenset[str]:
        """The names that the body of the class binds."""
        known = self.tree.known
        if model not in known:
            known[model] = frozenset(name for one in statements(model.body) for name in bound_names(one))
        return known[model]

    def classes(self, qualname: str) -> list[cst.ClassDef]:
        """All definitions of the class, through ``if`` and ``try`` too."""
        found: list[cst.ClassDef] = []
        bodies: list[cst.BaseSuite | cst.Module] = [self.module]
        for name in qualname.split("."):
            found = [
                one
                for body in bodies
                for one in statements(body)
                if isinstance(one, cst.ClassDef) and one.name.value == name
            ]
            bodies = [one.body for one in found]
        return found


def statements(
    body: cst.BaseSuite | cst.Module,
) -> Iterator[cst.BaseSmallStatement | cst.BaseCompoundStatement]:
    """Statements of ``body``, those in ``if``, ``try`` and ``with`` too, those of classes and defs not."""
    for one in body.body:
        if isinstance(one, cst.SimpleStatementLine):
            yield from one.body
        elif isinstance(one, cst.BaseCompoundStatement):
            yield one
            if isinstance(one, (cst.If, cst.Else, cst.Try, cst.With)):
                yield from _inner(one)
        elif isinstance(one, cst.BaseSmallStatement):
            yield one


def _inner(
    one: cst.If | cst.Else | cst.Try | cst.With,
) -> Iterator[cst.BaseSmallStatement | cst.BaseCompoundStatement]:
    yield from statements(one.body)
    if isinstance(one, (cst.If, cst.Try)) and isinstance(one.orelse, (cst.If, cst.Else)):
        yield from _inner(one.orelse)
    if isinstance(one, cst.Try):
        for handler in one.handlers:
            yield from statements(handler.body)


def names_bound_in(text: str) -> frozenset[str]:
    """Every name that a module of this text binds; none where it does not parse."""
    try:
        source = Source(text)
    except LeftAlone:
        return frozenset()
    return frozenset(name for one in statements(source.module) for name in bound_names(one))


def bound_names(one: cst.BaseSmallStatement | cst.BaseCompoundStatement) -> Iterator[str]:
    """The names that a statement binds; imports bind what they import."""
    if isinstance(one, (cst.ClassDef, cst.FunctionDef)):
        yield one.name.value
    elif isinstance(one, cst.Assign):
        yield from (target.target.value for target in one.targets if isinstance(target.target, cst.Name))
    elif isinstance(one, cst.AnnAssign) and isinstance(one.target, cst.Name):
        yield one.target.value
    elif isinstance(one, cst.TypeAlias):
        yield one.name.value
    elif isinstance(one, (cst.Import, cst.ImportFrom)) and not isinstance(one.names, cst.ImportStar):
        for alias in one.names:
            yield alias.evaluated_alias or alias.evaluated_name.partition(".")[0]
