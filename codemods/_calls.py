"""Calls of Field(...) and of other constraints in a declaration, and splices of their arguments."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import libcst as cst

from codemods._source import Source
from codemods._splice import Splice

BOUNDS = ("max_length", "max_digits", "decimal_places")
CONSTRAINTS = frozenset([
    *BOUNDS, "min_length", "ge", "gt", "le", "lt", "multiple_of", "pattern", "strict", "allow_inf_nan",
    "coerce_numbers_to_str",
])  # fmt: skip
_FIELD = ("Field", "StringConstraints", "constr", "conint", "confloat", "condecimal", "conbytes", "conlist")


def called(node: cst.BaseExpression | None) -> str:
    """The last name of what ``node`` calls; "" where it is no call."""
    if not isinstance(node, cst.Call):
        return ""
    func = node.func
    if isinstance(func, cst.Attribute):
        return func.attr.value
    return func.value if isinstance(func, cst.Name) else ""


def is_field(node: cst.BaseExpression | None) -> bool:
    """Whether ``node`` is a ``Field(...)``."""
    return called(node) == "Field"


def constraint_calls(node: cst.CSTNode | None) -> Iterator[cst.Call]:
    """All calls inside ``node`` that may hold bounds."""
    if node is not None:
        yield from calls_in(node, _FIELD)


def calls_in(node: cst.CSTNode, names: Collection[str]) -> Iterator[cst.Call]:
    """All calls inside ``node`` of one of the names."""
    if isinstance(node, cst.Call) and called(node) in names:
        yield node
    for child in node.children:
        yield from calls_in(child, names)


def keyword(call: cst.Call, name: str) -> cst.Arg | None:
    """The keyword argument of that name."""
    return next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None)


def without_arguments(source: Source, call: cst.Call, gone: Sequence[cst.Arg]) -> list[Splice]:
    """The splices that take ``gone`` out of the arguments, commas too."""
    kept = [arg for arg in call.args if arg not in gone]
    if not gone:
        return []
    if not kept:
        return [Splice(source.start(call.args[0]), source.end(call.args[-1]), "")]
    found: list[Splice] = []
    for number, arg in enumerate(call.args):
        if arg not in gone:
            continue
        if number + 1 < len(call.args):
            found.append(Splice(source.start(arg), source.start(call.args[number + 1]), ""))
    if call.args[-1] in gone:
        last = max(number for number, arg in enumerate(call.args) if arg in kept)
        found = [one for one in found if one.end <= source.end(call.args[last].value)]
        found.append(Splice(source.end(call.args[last].value), source.end(call.args[-1].value), ""))
    return found


def with_first(source: Source, call: cst.Call, text: str) -> Splice:
    """``text`` as the first argument."""
    if call.args:
        start = source.start(call.args[0])
        return Splice(start, start, f"{text}, ")
    # Field(): the closing bracket is the last character
    end = source.end(call) - 1
    return Splice(end, end, text)
