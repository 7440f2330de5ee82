"""Declared types: what an annotation means, as far as the flow of names asks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from codemods._strings.graph import Class, Node, Op
from codemods._strings.program import Program
from codemods._strings.scopes import Scope

_LISTS = frozenset([
    "list", "List", "set", "Set", "frozenset", "FrozenSet", "Sequence", "MutableSequence", "Iterable", "Iterator",
    "Collection", "Generator", "AsyncIterator", "AsyncIterable", "AsyncGenerator", "deque", "Deque", "AbstractSet",
    "Reversible", "KeysView", "ValuesView",
])  # fmt: skip
_DICTS = frozenset([
    "dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict", "ItemsView",
])  # fmt: skip
_FIRST = frozenset(
    ["Optional", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly", "SkipValidation"]
)
_LAST = frozenset(["Awaitable", "Coroutine"])
_DEEPEST = 12


@dataclass(frozen=True)
class Shape:
    """``kind``: class, type (a class itself), list, dict, tuple, foreign (``name``) or any."""

    kind: str
    of: Class | None = None
    items: tuple[tuple[Shape, ...], ...] = ()
    name: str = ""


ANY = Shape("any")
Shapes = tuple[Shape, ...]


class Annotations:
    """Reads annotations, each once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._read: dict[int, Shapes] = {}
        self._kept: list[ast.expr] = []

    def of(self, annotation: ast.expr, scope: Scope) -> Shapes:
        """All that a value of this annotation may be, None left out."""
        found = self._read.get(id(annotation))
        if found is None:
            found = self._read[id(annotation)] = tuple(dict.fromkeys(self._shapes(annotation, scope, 0)))
            self._kept.append(annotation)  # so that its id stays its own
        return found

    def _shapes(self, node: ast.expr, scope: Scope, depth: int) -> Iterator[Shape]:
        if depth > _DEEPEST:
            yield ANY
            return
        match node:
            case ast.Constant(value=None):
                return
            case ast.Constant(value=str(text)):
                try:
                    yield from self._shapes(ast.parse(text, mode="eval").body, scope, depth + 1)
                except SyntaxError:
                    yield ANY
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                yield from self._shapes(left, scope, depth + 1)
                yield from self._shapes(right, scope, depth + 1)
            case ast.Name() | ast.Attribute():
                yield from self._named(node, scope, depth)
            case ast.Subscript(value=head, slice=inner):
                yield from self._generic(head, inner, scope, depth)
            case _:
                yield ANY

    def _generic(self, head: ast.expr, inner: ast.expr, scope: Scope, depth: int) -> Iterator[Shape]:
        parts = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
        name = _last(head)

        def each(part: ast.expr) -> Shapes:
            return tuple(self._shapes(part, scope, depth + 1))

        if name == "Union":
            for part in parts:
                yield from each(part)
        elif name in _FIRST:
            yield from each(parts[0])
        elif name in _LAST:
            yield from each(parts[-1])
        elif name in _LISTS:
            yield Shape("list", items=(each(parts[0]),))
        elif name in _DICTS:
            yield Shape("dict", items=(each(parts[-1]),))
        elif name in ("tuple", "Tuple"):
            if len(parts) == 2 and isinstance(parts[1], ast.Constant) and parts[1].value is Ellipsis:
                yield Shape("list", items=(each(parts[0]),))
            else:
                yield Shape("tuple", items=tuple(each(part) for part in parts))
        elif name in ("type", "Type"):
            yield from (Shape("type", one.of) if one.kind == "class" else ANY for one in each(parts[0]))
        else:
            yield from self._named(head, scope, depth)

    def _named(self, node: ast.expr, scope: Scope, depth: int) -> Iterator[Shape]:
        name = _last(node)
        if name in _LISTS:
            yield Shape("list", items=((ANY,),))
        elif name in _DICTS:
            yield Shape("dict", items=((ANY,),))
        elif name in ("Any", "object", "type", "tuple", "Self"):
            yield ANY
        else:
            yield from self._defined(node, scope, depth)

    def _defined(self, node: ast.expr, scope: Scope, depth: int) -> Iterator[Shape]:
        if isinstance(node, ast.Attribute):
            file = self._module(node.value, scope)
            facts = self._program.facts(file) if file else None
            if facts is None:
                yield Shape("foreign", name=ast.unparse(node))
            else:
                yield from self._of_module(facts.file, node.attr, depth)
            return
        assert isinstance(node, ast.Name)
        found = scope.read(node.id)
        yield from self._of_node(found, depth) if found is not None else (Shape("foreign", name=node.id),)

    def _of_node(self, node: Node, depth: int) -> Iterator[Shape]:
        seen: set[int] = set()
        waiting = [node]
        while waiting:
            at = waiting.pop()
            if id(at) in seen:
                continue
            seen.add(id(at))
            if at.kind == "class":
                yield Shape("class", at.fact)
            elif at.kind == "import":
                yield from self._imported(at, depth)
            elif at.kind == "global" and self._alias(at) is not None:
                yield from self._of_module(at.file, at.fact, depth)
            else:
                before = [other for op, _, other in at.edges if op is Op.FROM]
                waiting += before
                if not before:
                    yield ANY

    def _alias(self, node: Node) -> ast.expr | None:
        facts = self._program.facts(node.file)
        return facts.aliases.get(node.fact) if facts is not None else None

    def _imported(self, node: Node, depth: int) -> Iterator[Shape]:
        module, name = node.fact
        file = self._program.module(module, node.file) if name is not None else None
        if file is None:
            yield Shape("foreign", name=f"{module}.{name}" if name else module)
        else:
            yield from self._of_module(file, name, depth)

    def _of_module(self, file: str, name: str, depth: int) -> Iterator[Shape]:
        facts = self._program.facts(file)
        if facts is None or depth > _DEEPEST:
            yield ANY
        elif name in facts.aliases:
            yield from self._shapes(facts.aliases[name], facts.module, depth + 1)
        elif name in facts.module.bound:
            yield from self._of_node(facts.module.whatever(name), depth + 1)
        else:
            yield ANY

    def _module(self, node: ast.expr, scope: Scope) -> str | None:
        """The file of a module that is called by its name."""
        found = scope.read(node.id) if isinstance(node, ast.Name) else None
        while found is not None and found.kind != "import":
            found = next((other for op, _, other in found.edges if op is Op.FROM), None)
        if found is None:
            return None
        module, name = found.fact
        return imported_module(self._program, found.file, module, name)


def imported_module(program: Program, file: str, module: str, name: str | None) -> str | None:
    """The file of ``from module import name`` where that is a module, or of ``import module``."""
    if name is None:
        return program.module(module, file)
    home = program.module(module, file)
    if home is not None:
        return program.submodule(home, name)
    separator = "" if module.endswith(".") else "."
    return program.module(f"{module}{separator}{name}", file)


def _last(node: ast.expr) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""
