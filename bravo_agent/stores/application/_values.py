"""Constants of the source: bounds, aliases, the values of enums and literals. What is computed is not known."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from bravo_agent.model.entities import Shape
from bravo_agent.stores.application._modules import ClassFound, ExprFound, External, Sources
from bravo_agent.stores.application._parsing import Module
from bravo_agent.stores.application._shapes import UNKNOWN

_STRANGE_METHODS = frozenset(["__new__", "__init__", "_generate_next_value_"])


def is_none(node: ast.expr | None) -> bool:
    """Whether ``node`` is the constant None."""
    return isinstance(node, ast.Constant) and node.value is None


def constant(sources: Sources, node: ast.expr, module: Module, depth: int = 0) -> object:
    """The constant that ``node`` is, through names; None where it is not one."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = constant(sources, node.operand, module, depth + 1)
        return -inner if isinstance(inner, (int, float)) else None
    if depth > 30 or not isinstance(node, (ast.Name, ast.Attribute)):
        return None
    owner = sources.expression(module, node.value) if isinstance(node, ast.Attribute) else None
    if isinstance(node, ast.Attribute) and isinstance(owner, ClassFound):
        return _of_class(sources, owner, node.attr, depth)
    found = sources.expression(module, node)
    return constant(sources, found.node, found.module, depth + 1) if isinstance(found, ExprFound) else None


def _of_class(sources: Sources, owner: ClassFound, name: str, depth: int) -> object:
    """``Color.RED``, as a constant or as the member of an enum."""
    for statement in owner.node.body:
        for target, value in _assigned(statement):
            if target == name:
                return constant(sources, value, owner.module, depth + 1)
    return None


def enum_shape(sources: Sources, found: ClassFound, bases: frozenset[str], methods: frozenset[str]) -> Shape:
    """The values of an enum with the library's ``bases``; ``methods`` of it and its bases may change them."""
    if methods & _STRANGE_METHODS:
        return UNKNOWN
    values: dict[str, object] = {}
    for statement in found.node.body:
        for name, node in _assigned(statement):
            if not (name.startswith("__") or (name.startswith("_") and name.endswith("_"))):
                values[name] = _member(sources, found, name, node, bases, values)
    plain = [value for value in values.values() if isinstance(value, (str, int))]
    if not plain or len(plain) < len(values) or any(isinstance(value, bool) for value in plain):
        return UNKNOWN
    if "builtins.str" in bases or "enum.StrEnum" in bases:
        plain = [str(value) for value in plain]
    if all(isinstance(value, int) for value in plain):
        return Shape("int")
    return Shape("enum", labels=tuple(dict.fromkeys(str(value) for value in plain)))


def _member(
    sources: Sources,
    found: ClassFound,
    name: str,
    node: ast.expr,
    bases: frozenset[str],
    before: dict[str, object],
) -> object:
    if isinstance(node, ast.Name) and node.id in before:
        return before[node.id]
    if not isinstance(node, ast.Call):
        return constant(sources, node, found.module)
    called = sources.expression(found.module, node.func)
    if not isinstance(called, External) or called.name != "enum.auto":
        return None
    if "enum.StrEnum" in bases:
        return name.lower()
    counted = [value for value in before.values() if isinstance(value, int)]
    if len(counted) < len(before) or "enum.Flag" in bases or "enum.IntFlag" in bases:
        return 1 if not before else None
    return max(counted, default=0) + 1


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
    for target in targets:
        if value is not None and isinstance(target, ast.Name):
            yield target.id, value
        elif value is not None:
            yield ast.unparse(target), ast.Tuple([])  # unpacked: a member that is not known


def literal_shape(sources: Sources, nodes: list[ast.expr], module: Module) -> Shape:
    """The shape of ``Literal[...]``; literals in it that have a name of their own are taken in."""
    some: list[object] = []
    optional = False
    for node in _flat(sources, nodes, module):
        value = node if node is None else constant(sources, node[1], node[0])
        if node is not None and is_none(node[1]):
            optional = True
        else:
            some.append(value)
    if not some or any(value is None for value in some):
        return replace(UNKNOWN, optional=optional)
    if all(isinstance(value, bool) for value in some):
        return Shape("bool", optional=optional)
    if any(isinstance(value, bool) for value in some):
        return Shape("union", optional=optional)
    if all(isinstance(value, int) for value in some):
        return Shape("int", optional=optional)
    if all(isinstance(value, str) for value in some):
        labels = tuple(dict.fromkeys(str(value) for value in some))
        return Shape("enum", optional=optional, labels=labels)
    return Shape("union", optional=optional)


def _flat(
    sources: Sources, nodes: list[ast.expr], module: Module, depth: int = 0
) -> Iterator[tuple[Module, ast.expr] | None]:
    for node in nodes:
        found = sources.expression(module, node) if isinstance(node, (ast.Name, ast.Attribute)) else None
        home, inner = (found.module, found.node) if isinstance(found, ExprFound) else (module, node)
        if isinstance(inner, ast.Subscript) and depth < 30:
            origin = sources.expression(home, inner.value)
            if not isinstance(origin, External) or origin.short != "Literal":
                yield None
                continue
            elements = list(inner.slice.elts) if isinstance(inner.slice, ast.Tuple) else [inner.slice]
            yield from _flat(sources, elements, home, depth + 1)
        else:
            yield module, node
