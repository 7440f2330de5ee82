"""What a file holds whatever the field is called: classes, functions, and places where models become models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst
from libcst import matchers

from codemods._finding.positions import Positions, parsed, spot_of, walk_tree
from codemods._finding.roles import HTTP, called, last_name
from codemods._finding.values import ClassFact, Flow, FunctionFact, Given, Outline, Spot

_VALIDATES = frozenset([
    "model_validate", "parse_obj", "from_orm", "validate_python", "model_validate_json", "parse_raw", "validate_json",
])  # fmt: skip
_CONSTRUCTS = frozenset(["model_construct", "construct"])
_COPIES = frozenset(["model_copy", "copy"])
_DUMPS = frozenset(["model_dump", "dict", "model_dump_json", "json"])
_AS_DICT = frozenset(["dict", "vars", "asdict"])
_DEPTH = 5


def outline(text: str) -> Outline:
    """Nothing where ``text`` does not parse."""
    read = parsed(text)
    return Outline() if isinstance(read, str) else outline_of(*read)


def outline_of(module: cst.Module, positions: Positions) -> Outline:
    """Of a tree that is there already."""
    walk = _Walk(positions)
    walk_tree(module, walk)
    return Outline(tuple(walk.classes), tuple(walk.functions), tuple(walk.flows))


class _Names(cst.CSTVisitor):
    """All names in an annotation, each asked for at its last part."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[cst.Name] = []

    def visit_Name(self, node: cst.Name) -> None:
        """A name."""
        self.found.append(node)


