"""An expression over the fields of a model, by their bare names, as somebody gave it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection

from codemods._values import LeftAlone

_FUNCTIONS = frozenset([
    "abs", "bool", "divmod", "float", "int", "len", "max", "min", "pow", "round", "sorted", "str", "sum", "any",
    "all", "Decimal", "date", "datetime", "timedelta",
])  # fmt: skip
_NODES = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.keyword, ast.Name,
    ast.Constant, ast.Attribute, ast.Subscript, ast.Tuple, ast.List, ast.Load, ast.operator, ast.unaryop,
    ast.boolop, ast.cmpop, ast.JoinedStr, ast.FormattedValue,
)  # fmt: skip
IMPORTS = {
    "Decimal": "from decimal import Decimal",
    "date": "from datetime import date",
    "datetime": "from datetime import datetime",
    "timedelta": "from datetime import timedelta",
}


def over_fields(
    expression: str, fields: Collection[str], written: Callable[[str], str]
) -> tuple[str, tuple[str, ...]]:
    """The expression with each field as ``written`` has it, and the import lines that it needs.

    Only values are worked out: fields, literals, arithmetic, comparisons, attributes, and some functions. Raises
    ``LeftAlone`` on anything else.
    """
    text = expression.strip()
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        raise LeftAlone(f"{text} is no expression") from None
    if "\n" in text or "#" in text:
        raise LeftAlone("the expression does not stand on one line")
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    _refuse_other(tree)
    for node in names:
        if node.id not in fields and node.id not in _FUNCTIONS:
            raise LeftAlone(f"{node.id} is no field of the model")
    if not any(node.id in fields for node in names):
        raise LeftAlone("the expression names no field of the model")
    encoded = text.encode()
    for node in sorted(names, key=lambda one: one.col_offset, reverse=True):
        if node.id in fields:
            tail = encoded[node.end_col_offset :]
            encoded = encoded[: node.col_offset] + written(node.id).encode() + tail
    used = {node.id for node in names if node.id not in fields}
    return encoded.decode(), tuple(IMPORTS[name] for name in sorted(used) if name in IMPORTS)


def _refuse_other(tree: ast.AST) -> None:
    for node in ast.walk(tree):
        if not isinstance(node, _NODES):
            raise LeftAlone(f"the expression does more than work out a value ({type(node).__name__})")
        if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            raise LeftAlone(f"the expression reads {node.attr}, which is private")
        if isinstance(node, ast.Call) and not isinstance(node.func, (ast.Name, ast.Attribute)):
            raise LeftAlone("the expression calls what is worked out")
