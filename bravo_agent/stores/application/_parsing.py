"""One file of the application as a syntax tree, and the names that its top level binds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bravo_agent.model.entities import Place

# PEP 695 is a syntax error to the parser of Python 3.11: rewritten in place, every line and column kept.
_TYPE_STATEMENT = re.compile(
    r"^([ \t]*)type([ \t]+)([^\W\d]\w*)([ \t]*)((?:\[[^\]\n]*\])?)([ \t]*=)", re.MULTILINE
)
_TYPE_PARAMETERS = re.compile(r"^([ \t]*(?:class|def|async def)[ \t]+\w+)(\[[^\]\n]*\])", re.MULTILINE)


@dataclass(frozen=True)
class Imported:
    """``from module import name``, or ``import module`` where ``name`` is None."""

    module: str
    name: str | None


Bound = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.expr | Imported


@dataclass
class Module:
    """One parsed file: ``bindings`` are its top-level names, ``stars`` the modules of its star imports."""

    name: str
    file: str
    tree: ast.Module
    lines: list[bytes]
    bindings: dict[str, Bound] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)

    def text(self, node: ast.expr) -> str:
        """The source of ``node``, white space collapsed."""
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        lines = self.lines[first : last + 1]
        if not lines:
            return ast.unparse(node)
        lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        return " ".join(b" ".join(lines).decode("utf-8", "replace").split())

    def place(self, node: ast.stmt) -> Place:
        """Where ``node`` stands."""
        return Place(self.file, node.lineno)


def parse(text: str) -> ast.Module:
    """The tree of ``text``; PEP 695 syntax is read as its older spelling. Raises ``SyntaxError``."""
    try:
        return ast.parse(text)
    except SyntaxError:
        older = _TYPE_STATEMENT.sub(_assignment, text)
        older = _TYPE_PARAMETERS.sub(lambda found: found[1] + " " * len(found[2]), older)
        if older == text:
            raise
        return ast.parse(older)


def _assignment(found: re.Match[str]) -> str:
    left = found[1] + found[3]
    return left + " " * (len(found[0]) - len(left) - 1) + "="


def bind(module: Module, body: list[ast.stmt], package: str, *, again: bool = True) -> None:
    """Adds the names that ``body`` binds; without ``again`` an earlier binding stays (else branches)."""
    for statement in body:
        for name, bound in _bound_by(statement, package):
            if name == "*" and isinstance(bound, Imported):
                module.stars.append(bound.module)
            elif again or name not in module.bindings:
                module.bindings[name] = bound
        if isinstance(statement, (ast.If, ast.Try, ast.With)):
            bind(module, statement.body, package, again=again)
        if isinstance(statement, (ast.If, ast.Try)):
            bind(module, statement.orelse, package, again=False)
        if isinstance(statement, ast.Try):
            for handler in statement.handlers:
                bind(module, handler.body, package, again=False)


def _bound_by(statement: ast.stmt, package: str) -> Iterator[tuple[str, Bound]]:
    match statement:
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            yield statement.name, statement
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target.id, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.ImportFrom():
            origin = _origin(statement, package)
            for alias in statement.names:
                yield alias.asname or alias.name, Imported(origin, alias.name)
        case ast.Import():
            for alias in statement.names:
                if alias.asname:
                    yield alias.asname, Imported(alias.name, None)
                else:
                    top = alias.name.partition(".")[0]
                    yield top, Imported(top, None)
        case _:
            # ``type X = ...`` where the running Python knows it
            if type(statement).__name__ == "TypeAlias":
                yield statement.name.id, statement.value  # type: ignore[attr-defined]


def _origin(statement: ast.ImportFrom, package: str) -> str:
    if not statement.level:
        return statement.module or ""
    parts = package.split(".") if package else []
    base = parts[: len(parts) - statement.level + 1]
    return ".".join([*base, *([statement.module] if statement.module else [])])