class _Walk(cst.CSTVisitor):
    def __init__(self, positions: Positions) -> None:
        super().__init__()
        self.classes: list[ClassFact] = []
        self.functions: list[FunctionFact] = []
        self.flows: list[Flow] = []
        self._positions = positions
        self._path: list[str] = []
        self._inside: list[cst.Name] = []
        self._assigned: list[dict[str, list[cst.BaseExpression]]] = [{}]
        self._looped: dict[str, cst.BaseExpression] = {}
        self._routes: list[Flow | None] = []

    # -- classes and functions --------------------------------------------------------------------------

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        """A class with its bases."""
        bases = [one.value for one in node.bases]
        plain = [one.value if isinstance(one, cst.Subscript) else one for one in bases]
        spots = tuple(spot for one in plain if (spot := spot_of(self._positions, one)))
        self._path.append(node.name.value)
        self._inside.append(node.name)
        protocol = any(last_name(one) == "Protocol" for one in plain)
        name = ".".join(self._path)
        self.classes.append(ClassFact(name, self._positions.spot(node.name), spots, protocol))

    def leave_ClassDef(self, original_node: cst.ClassDef) -> None:
        """Out of it."""
        self._path.pop()
        self._inside.pop()

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        """A function with what it returns; a route has its response model."""
        returns = self._names(node.returns.annotation) if node.returns else ()
        if returns:
            self.functions.append(FunctionFact(self._positions.spot(node.name), returns))
        self._path.append(node.name.value)
        self._assigned.append({})
        into = self._response_model(node)
        self._routes.append(None if into is None else Flow(0, into or returns, ()))

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:
        """Out of it."""
        self._path.pop()
        self._assigned.pop()
        self._routes.pop()

    def _response_model(self, node: cst.FunctionDef) -> tuple[Spot, ...] | None:
        """None: no route; nothing: a route whose return annotation counts."""
        for one in node.decorators:
            call = one.decorator
            target = called(call)
            if isinstance(call, cst.Call) and isinstance(target, cst.Attribute) and target.attr.value in HTTP:
                model = _argument(call, "response_model")
                return self._names(model) if model is not None else ()
        return None

    def _names(self, annotation: cst.BaseExpression) -> tuple[Spot, ...]:
        names = _Names()
        annotation.visit(names)
        return tuple(self._positions.spot(one) for one in names.found)

    # -- flows ------------------------------------------------------------------------------------------

    def visit_Assign(self, node: cst.Assign) -> None:
        """What a local variable may hold."""
        for one in node.targets:
            if isinstance(one.target, cst.Name):
                self._assigned[-1].setdefault(one.target.value, []).append(node.value)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        """As any assignment."""
        if isinstance(node.target, cst.Name) and node.value is not None:
            self._assigned[-1].setdefault(node.target.value, []).append(node.value)

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        """As any assignment."""
        if isinstance(node.target, cst.Name):
            self._assigned[-1].setdefault(node.target.value, []).append(node.value)

    def visit_Return(self, node: cst.Return) -> None:
        """What a route returns becomes its response model."""
        route = self._routes[-1] if self._routes else None
        if route is not None and node.value is not None:
            self._flow(node, route.into, self._given(node.value, 0, whole=True))

    def visit_Call(self, node: cst.Call) -> None:
        """``X.model_validate(y.model_dump())``, ``X(**y.model_dump())`` and their likes."""
        name = last_name(node.func)
        if name in _VALIDATES and isinstance(node.func, cst.Attribute) and node.args:
            self._flow(node, self._validated(node.func.value), self._given(node.args[0].value, 0, whole=True))
            return
        if name == "setattr" and len(node.args) == 3:
            self._flow(
                node, self._validated(node.args[0].value), self._set(node.args[1].value, node.args[2].value)
            )
            return
        starred = [one.value for one in node.args if one.star == "**"]
        update = _argument(node, "update") if name in _COPIES else None
        given = [found for one in starred for found in self._given(one, 0, whole=False)]
        if update is not None and isinstance(node.func, cst.Attribute):
            self._flow(node, self._validated(node.func.value), self._given(update, 0, whole=False))
        elif given:
            spot = self._class(_made_by(node, name))
            self._flow(node, (spot,) if spot else (), given)

    def visit_For(self, node: cst.For) -> None:
        """What a loop goes through, by the first name that it gives."""
        first = node.target.elements[0].value if isinstance(node.target, cst.Tuple) else node.target
        if isinstance(first, cst.Name):
            self._looped[first.value] = _looked_through(node.iter)

    def _set(self, key: cst.BaseExpression, value: cst.BaseExpression) -> Iterator[Given]:
        """``for name, value in x.model_dump().items(): setattr(y, name, value)``, or with ``getattr(x, name)``."""
        through = self._looped.get(key.value) if isinstance(key, cst.Name) else None
        if through is not None:
            yield from self._given(through, 0, whole=False)
            if isinstance(value, cst.Call) and last_name(value.func) == "getattr" and value.args:
                yield from self._itself(value.args[0].value, whole=True)

    def _validated(self, model: cst.BaseExpression) -> tuple[Spot, ...]:
        """The class; of ``TypeAdapter(list[X])`` all names in the type."""
        if isinstance(model, cst.Call) and last_name(model.func) == "TypeAdapter" and model.args:
            return self._names(model.args[0].value)
        spot = self._class(model)
        return (spot,) if spot else ()

    def _class(self, node: cst.BaseExpression) -> Spot | None:
        """``cls`` and ``self`` are asked for at the name of their class: of themselves they have no type."""
        own = isinstance(node, cst.Name) and node.value in ("cls", "self") and self._inside
        return spot_of(self._positions, self._inside[-1] if own else node)

    def _flow(
        self, node: cst.CSTNode, into: Sequence[Spot], given: Sequence[Given] | Iterator[Given]
    ) -> None:
        found = tuple(dict.fromkeys(given))
        if into and found:
            self.flows.append(Flow(self._positions.spot(node)[0], tuple(into), found))

    def _given(self, value: cst.BaseExpression, depth: int, *, whole: bool) -> Iterator[Given]:
        """The models that ``value`` is made of; ``whole``: it may be a model itself, and not only its dump."""
        if depth > _DEPTH:
            return
        match value:
            case cst.Call() if (dumped := _dumped(value)) is not None:
                yield from self._dump(value, dumped)
                return
            case cst.Dict():
                inner: list[cst.BaseExpression] = [
                    one.value for one in value.elements if isinstance(one, cst.StarredDictElement)
                ]
                whole = False
            case cst.BinaryOperation(operator=cst.BitOr()):
                inner, whole = [value.left, value.right], False
            case cst.IfExp():
                inner = [value.body, value.orelse]
            case cst.BooleanOperation():
                inner = [value.left, value.right]
            case cst.ListComp() | cst.GeneratorExp():
                inner = [value.elt]
            case cst.List():
                inner = [one.value for one in value.elements]
            case cst.DictComp(for_in=cst.CompFor(iter=through, ifs=ifs)) if not _picks(ifs):
                inner, whole = [_looked_through(through)], False
            case cst.Attribute(value=one, attr=cst.Name(value="__dict__")):
                yield from self._itself(one, whole=True)
                return
            case cst.Name():
                inner = self._assigned[-1].get(value.value, [])
                yield from self._itself(value, whole)
            case _:
                yield from self._itself(value, whole)
                return
        for one in inner:
            yield from self._given(one, depth + 1, whole=whole)

    def _itself(self, value: cst.BaseExpression, whole: bool) -> Iterator[Given]:
        spot = self._class(value)
        if whole and spot is not None:
            yield Given(spot)

    def _dump(self, call: cst.Call, dumped: cst.BaseExpression) -> Iterator[Given]:
        spot = self._class(dumped)
        if spot is not None:
            yield Given(spot, _texts(_argument(call, "include")), _texts(_argument(call, "exclude")) or ())


