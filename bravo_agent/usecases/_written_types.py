"""Types and values as somebody wrote them: the names in them, where those come from, and whether None is among them."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from bravo_agent.stores.application import ModelReading

_KNOWN = {
    "Any": "typing", "Annotated": "typing", "Literal": "typing", "Optional": "typing", "Union": "typing",
    "Decimal": "decimal", "date": "datetime", "datetime": "datetime", "time": "datetime", "timedelta": "datetime",
    "UUID": "uuid", "Field": "pydantic", "EmailStr": "pydantic", "HttpUrl": "pydantic", "PositiveInt": "pydantic",
    "NonNegativeInt": "pydantic", "StringConstraints": "pydantic",
}  # fmt: skip


def import_lines(reading: ModelReading, module: str, *expressions: str) -> tuple[str, ...]:
    """Import lines for the names in expressions, as far as somebody knows them; ``module`` has its own already."""
    homes = {**_KNOWN}
    for one in reading.models.entities:
        homes[one.name] = one.module
    for named in reading.types:
        homes[named.name] = named.module
    names = {name for text in expressions for name in names_in_type(text)}
    return tuple(
        f"from {homes[name]} import {name}"
        for name in sorted(names)
        if name in homes and homes[name] != module
    )


def without_none(annotation: str) -> tuple[str, bool]:
    """An annotation without ``None``, and whether it was there."""
    try:
        node = ast.parse(annotation, mode="eval").body
    except SyntaxError:
        return annotation, False
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(side, ast.Constant) and side.value is None:
                return ast.get_source_segment(annotation, other) or annotation, True
    if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "Optional":
        return ast.get_source_segment(annotation, node.slice) or annotation, True
    return annotation, False


def names_in_type(text: str) -> Iterator[str]:
    """The names in an expression that something has to define."""
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not hasattr(builtins, node.id):
            yield node.id
