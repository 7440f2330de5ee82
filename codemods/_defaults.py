"""Whether the default of a field is a value of the type that it gets."""

from __future__ import annotations

import ast
from decimal import Decimal, InvalidOperation

import libcst as cst

from bravo_agent.model.entities import Shape
from codemods._calls import is_field, keyword
from codemods._conversions import in_python
from codemods._source import Source
from codemods._splice import Splice
from codemods._values import LeftAlone


def refuse_other_default(source: Source, value: cst.BaseExpression | None, shape: Shape) -> None:
    """Raises ``LeftAlone`` where the default is not certainly one of ``shape``."""
    default, factory = written_default(value)
    if factory is not None:
        fine = shape.kind == "any" or source.code(factory) == shape.kind
    else:
        fine = default is None or _is_value(source.code(default), shape)
    if not fine:
        assert value is not None
        raise LeftAlone("the default may be no value of the new type", source.line(value))


def follow_default(source: Source, value: cst.BaseExpression | None, shape: Shape) -> list[Splice]:
    """The splice that makes a written default one of ``shape``; raises ``LeftAlone`` where something would be lost."""
    default, _ = written_default(value)
    try:
        refuse_other_default(source, value, shape)
    except LeftAlone:
        new = in_python(source.code(default), shape) if default is not None else None
        # An import of its own is more than a default is worth.
        if default is None or new is None or new.imports:
            raise
        return [Splice(source.start(default), source.end(default), new.text)]
    return []


def has_default(value: cst.BaseExpression | None) -> bool:
    """Whether the field has one, ``...`` not counted."""
    default, factory = written_default(value)
    return factory is not None or (default is not None and not isinstance(default, cst.Ellipsis))


def written_default(
    value: cst.BaseExpression | None,
) -> tuple[cst.BaseExpression | None, cst.BaseExpression | None]:
    """The default that is written, and the factory."""
    if not (isinstance(value, cst.Call) and is_field(value)):
        return value, None
    first = next((arg for arg in value.args if arg.keyword is None), None)
    default = first or keyword(value, "default")
    factory = keyword(value, "default_factory")
    return default.value if default else None, factory.value if factory else None


def _is_value(text: str, shape: Shape) -> bool:
    if text in ("None", "..."):
        return True
    try:
        value = ast.literal_eval(
            text.removeprefix("Decimal(").removesuffix(")") if "Decimal" in text else text
        )
    except (ValueError, SyntaxError):
        return False
    if shape.kind == "decimal":
        return _is_decimal(value, shape)
    if shape.kind in ("str", "enum"):
        inside = not shape.labels or value in shape.labels
        return (
            isinstance(value, str) and inside and (shape.max_length is None or len(value) <= shape.max_length)
        )
    if "Decimal" in text:
        return shape.kind == "any"
    return shape.kind == "any" or (type(value) in _PYTHON.get(shape.kind, ()) and not value_has_items(value))


def value_has_items(value: object) -> bool:
    """Whether a list or dict is not empty: its items are not looked into."""
    return isinstance(value, (list, dict)) and bool(value)


def _is_decimal(value: object, shape: Shape) -> bool:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return False
    places = max(0, -int(found.as_tuple().exponent)) if found.is_finite() else 0
    whole = len(str(abs(int(found)))) if found.is_finite() and int(found) else 0
    return (shape.decimal_places is None or places <= shape.decimal_places) and (
        shape.max_digits is None or whole + (shape.decimal_places or 0) <= shape.max_digits
    )


_PYTHON: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "bytes": (bytes,),
    "list": (list,),
    "dict": (dict,),
}
