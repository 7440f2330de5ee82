# ruff: noqa: RUF012, SIM102, UP006, UP007, UP035, UP045
"""Source files of the application as trees, with columns in code points."""

from __future__ import annotations

import ast
import re
import tokenize
from typing import Any, Dict, Iterator, List, Optional, Union

Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]
_LINE_END = re.compile(r"\r\n|\r|\n")


class Unclear(Exception):
    """Nobody can tell which written value is meant; the text says why."""


class Leaf:
    """A written value, as it stands (``before``) and as it has to be now (``after``).

    In Python ``column`` and ``end`` are code points on ``line``; in a data file ``path`` leads to it.
    """

    def __init__(
        self, file: str, before: str, after: str, place: Optional[List[int]] = None, path: Any = None
    ) -> None:
        self.told = {"file": file, "before": before, "after": after, "place": place, "path": path}


class Source:
    """One file; raises ``Unclear`` where it cannot be read."""

    _known: Dict[str, Source] = {}

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            with tokenize.open(path) as file:
                self.text = file.read()
            self.tree = ast.parse(self.text)
        except (OSError, SyntaxError, ValueError):
            raise Unclear("its source cannot be read") from None
        self._lines = _LINE_END.split(self.text)

    @classmethod
    def of(cls, path: str) -> Source:
        """As read before."""
        if path not in cls._known:
            cls._known[path] = cls(path)
        return cls._known[path]

    def column(self, line: int, offset: int) -> int:
        """From bytes, as ast has it."""
        return len(self._lines[line - 1].encode()[:offset].decode("utf-8", "replace"))

    def leaf(self, node: ast.expr, after: str) -> Leaf:
        """``node`` is to be written as ``after``."""
        if node.end_lineno != node.lineno:
            raise Unclear("the value is written over several lines")
        start = self.column(node.lineno, node.col_offset)
        end = self.column(node.lineno, node.end_col_offset or 0)
        before = self._lines[node.lineno - 1][start:end]
        return Leaf(self.path, before, after, [node.lineno, start, end])

    def written(self, node: ast.expr) -> str:
        """The text of ``node`` on one line; raises ``Unclear``."""
        told = self.leaf(node, "").told["before"]
        assert isinstance(told, str)
        return told

    def asserted(self, line: int) -> ast.Assert:
        """The assertion around ``line``."""
        found = [one for one in ast.walk(self.tree) if isinstance(one, ast.Assert) and _around(one, line)]
        if not found:
            raise Unclear("what fails is no assertion of its own")
        return max(found, key=lambda one: one.lineno)

    def function(self, line: int) -> Optional[Function]:
        """The innermost function around ``line``."""
        found = [
            one
            for one in ast.walk(self.tree)
            if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) and _around(one, line)
        ]
        return max(found, key=lambda one: one.lineno) if found else None

    def defined_at(self, line: int) -> Optional[Function]:
        """The function whose first line, decorators counted, is ``line``."""
        for one in ast.walk(self.tree):
            if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if min([one.lineno, *(mark.lineno for mark in one.decorator_list)]) == line:
                    return one
        return None

    def call(self, line: int, name: str) -> ast.Call:
        """The only call of a method ``name`` around ``line``."""
        found = [
            one
            for one in ast.walk(self.tree)
            if isinstance(one, ast.Call)
            and isinstance(one.func, ast.Attribute)
            and one.func.attr == name
            and _around(one, line)
        ]
        if len(found) != 1:
            raise Unclear("it is not clear which comparison fails")
        return found[0]


def bindings(scope: ast.Module | Function, name: str) -> List[ast.AST]:
    """All statements of ``scope`` that bind ``name``, those of functions and classes inside of it left out."""
    return [one for one in inside(scope) if name in _bound(one)]


def read_elsewhere(scope: ast.AST, name: str, asserted: bool = False) -> bool:
    """Whether ``name`` is read for anything else than to be compared in an assertion."""
    for child in ast.iter_child_nodes(scope):
        if (
            isinstance(child, ast.Name)
            and child.id == name
            and isinstance(child.ctx, ast.Load)
            and not asserted
        ):
            return True
        inner = (asserted and not _passes_on(child)) or _asserts(child)
        if read_elsewhere(child, name, inner):
            return True
    return False


def _asserts(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "").startswith("assert"):
        return True
    return isinstance(node, ast.Assert)


def _passes_on(node: ast.AST) -> bool:
    """Whether what is inside goes into a function; classes and what only looks at a value do not count."""
    if not isinstance(node, ast.Call) or _asserts(node):
        return False
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    return not (
        name[:1].isupper() or name in ("approx", "len", "sorted", "set", "list", "dict", "tuple", "str")
    )


def inside(scope: ast.AST) -> Iterator[ast.AST]:
    """All nodes of ``scope`` but those of functions and classes inside of it."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield from inside(child)


def _bound(node: ast.AST) -> List[str]:
    if isinstance(node, ast.Assign):
        return [name for target in node.targets for name in _names(target)]
    if isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor, ast.NamedExpr)):
        return _names(node.target)
    if isinstance(node, ast.withitem) and node.optional_vars is not None:
        return _names(node.optional_vars)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(one.asname or one.name).partition(".")[0] for one in node.names]
    return []


def _names(target: ast.AST) -> List[str]:
    return [one.id for one in ast.walk(target) if isinstance(one, ast.Name)]


def _around(node: Any, line: int) -> bool:
    return bool(node.lineno <= line <= (node.end_lineno or node.lineno))
