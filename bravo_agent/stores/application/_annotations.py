"""What an annotation accepts, as a ``Shape``. What is not understood has kind ``unknown``, never a guess."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from bravo_agent.model.entities import Shape
from bravo_agent.stores.application._modules import ClassFound, ExprFound, External, Sources
from bravo_agent.stores.application._names import (
    CALLS,
    CONTAINERS,
    ENUM_BASES,
    MAPPINGS,
    MODEL_BASES,
    NEUTRAL_METADATA,
)
from bravo_agent.stores.application._parsing import Module
from bravo_agent.stores.application._shapes import UNKNOWN, bounded, external, merge

_CONSTRAINTS = {"max_length": "max_length", "max_digits": "max_digits", "decimal_places": "decimal_places"}
_DESCRIBING = frozenset(
    ["title", "description", "examples", "json_schema_extra", "repr", "deprecated", "strict", "allow_inf_nan"]
)
_DEPTH = 40

Scope = tuple[ast.ClassDef, ...]


@dataclass(frozen=True)
class Annotation:
    """``calls``: the ``Field(...)`` of an outer Annotated; ``plain``: the shape says all that is checked."""

    shape: Shape
    calls: tuple[tuple[Module, ast.Call], ...] = ()
    plain: bool = True
    class_var: bool = False


class Annotations:
    """Reads annotations of the modules of ``sources``."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def read(self, node: ast.expr, module: Module, scope: Scope = (), depth: int = 0) -> Annotation:
        """What ``node`` means at its place, ``text`` as written there."""
        if depth > _DEPTH:
            return Annotation(Shape("any"))
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self._forward(node.value, module, scope, depth)
        found = self._read(node, module, scope, depth + 1)
        return replace(found, shape=replace(found.shape, text=module.text(node)))

    def _forward(self, text: str, module: Module, scope: Scope, depth: int) -> Annotation:
        try:
            node = ast.parse(text.strip(), mode="eval").body
        except SyntaxError:
            return Annotation(replace(UNKNOWN, text=text))
        return self.read(node, replace(module, lines=[text.strip().encode()]), scope, depth + 1)

    def _read(self, node: ast.expr, module: Module, scope: Scope, depth: int) -> Annotation:
        match node:
            case ast.Constant(value=None):
                return Annotation(Shape("any", optional=True))
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self._union([left, right], module, scope, depth)
            case ast.Subscript():
                return self._subscript(node, module, scope, depth)
            case ast.Call():
                return self._call(node, module, scope, depth)
            case ast.Name() | ast.Attribute():
                return self._named(node, module, scope, depth)
        return Annotation(UNKNOWN)

    def _named(self, node: ast.expr, module: Module, scope: Scope, depth: int) -> Annotation:
        match self._sources.expression(module, node, scope):
            case External(name):
                class_var = name.rpartition(".")[2] == "ClassVar"
                return Annotation(external(name), plain=name not in CALLS, class_var=class_var)
            case ClassFound() as found:
                return Annotation(self.class_shape(found))
            case ExprFound(inside, value, _):
                return self.read(value, inside, (), depth)
        return Annotation(UNKNOWN)

    def class_shape(self, found: ClassFound) -> Shape:
        """The shape of a class of the application: enum, model, dataclass, typed dict."""
        bases = self.external_bases(found)
        if bases & ENUM_BASES:
            return self._enum(found, bases)
        if bases & MODEL_BASES:
            return Shape("model", model=found.qualname)
        if "typing.TypedDict" in bases or "typing_extensions.TypedDict" in bases:
            return Shape("dict", item=Shape("any"))
        names = {self.name_of(found.module, one) for one in found.node.decorator_list}
        if names & {"dataclasses.dataclass", "pydantic.dataclasses.dataclass"}:
            return Shape("model", model=found.qualname)
        return UNKNOWN

    def name_of(self, module: Module, node: ast.expr) -> str | None:
        """The dotted library name of ``node``, or of what it calls."""
        target = node.func if isinstance(node, ast.Call) else node
        found = self._sources.expression(module, target)
        return found.name if isinstance(found, External) else None

    def callee_is_unknown(self, module: Module, call: ast.Call) -> bool:
        """Whether ``call`` calls something that is neither a class of the application nor of a library."""
        return not isinstance(self._sources.expression(module, call.func), (ClassFound, External))

    def bases(self, found: ClassFound) -> list[ClassFound | External | None]:
        """The direct bases; None for one that is not known."""
        direct: list[ClassFound | External | None] = []
        for node in found.node.bases:
            target = node.value if isinstance(node, ast.Subscript) else node
            base = self._sources.expression(found.module, target)
            direct.append(base if isinstance(base, (ClassFound, External)) else None)
        return direct

    def external_bases(self, found: ClassFound, depth: int = 0) -> frozenset[str]:
        """Dotted names of all bases outside the application, at any distance."""
        names: set[str] = set()
        for base in self.bases(found) if depth < _DEPTH else ():
            if isinstance(base, External):
                names.add(base.name)
            elif base is not None:
                names |= self.external_bases(base, depth + 1)
        return frozenset(names)

    def _enum(self, found: ClassFound, bases: frozenset[str]) -> Shape:
        values = [self._member(found, statement, bases) for statement in _members(found.node)]
        if not values or any(value is None for value in values):
            return UNKNOWN
        if all(isinstance(value, int) for value in values):
            return Shape("int")
        return Shape("enum", labels=tuple(dict.fromkeys(str(value) for value in values)))

    def _member(self, found: ClassFound, statement: ast.Assign, bases: frozenset[str]) -> str | int | None:
        if isinstance(statement.value, ast.Call):
            automatic = self.name_of(found.module, statement.value) == "enum.auto"
            target = statement.targets[0]
            if automatic and isinstance(target, ast.Name):
                return target.id.lower() if "enum.StrEnum" in bases else 0
            return None
        value = self.constant(statement.value, found.module)
        return value if isinstance(value, (str, int)) and not isinstance(value, bool) else None

    def constant(self, node: ast.expr, module: Module) -> object:
        """The constant that ``node`` is, through names; None where it is not one."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self.constant(node.operand, module)
            return -inner if isinstance(inner, (int, float)) else None
        found = self._sources.expression(module, node)
        return self.constant(found.node, found.module) if isinstance(found, ExprFound) else None

    def _subscript(self, node: ast.Subscript, module: Module, scope: Scope, depth: int) -> Annotation:
        arguments = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        found = self._sources.expression(module, node.value, scope)
        if isinstance(found, ClassFound):
            return Annotation(self.class_shape(found))
        if not isinstance(found, External):
            return Annotation(UNKNOWN)
        short = found.name.rpartition(".")[2]
        if short == "Annotated":
            return self._annotated(arguments, module, scope, depth)
        if short in ("Optional", "Union"):
            found_union = self._union(arguments, module, scope, depth)
            optional = short == "Optional" or found_union.shape.optional
            return replace(found_union, shape=replace(found_union.shape, optional=optional))
        if short == "Literal":
            return Annotation(self._literal(arguments, module))
        if short in ("ClassVar", "InitVar"):
            return Annotation(UNKNOWN, class_var=True)
        if short in ("Final", "Required", "NotRequired", "ReadOnly", "SkipValidation", "FailFast"):
            return self.read(arguments[0], module, scope, depth)
        return Annotation(self._container(found.name, arguments, module, scope, depth))

    def _container(
        self, name: str, arguments: list[ast.expr], module: Module, scope: Scope, depth: int
    ) -> Shape:
        if name in MAPPINGS:
            return Shape("dict", item=self.read(arguments[-1], module, scope, depth).shape)
        if name not in CONTAINERS:
            return UNKNOWN
        items = [one for one in arguments if not (isinstance(one, ast.Constant) and one.value is Ellipsis)]
        if name.lower().endswith("tuple") and len(items) > 1:
            return Shape("list", item=self._union(items, module, scope, depth).shape)
        return Shape("list", item=self.read(items[0], module, scope, depth).shape if items else Shape("any"))

    def _union(self, nodes: list[ast.expr], module: Module, scope: Scope, depth: int) -> Annotation:
        members = [self.read(node, module, scope, depth) for node in nodes]
        plain = all(member.plain for member in members)
        optional = any(member.shape.optional for member in members)
        some = [m.shape for node, m in zip(nodes, members, strict=True) if not _is_none(node)]
        return Annotation(replace(merge(some), optional=optional), plain=plain)

    def _annotated(self, arguments: list[ast.expr], module: Module, scope: Scope, depth: int) -> Annotation:
        inner = self.read(arguments[0], module, scope, depth)
        shape, calls, plain = inner.shape, list(inner.calls), inner.plain
        for extra in arguments[1:]:
            name = self.name_of(module, extra) or ""
            short = name.rpartition(".")[2]
            if isinstance(extra, ast.Call) and short in ("Field", "StringConstraints", "MaxLen", "Len"):
                shape, all_said = self.constrain(shape, extra, module)
                plain = plain and all_said
                if short == "Field":
                    calls.append((module, extra))
            elif short not in NEUTRAL_METADATA:
                plain = False
        return Annotation(shape, tuple(calls), plain)

    def constrain(self, shape: Shape, call: ast.Call, module: Module) -> tuple[Shape, bool]:
        """``shape`` within the bounds of ``Field(...)``, and whether they are all that the call checks.

        A bound that is computed is not known: the kind becomes ``unknown``.
        """
        found: dict[str, int] = {}
        all_said = True
        for keyword in call.keywords:
            if keyword.arg in _CONSTRAINTS:
                value = self.constant(keyword.value, module)
                if isinstance(value, int):
                    found[keyword.arg] = value
                elif not _is_none(keyword.value):
                    return replace(shape, kind="unknown"), False
            elif keyword.arg not in _DESCRIBING:
                all_said = False
        return bounded(shape, found), all_said and not call.args

    def _call(self, node: ast.Call, module: Module, scope: Scope, depth: int) -> Annotation:
        found = self._sources.expression(module, node.func, scope)
        short = found.name.rpartition(".")[2] if isinstance(found, External) else ""
        if short in ("constr", "condecimal", "conint", "confloat", "conbytes", "condate"):
            shape, plain = self.constrain(Shape(CALLS[f"pydantic.{short}"]), node, module)
            return Annotation(shape, plain=plain)
        if short in ("conlist", "conset", "confrozenset") and node.args:
            item = self.read(node.args[0], module, scope, depth).shape
            shape, plain = self.constrain(Shape("list", item=item), node, module)
            return Annotation(shape, plain=plain)
        if short == "NewType" and len(node.args) == 2:
            return self.read(node.args[1], module, scope, depth)
        if short == "TypeAliasType" and len(node.args) >= 2:
            return self.read(node.args[1], module, scope, depth)
        return Annotation(UNKNOWN, plain=False)

    def _literal(self, nodes: list[ast.expr], module: Module) -> Shape:
        values = [self.constant(node, module) for node in nodes]
        optional = any(_is_none(node) for node in nodes)
        some = [value for node, value in zip(nodes, values, strict=True) if not _is_none(node)]
        if not some or any(value is None for value in some):
            return replace(UNKNOWN, optional=optional)
        if all(isinstance(value, bool) for value in some):
            return Shape("bool", optional=optional)
        if all(isinstance(value, int) for value in some):
            return Shape("int", optional=optional)
        if all(isinstance(value, str) for value in some):
            return Shape("enum", optional=optional, labels=tuple(str(value) for value in some))
        return Shape("union", optional=optional)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _members(node: ast.ClassDef) -> list[ast.Assign]:
    return [
        one
        for one in node.body
        if isinstance(one, ast.Assign)
        and isinstance(one.targets[0], ast.Name)
        and not one.targets[0].id.startswith("_")
    ]
