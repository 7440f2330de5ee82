"""The None of an annotation: whether it is there, and what stands beside it."""

from __future__ import annotations

import libcst as cst

from codemods._source import Source
from codemods._values import LeftAlone


def is_none(node: cst.CSTNode) -> bool:
    """Whether ``node`` is ``None``."""
    return isinstance(node, cst.Name) and node.value == "None"


def beside_none(source: Source, node: cst.BaseExpression) -> tuple[cst.BaseExpression, bool]:
    """What an annotation says without None, and whether None was there; raises ``LeftAlone`` on odd forms."""
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
        raise LeftAlone("the annotation is a text", source.line(node))
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        if is_none(node.right):
            return node.left, True
        if is_none(node.left):
            return node.right, True
        if "None" in source.code(node):
            raise LeftAlone("None stands inside the union", source.line(node))
    if isinstance(node, cst.Subscript):
        name, items = last_name(node.value), subscripts(node)
        if name == "Optional" and len(items) == 1:
            return items[0], True
        if name == "Union" and any(is_none(one) for one in items):
            some = [one for one in items if not is_none(one)]
            if len(some) == 1:
                return some[0], True
            raise LeftAlone("None stands inside the union", source.line(node))
    return node, False


def last_name(node: cst.BaseExpression) -> str:
    """``Field`` of ``Field`` and of ``pydantic.Field``."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def subscripts(node: cst.Subscript) -> list[cst.BaseExpression]:
    """What stands between the brackets."""
    return [one.slice.value for one in node.slice if isinstance(one.slice, cst.Index)]