def _made_by(call: cst.Call, name: str) -> cst.BaseExpression:
    """What says of which class the result is: ``X(...)``, ``X.model_construct()``, ``type(x)()``, ``replace(x)``."""
    match call.func:
        case cst.Attribute(value=model) if name in _CONSTRUCTS:
            return model
        case cst.Attribute(value=one, attr=cst.Name(value="__class__")):
            return one
        case cst.Call(func=cst.Name(value="type"), args=[cst.Arg(value=one)]):
            return one
    first = call.args[0] if name == "replace" and call.args else None
    return first.value if first is not None and not first.star else call.func


def _picks(conditions: Sequence[cst.CompIf]) -> bool:
    """Whether keys are left out, or taken, by how they are called."""
    return any(matchers.findall(one, matchers.SimpleString()) for one in conditions)


def _looked_through(value: cst.BaseExpression) -> cst.BaseExpression:
    """What ``x.items()`` goes through."""
    match value:
        case cst.Call(func=cst.Attribute(value=one, attr=cst.Name(value="items")), args=[]):
            return one
    return value


def _dumped(call: cst.Call) -> cst.BaseExpression | None:
    """The model that a call makes a dictionary of."""
    if isinstance(call.func, cst.Attribute) and call.func.attr.value in _DUMPS:
        return call.func.value
    if last_name(call.func) in _AS_DICT and len(call.args) == 1 and call.args[0].keyword is None:
        first = call.args[0].value
        return None if isinstance(first, (cst.Dict, cst.Call)) or call.args[0].star else first
    return None


def _argument(call: cst.Call, name: str) -> cst.BaseExpression | None:
    return next((one.value for one in call.args if one.keyword and one.keyword.value == name), None)


def _texts(value: cst.BaseExpression | None) -> tuple[str, ...] | None:
    """The texts of a literal set, list or tuple; None where it is something else, or there is none."""
    if not isinstance(value, (cst.Set, cst.List, cst.Tuple)):
        return None
    texts = [one.value for one in value.elements]
    if not all(isinstance(one, cst.SimpleString) for one in texts):
        return None
    return tuple(str(one.evaluated_value) for one in texts if isinstance(one, cst.SimpleString))
