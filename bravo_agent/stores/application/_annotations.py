"""What an annotation accepts, as a ``Shape``. What is not understood has kind ``unknown``, never a guess."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bravo_agent.model.entities import Shape
from bravo_agent.stores.application._kinds import Kinds
from bravo_agent.stores.application._modules import ClassFound, ExprFound, External
from bravo_agent.stores.application._names import (
    CALLS,
    CONTAINERS,
    MAPPINGS,
    NEUTRAL_METADATA,
)
from bravo_agent.stores.application._parsing import Module
from bravo_agent.stores.application._shapes import UNKNOWN, bounded, external, merge
from bravo_agent.stores.application._values import is_none, literal_shape

_CONSTRAINTS = {"max_length": "max_length", "max_digits": "max_digits", "decimal_places": "decimal_places"}
# Which positional argument is the greatest length.
_POSITIONS = {"MaxLen": 0, "Len": 1}
_DESCRIBING = frozenset(
    ["title", "description", "examples", "json_schema_extra", "repr", "deprecated", "strict", "allow_inf_nan"]
)
_SCHEMA_HOOKS = frozenset(["__get_pydantic_core_schema__", "__prepare_pydantic_annotations__", "__iter__"])
_DEPTH = 40

Key = tuple[str, str]


@dataclass(frozen=True)
class Scope:
    """Where an annotation stands: inside ``classes``, with shapes ``given`` for type variables.

    ``reading`` are the aliases that are being read: one that meets itself is recursive.
    """

    classes: tuple[ast.ClassDef, ...] = ()
    given: Mapping[Key, Shape] = field(default_factory=dict)
    reading: frozenset[Key] = frozenset()


@dataclass(frozen=True)
class Annotation:
    """``calls``: the ``Field(...)`` of an outer Annotated; ``plain``: the shape says all that is checked."""

    shape: Shape
    calls: tuple[tuple[Module, ast.Call], ...] = ()
    plain: bool = True
    class_var: bool = False
    final: bool = False


class Annotations(Kinds):
    """Reads annotations of the modules of ``sources``."""

    def read(self, node: ast.expr, module: Module, scope: Scope = Scope(), depth: int = 0) -> Annotation:
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
        match self._sources.expression(module, node, scope.classes):
            case External() as found:
                return Annotation(
                    external(found.name),
                    plain=found.name not in CALLS,
                    class_var=found.short == "ClassVar",
                    final=found.short == "Final",
                )
            case ClassFound() as found:
                return Annotation(self.class_shape(found))
            case ExprFound() as found:
                return self._alias(found, scope, depth)
        return Annotation(UNKNOWN)

    def _alias(self, found: ExprFound, scope: Scope, depth: int) -> Annotation:
        key = (found.module.name, found.name)
        if key in scope.given:
            return Annotation(scope.given[key])
        if key in scope.reading:
            return Annotation(Shape("any"))
        inside = Scope((), scope.given, scope.reading | {key})
        if isinstance(found.node, ast.Call) and self._is_variable(found):
            return Annotation(self._variable(found.node, found.module, inside, depth))
        return self.read(found.node, found.module, inside, depth)

    def _variable(self, call: ast.Call, module: Module, scope: Scope, depth: int) -> Shape:
        """A type variable that nothing is given for: its default, else its constraints, else its bound."""
        named = {keyword.arg: keyword.value for keyword in call.keywords}
        if "default" in named:
            return self.read(named["default"], module, scope, depth).shape
        if len(call.args) > 1:
            return self._union(call.args[1:], module, scope, depth).shape
        return self.read(named["bound"], module, scope, depth).shape if "bound" in named else Shape("any")

    def _is_variable(self, found: ExprFound) -> bool:
        return isinstance(found.node, ast.Call) and self.short_name(found.module, found.node) == "TypeVar"

    def type_variables(self, nodes: list[ast.expr], module: Module) -> list[Key]:
        """The type variables in ``nodes``, in the order in which they appear."""
        found: dict[Key, None] = {}
        for node in nodes:
            for name in _names_in_order(node):
                one = self._sources.expression(module, name)
                if isinstance(one, ExprFound) and self._is_variable(one):
                    found[one.module.name, one.name] = None
        return list(found)

    def _subscript(self, node: ast.Subscript, module: Module, scope: Scope, depth: int) -> Annotation:
        arguments = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        found = self._sources.expression(module, node.value, scope.classes)
        if isinstance(found, ClassFound):
            return Annotation(self.class_shape(found))
        if isinstance(found, ExprFound) and not isinstance(found.node, ast.Call):
            given = [self.read(one, module, scope, depth).shape for one in arguments]
            variables = self.type_variables([found.node], found.module)
            inside = replace(scope, given={**scope.given, **dict(zip(variables, given, strict=False))})
            return self._alias(found, inside, depth)
        if not isinstance(found, External):
            return Annotation(UNKNOWN)
        short = found.short
        if short == "Annotated":
            return self._annotated(arguments, module, scope, depth)
        if short in ("Optional", "Union"):
            found_union = self._union(arguments, module, scope, depth)
            optional = short == "Optional" or found_union.shape.optional
            return replace(found_union, shape=replace(found_union.shape, optional=optional))
        if short == "Literal":
            return Annotation(literal_shape(self._sources, arguments, module))
        if short in ("ClassVar", "InitVar"):
            return Annotation(UNKNOWN, class_var=True)
        if short in ("Final", "Required", "NotRequired", "ReadOnly", "SkipValidation", "FailFast"):
            inner = self.read(arguments[0], module, scope, depth)
            return replace(inner, final=inner.final or short == "Final")
        return Annotation(self._container(found.name, arguments, module, scope, depth))

    def _container(
        self, name: str, arguments: list[ast.expr], module: Module, scope: Scope, depth: int
    ) -> Shape:
        if name in MAPPINGS and name.endswith(".Counter"):
            return Shape("dict", item=Shape("int"))
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
        some = [m.shape for node, m in zip(nodes, members, strict=True) if not is_none(node)]
        return Annotation(replace(merge(some), optional=optional), plain=plain)

    def _annotated(self, arguments: list[ast.expr], module: Module, scope: Scope, depth: int) -> Annotation:
        found = self.read(arguments[0], module, scope, depth)
        for extra in arguments[1:]:
            found = self._with_metadata(found, extra, module, depth)
        return found

    def _with_metadata(self, found: Annotation, extra: ast.expr, module: Module, depth: int) -> Annotation:
        """``found`` with what one more argument of Annotated says; what may say anything makes it unknown."""
        if isinstance(extra, (ast.Name, ast.Attribute)):
            match self._sources.expression(module, extra):
                case ExprFound(inside, node, _) if depth < _DEPTH:
                    return self._with_metadata(found, node, inside, depth + 1)
                case ClassFound() as marker:
                    return self._marked(found, marker)
                case External(name):
                    return replace(found, plain=found.plain and name.rpartition(".")[2] in NEUTRAL_METADATA)
        if isinstance(extra, ast.Call):
            match self._sources.expression(module, extra.func):
                case External() as called:
                    return self._with_call(found, extra, module, called.short)
                case ClassFound() as marker:
                    return self._marked(found, marker)
        if isinstance(
            extra, (ast.Constant, ast.Lambda, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.JoinedStr)
        ):
            return found
        return replace(found, shape=replace(found.shape, kind="unknown"), plain=False)

    def _with_call(self, found: Annotation, call: ast.Call, module: Module, short: str) -> Annotation:
        if short in ("Field", "StringConstraints", "MaxLen", "Len"):
            shape, all_said = self.constrain(found.shape, call, module)
            calls = (*found.calls, (module, call)) if short == "Field" else found.calls
            return replace(found, shape=shape, calls=calls, plain=found.plain and all_said)
        if short == "GetPydanticSchema":
            return replace(found, shape=replace(found.shape, kind="unknown"), plain=False)
        return replace(found, plain=found.plain and short in NEUTRAL_METADATA)

    def _marked(self, found: Annotation, marker: ClassFound) -> Annotation:
        """A class of the application as metadata: nothing to pydantic, unless it makes schemas of its own."""
        strange = self.methods(marker) & _SCHEMA_HOOKS or any(
            name.endswith((".GroupedMetadata", ".FieldInfo")) for name in self.external_bases(marker)
        )
        shape = replace(found.shape, kind="unknown") if strange else found.shape
        return replace(found, shape=shape, plain=False)

    def constrain(self, shape: Shape, call: ast.Call, module: Module) -> tuple[Shape, bool]:
        """``shape`` within the bounds of ``Field(...)``, and whether they are all that the call checks.

        A bound that is computed is not known: the kind becomes ``unknown``.
        """
        bounds = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg in _CONSTRAINTS}
        place = _POSITIONS.get(self.short_name(module, call))
        if place is not None and len(call.args) > place:
            bounds["max_length"] = call.args[place]
        found: dict[str, int] = {}
        for name, node in bounds.items():
            value = self.constant(node, module)
            if isinstance(value, int):
                found[str(name)] = value
            elif not is_none(node):
                return replace(shape, kind="unknown"), False
        if any(keyword.arg is None for keyword in call.keywords):
            return replace(shape, kind="unknown"), False
        others = {keyword.arg for keyword in call.keywords} - set(_CONSTRAINTS) - _DESCRIBING
        return bounded(shape, found), not others and not call.args

    def _call(self, node: ast.Call, module: Module, scope: Scope, depth: int) -> Annotation:
        found = self._sources.expression(module, node.func, scope.classes)
        short = found.short if isinstance(found, External) else ""
        if short in ("constr", "condecimal", "conint", "confloat", "conbytes", "condate"):
            shape, plain = self.constrain(Shape(CALLS[f"pydantic.{short}"]), node, module)
            return Annotation(shape, plain=plain)
        if short in ("conlist", "conset", "confrozenset") and node.args:
            item = self.read(node.args[0], module, scope, depth).shape
            shape, plain = self.constrain(Shape("list", item=item), node, module)
            return Annotation(shape, plain=plain)
        if short in ("NewType", "TypeAliasType") and len(node.args) == 2:
            # a Field(...) below such a name bounds the value, but says nothing of the field: no alias, no default
            return replace(self.read(node.args[1], module, scope, depth), calls=())
        return Annotation(UNKNOWN, plain=False)


def _names_in_order(node: ast.expr) -> list[ast.expr]:
    found = [one for one in ast.walk(node) if isinstance(one, (ast.Name, ast.Attribute))]
    return sorted(found, key=lambda one: (one.lineno, one.col_offset))
