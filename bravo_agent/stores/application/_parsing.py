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
    """One parsed file: ``bindings`` are its top-level names, ``stars`` the modules of its star imports with
    their lines: of a name that a star brings as well, the later line counts (``bound_at``).

    ``twice`` are names that are bound differently in two places, ``typing_only`` those that no run ever binds.
    """

    name: str
    file: str
    tree: ast.Module
    lines: list[bytes]
    bindings: dict[str, Bound] = field(default_factory=dict)
    stars: list[tuple[str, int]] = field(default_factory=list)
    bound_at: dict[str, int] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)
    typing_only: set[str] = field(default_factory=set)

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


def bind(module: Module, body: list[ast.stmt], package: str, *, branch: bool = False) -> None:
    """Adds the names that ``body`` binds; in another ``branch`` of a condition an earlier binding stays.

    What is bound differently in two places is in ``module.twice``: only a run tells which of them counts.
    What a type checker alone sees is bound last, where nothing else binds the name.
    """
    unreal = _bind(module, body, package, branch)
    for statement in unreal:
        for name, bound in _bound_by(statement, package):
            if name == "*" and isinstance(bound, Imported):
                module.stars.insert(0, (bound.module, 0))
            elif name not in module.bindings:
                module.bindings[name] = bound
                module.typing_only.add(name)


def _bind(module: Module, body: list[ast.stmt], package: str, branch: bool) -> list[ast.stmt]:
    """Binds what is run, and gives back what only a type checker sees."""
    unreal: list[ast.stmt] = []
    for statement in body:
        for name, bound in _bound_by(statement, package):
            if name == "*" and isinstance(bound, Imported):
                module.stars.append((bound.module, statement.lineno))
            else:
                _add(module, name, bound, branch, statement.lineno)
        seen = typing_block(statement)
        for part, other in blocks(statement):
            if part is seen:
                unreal += part
            else:
                unreal += _bind(module, part, package, branch or (other and seen is None))
    return unreal


def blocks(statement: ast.stmt) -> Iterator[tuple[list[ast.stmt], bool]]:
    """The blocks of a compound statement that are run with it, and whether each is another branch than the first."""
    if isinstance(statement, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
        yield statement.body, False
    if isinstance(statement, (ast.If, ast.Try, ast.For, ast.While)):
        yield statement.orelse, isinstance(statement, ast.If)
    if isinstance(statement, ast.Try):
        for handler in statement.handlers:
            yield handler.body, True
        yield statement.finalbody, False


def typing_block(statement: ast.stmt) -> list[ast.stmt] | None:
    """The block of ``if TYPE_CHECKING`` that is never run; None where the statement is another."""
    if not isinstance(statement, ast.If):
        return None
    test, block = statement.test, statement.body
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, block = test.operand, statement.orelse
    name = test.id if isinstance(test, ast.Name) else test.attr if isinstance(test, ast.Attribute) else ""
    return block if name == "TYPE_CHECKING" else None


def _add(module: Module, name: str, bound: Bound, branch: bool, line: int) -> None:
    before = module.bindings.get(name)
    if before is not None and not _alike(before, bound):
        module.twice.add(name)
    if before is None or not branch:
        module.bindings[name] = bound
        module.bound_at[name] = line


def _alike(before: Bound, bound: Bound) -> bool:
    """Whether it does not matter which of two bindings counts: a library's name from its old home or its new."""
    if isinstance(before, Imported):
        nothing = isinstance(bound, ast.Constant) and bound.value is None
        return nothing or (isinstance(bound, Imported) and before.name == bound.name)
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    if isinstance(before, functions) and isinstance(bound, functions):
        return True
    return isinstance(bound, ast.AST) and ast.dump(before) == ast.dump(bound)


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
        case ast.AugAssign(target=ast.Name(id=name), value=value):
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
