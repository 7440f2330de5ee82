"""A value that a field certainly takes: always the same one, as Python and as JSON."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from bravo_agent.model.entities import Shape

_BOUNDS = (
    "ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length", "pattern", "max_digits", "decimal_places",
)  # fmt: skip
_CALLS = ("Field", "StringConstraints", "conint", "condecimal", "confloat", "constr", "conlist")
_NUMBERS = {
    "PositiveInt": {"gt": 0},
    "NegativeInt": {"lt": 0},
    "PositiveFloat": {"gt": 0},
    "NegativeFloat": {"lt": 0},
}
_TRIED = (
    "a",
    "A",
    "0",
    "aa",
    "AA",
    "00",
    "aaa",
    "AAA",
    "000",
    "abc",
    "ABC",
    "a-b",
    "a_b",
    "a@example.com",
    "+1",
)


@dataclass(frozen=True)
class ValidValue:
    """``python`` is an expression that needs ``imports``; ``data`` is JSON."""

    python: str
    data: str
    imports: tuple[str, ...] = ()


def bounds_of(annotation: str) -> dict[str, Any]:
    """The bounds that an annotation writes out."""
    try:
        tree = ast.parse(annotation, mode="eval")
    except SyntaxError:
        return {}
    found: dict[str, Any] = {}
    for node in ast.walk(tree):
        name = getattr(node, "id", getattr(node, "attr", ""))
        found.update(_NUMBERS.get(name, {}))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in _CALLS:
            for one in node.keywords:
                if one.arg in _BOUNDS and (value := _constant(one.value)) is not None:
                    found[one.arg] = value
    return found


def valid_value(
    name: str, shape: Shape, bounds: Mapping[str, Any], member: str | None = None
) -> ValidValue | None:
    """A value for a field called ``name``; None where nobody can tell one. ``member``: an Enum's first, as written."""
    own = {key: getattr(shape, key) for key in ("max_length", "max_digits", "decimal_places")}
    given = {**{key: value for key, value in own.items() if value is not None}, **bounds}
    if shape.optional:
        return ValidValue("None", "null")
    match shape.kind:
        case "int" | "float" | "decimal":
            return _number(shape.kind, given)
        case "str":
            text = _text(name, given)
            return None if text is None else _plain(text)
        case "enum" if shape.labels:
            label = shape.labels[0]
            return ValidValue(member or _plain(label).python, json.dumps(label, ensure_ascii=False))
        case "list" | "dict" if not given.get("min_length"):
            empty = "[]" if shape.kind == "list" else "{}"
            return ValidValue(empty, empty)
        case "bytes" if not given.get("min_length"):
            return ValidValue('b""', '""')
    return _FIXED.get(shape.kind)


_FIXED: Mapping[str, ValidValue] = {
    "bool": ValidValue("False", "false"),
    "any": ValidValue("None", "null"),
    "date": ValidValue("date(2025, 1, 1)", '"2025-01-01"', ("from datetime import date",)),
    "datetime": ValidValue(
        "datetime(2025, 1, 1, tzinfo=timezone.utc)",
        '"2025-01-01T00:00:00Z"',
        ("from datetime import datetime", "from datetime import timezone"),
    ),
    "time": ValidValue("time(0, 0)", '"00:00:00"', ("from datetime import time",)),
    "timedelta": ValidValue("timedelta(0)", '"PT0S"', ("from datetime import timedelta",)),
    "uuid": ValidValue(
        'UUID("00000000-0000-4000-8000-000000000000")',
        '"00000000-0000-4000-8000-000000000000"',
        ("from uuid import UUID",),
    ),
}


def _plain(text: str) -> ValidValue:
    escaped = repr(text) if '"' in text or "\\" in repr(text) else f'"{text}"'
    return ValidValue(escaped, json.dumps(text, ensure_ascii=False))


def _number(kind: str, given: Mapping[str, Any]) -> ValidValue | None:
    """Zero where it fits, else the one nearest to it."""
    places = given.get("decimal_places", 0 if kind != "float" else 1)
    step = Decimal(1).scaleb(-places)
    if (multiple := given.get("multiple_of")) is not None:
        step = Decimal(str(multiple))
    try:
        low, high = _ends(given, step)
        value = max(low, Decimal(0)) if low is not None else Decimal(0)
        value = min(value, high) if high is not None else value
    except (InvalidOperation, ValueError):
        return None
    if (low is not None and value < low) or (high is not None and value > high) or _too_long(value, given):
        return None
    if kind == "decimal":
        text = str(value.quantize(Decimal(1).scaleb(-places)))
        return ValidValue(f'Decimal("{text}")', f'"{text}"', ("from decimal import Decimal",))
    text = str(int(value)) if kind == "int" else repr(float(value))
    return ValidValue(text, text)


def _ends(given: Mapping[str, Any], step: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """The smallest and the largest multiple of ``step`` that are allowed."""
    lows = [_multiple(given["ge"], step, ROUND_CEILING)] if "ge" in given else []
    highs = [_multiple(given["le"], step, ROUND_FLOOR)] if "le" in given else []
    if "gt" in given:
        lows.append(_multiple(given["gt"], step, ROUND_FLOOR) + step)
    if "lt" in given:
        highs.append(_multiple(given["lt"], step, ROUND_CEILING) - step)
    return max(lows, default=None), min(highs, default=None)


def _multiple(bound: Any, step: Decimal, rounding: str) -> Decimal:
    return (Decimal(str(bound)) / step).to_integral_value(rounding=rounding) * step


def _too_long(value: Decimal, given: Mapping[str, Any]) -> bool:
    digits = given.get("max_digits")
    whole = len(str(abs(int(value)))) if int(value) else 0
    return digits is not None and whole + given.get("decimal_places", 0) > digits


def _text(name: str, given: Mapping[str, Any]) -> str | None:
    """The field's own name, cut or lengthened; where a pattern is asked for, a simple text that it takes."""
    least: int = given.get("min_length", 0)
    most: int | None = given.get("max_length")
    if most is not None and least > most:
        return None
    plain = name if most is None else name[:most]
    plain = (plain * (least // max(1, len(plain)) + 1))[: max(len(plain), least)]
    pattern = given.get("pattern")
    if pattern is None:
        return plain
    try:
        fits = re.compile(pattern)
    except re.error:
        return None
    tried: tuple[str, ...] = (
        plain,
        plain.upper(),
        plain.capitalize(),
        *_TRIED,
        "a" * least,
        "A" * least,
        "0" * least,
    )
    return next(
        (
            one
            for one in tried
            if fits.search(one) and len(one) >= least and (most is None or len(one) <= most)
        ),
        None,
    )


def _constant(node: ast.expr) -> Any:
    """The value of a literal, of ``Decimal("1")`` too."""
    if isinstance(node, ast.Call) and len(node.args) == 1 and getattr(node.func, "id", "") == "Decimal":
        node = node.args[0]
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return None
