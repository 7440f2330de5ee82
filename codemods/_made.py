"""Where a model is made whole in a file: calls of its class, and dictionaries that become one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import libcst as cst

from bravo_agent.model.entities import Entity
from codemods._around import Chain, nearest, plain_text
from codemods._class_names import ClassNames
from codemods._removal import Span
from codemods._source import Source

_MAKES = ("model_construct", "construct")
_VALIDATES = ("model_validate", "parse_obj")


@dataclass(frozen=True)
class Made:
    """A call or a dictionary that holds what a model is made of.

    ``elements`` are (name or key, its value, its place), of ``**`` without a name; ``asserted``: it stands in an
    assertion, so that it may be what a test expects. ``why``: what keeps it from being understood.
    """

    node: cst.Call | cst.Dict
    elements: tuple[tuple[str | None, cst.BaseExpression, Span], ...]
    asserted: bool = False
    why: str = ""

    @property
    def names(self) -> set[str]:
        """Those that are written."""
        return {name for name, _, _ in self.elements if name is not None}


def made_of(source: Source, node: cst.Call | cst.Dict, *, asserted: bool = False, why: str = "") -> Made:
    """The elements of a call or of a dictionary."""
    elements: list[tuple[str | None, cst.BaseExpression, Span]] = []
    if isinstance(node, cst.Call):
        for arg in node.args:
            name = arg.keyword.value if arg.keyword else None
            elements.append((name, arg.value, (source.start(arg), source.end(arg.value))))
    else:
        for one in node.elements:
            key = plain_text(one.key) if isinstance(one, cst.DictElement) else None
            elements.append((key, one.value, (source.start(one), source.end(one.value))))
    return Made(node, tuple(elements), asserted, why)


def calls_of(source: Source, names: ClassNames, entity: Entity) -> list[Made]:
    """All calls that make the class, and dictionaries that are written for one."""
    finder = _Calls(source, names, entity)
    source.module.visit(finder)
    return list({source.start(one.node): one for one in finder.found}.values())


def whole_dict(source: Source, chain: Chain, entity: Entity, required: Collection[str]) -> Made | None:
    """The dictionary around a key, where it has all that the model demands and nothing that it does not know."""
    element, found = chain[1] if len(chain) > 1 else None, nearest(chain, cst.Dict)
    if (
        not isinstance(element, cst.DictElement)
        or element.key is not chain[0]
        or not isinstance(found, cst.Dict)
    ):
        return None
    made = made_of(source, found, asserted=nearest(chain, cst.Assert) is not None)
    known = {name for one in entity.fields for name in (one.name, one.document_name)}
    by_field = {one.name: {one.name, one.document_name} for one in entity.fields}
    whole = all(made.names & by_field[name] for name in required)
    return made if whole and made.names <= known else None


class _Calls(cst.CSTVisitor):
    def __init__(self, source: Source, names: ClassNames, entity: Entity) -> None:
        self.found: list[Made] = []
        self._source, self._names, self._entity = source, names, entity
        self._functions: list[cst.CSTNode] = [source.module]
        self._classes: list[str] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        """Names are looked for in it first."""
        self._functions.append(node)

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:
        """Its names end."""
        self._functions.pop()

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        """``cls`` means this one."""
        self._classes.append(node.name.value)

    def leave_ClassDef(self, original_node: cst.ClassDef) -> None:
        """``cls`` means something else."""
        self._classes.pop()

    def visit_Call(self, node: cst.Call) -> None:
        """A call of the class, or of what makes it."""
        if self._means(node.func) or self._makes(node.func, _MAKES):
            self.found += self._call(node)
        elif self._makes(node.func, _VALIDATES) and node.args:
            self.found += [made_of(self._source, one) for one in self._dicts(node.args[0].value)]

    def _means(self, func: cst.BaseExpression) -> bool:
        own = isinstance(func, cst.Name) and func.value == "cls" and self._entity.name in self._classes[-1:]
        return own or self._names.means(func)

    def _makes(self, func: cst.BaseExpression, methods: Collection[str]) -> bool:
        return isinstance(func, cst.Attribute) and func.attr.value in methods and self._means(func.value)

    def _call(self, node: cst.Call) -> Iterator[Made]:
        """The call; where everything comes by ``**`` from dictionaries that are written here, one of them."""
        spread = [arg for arg in node.args if arg.star == "**"]
        written = [one for arg in spread for one in self._dicts(arg.value)]
        if written:
            yield made_of(self._source, written[0])
        elif any(arg.keyword is not None for arg in node.args) or not node.args:
            yield made_of(self._source, node)
        else:
            yield made_of(self._source, node, why="what it is made of is not written here")

    def _dicts(self, node: cst.BaseExpression, depth: int = 0) -> list[cst.Dict]:
        """Dictionaries that are written and flow into an expression, the first one being the base."""
        if depth > 5:
            return []
        if isinstance(node, cst.Dict):
            spread = [one.value for one in node.elements if isinstance(one, cst.StarredDictElement)]
            # What is spread is the base; from elsewhere it may hold the field or not.
            return [found for one in spread for found in self._dicts(one, depth + 1)] if spread else [node]
        if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
            return self._dicts(node.left, depth + 1)
        if isinstance(node, cst.Name):
            found = [value for scope in reversed(self._functions) for value in _assigned(scope, node.value)]
            return self._dicts(found[0], depth + 1) if len(found) == 1 else []
        return []


def _assigned(scope: cst.CSTNode, name: str) -> list[cst.BaseExpression]:
    """What ``name`` is assigned in a function or module, those inside of it left out."""
    finder = _Assigned(scope, name)
    scope.visit(finder)
    return finder.found


class _Assigned(cst.CSTVisitor):
    def __init__(self, scope: cst.CSTNode, name: str) -> None:
        self.found: list[cst.BaseExpression] = []
        self._scope, self._name = scope, name

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        """Not into other functions."""
        return node is self._scope

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:
        """Not into classes."""
        return False

    def visit_Assign(self, node: cst.Assign) -> None:
        """``name = ...``"""
        if any(isinstance(one.target, cst.Name) and one.target.value == self._name for one in node.targets):
            self.found.append(node.value)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        """``name: ... = ...``"""
        if isinstance(node.target, cst.Name) and node.target.value == self._name and node.value is not None:
            self.found.append(node.value)
