"""What bounds a field's values beside its type, and whether another type takes it as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import libcst as cst

from bravo_agent.model.entities import Shape
from codemods._calls import BOUNDS, CONSTRAINTS, called, constraint_calls
from codemods._conversions import literal_of
from codemods._optional import last_name, subscripts

_NUMBERS: Final = frozenset({"int", "float", "decimal"})
_TEXTS: Final = frozenset({"str", "bytes"})
_CONTAINERS: Final = frozenset({"list", "dict"})
_ORDER: Final = frozenset({"ge", "gt", "le", "lt", "multiple_of"})
_LENGTHS: Final = frozenset({"min_length", "max_length"})
_STRICT: Final = frozenset({
    "bool", "int", "float", "decimal", "str", "bytes", "uuid", "date", "datetime", "time", "timedelta", "list", "dict",
    "model",
})  # fmt: skip
_BY_KIND: Final = {
    "strict": _STRICT,
    "pattern": frozenset({"str"}),
    "coerce_numbers_to_str": frozenset({"str"}),
    "allow_inf_nan": frozenset({"float", "decimal"}),
    "max_digits": frozenset({"decimal"}),
    "decimal_places": frozenset({"decimal"}),
}
MADE: Final = frozenset({"constr", "conint", "confloat", "condecimal", "conbytes", "conlist", "conset"})
"""Calls that are a type with its constraints."""
_NAMED: Final = {
    **{f"Positive{kind}": "gt=0" for kind in ("Int", "Float")},
    **{f"Negative{kind}": "lt=0" for kind in ("Int", "Float")},
    **{f"NonNegative{kind}": "ge=0" for kind in ("Int", "Float")},
    **{f"NonPositive{kind}": "le=0" for kind in ("Int", "Float")},
    **{f"Strict{kind}": "strict=True" for kind in ("Bool", "Int", "Float", "Str", "Bytes")},
    "FiniteFloat": "allow_inf_nan=False",
}


ONE_BOUND: Final = {
    "Ge": "ge", "Gt": "gt", "Le": "le", "Lt": "lt", "MultipleOf": "multiple_of", "MinLen": "min_length",
    "MaxLen": "max_length",
}  # fmt: skip
"""Classes of annotated_types, and the constraint that each is."""


def takes(name: str, value: str, before: Shape, after: Shape) -> bool:
    """Whether a type of shape ``after`` takes the constraint ``name`` = ``value`` of one of shape ``before``."""
    if name in _BY_KIND:
        return after.kind in _BY_KIND[name]
    if before.kind == after.kind:
        return True
    kinds = {before.kind, after.kind}
    if name in _ORDER:
        return kinds <= _NUMBERS and (after.kind != "int" or _is_whole(value))
    return name in _LENGTHS and (kinds <= _TEXTS or kinds <= _CONTAINERS)


def _is_whole(value: str) -> bool:
    """Pydantic refuses a bound of integers that is none; of what is no literal nobody knows."""
    known = literal_of(value)
    if known is None or not isinstance(known.value, (int, float, str)):
        return known is None
    try:
        return Decimal(str(known.value)) % 1 == 0
    except ArithmeticError:
        return False


@dataclass(frozen=True)
class Judge:
    """Which constraints go with the type ``before``; ``said``: those that the new type writes out itself.

    ``wished``: somebody wrote the new type down. Else it is a column's, which knows all about lengths and digits.
    """

    before: Shape
    after: Shape
    said: frozenset[str]
    wished: bool

    def goes(self, name: str, value: str) -> bool:
        """Whether the constraint is taken out."""
        return name in CONSTRAINTS and (
            self.replaced(name) or not takes(name, value, self.before, self.after)
        )

    def replaced(self, name: str) -> bool:
        """Whether the new type brings its own, or, of a column, does without it as was decided."""
        if self.wished:
            return name in self.said
        return name in BOUNDS


def said_in(annotation: str) -> frozenset[str]:
    """The constraints that an annotation writes out."""
    try:
        node = cst.parse_expression(annotation)
    except cst.ParserSyntaxError:
        return frozenset()
    named = {_NAMED[name].partition("=")[0] for name in _names(node) if name in _NAMED}
    calls = constraint_calls(node)
    return frozenset(
        {arg.keyword.value for call in calls for arg in call.args if arg.keyword is not None} | named
    )


@dataclass(frozen=True)
class Written:
    """A constraint of a type that goes as a whole: as a keyword of ``Field``, or ``of`` which call it was."""

    name: str
    value: str
    node: cst.CSTNode
    of: str = "Field"

    @property
    def text(self) -> str:
        """As it is written."""
        return f"{self.name}={self.value}" if self.name else self.value


def in_type(node: cst.BaseExpression, code: Callable[[cst.CSTNode], str]) -> Iterator[Written]:
    """What a type says by itself: a call, a named type of Pydantic's, or, under a name, an ``Annotated``."""
    if isinstance(node, (cst.Name, cst.Attribute)) and last_name(node) in _NAMED:
        name, _, value = _NAMED[last_name(node)].partition("=")
        yield Written(name, value, node, last_name(node))
    elif isinstance(node, cst.Call) and called(node) in MADE:
        yield from _of_call(node, code)
    else:
        for call in constraint_calls(node):
            yield from _of_call(call, code)


def beside_type(node: cst.BaseExpression, code: Callable[[cst.CSTNode], str]) -> Iterator[Written]:
    """What an ``Annotated`` under a name of the project's own has besides constraints: validators and the like."""
    if isinstance(node, cst.Subscript) and last_name(node.value) == "Annotated":
        for one in subscripts(node)[1:]:
            if not list(constraint_calls(one)):
                yield Written("", code(one), one)


def _of_call(call: cst.Call, code: Callable[[cst.CSTNode], str]) -> Iterator[Written]:
    for arg in call.args:
        if arg.keyword is not None and (arg.keyword.value in CONSTRAINTS or called(call) != "Field"):
            yield Written(arg.keyword.value, code(arg.value), arg, called(call))


def _names(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, cst.Name):
        yield node.value
    for child in node.children:
        yield from _names(child)
