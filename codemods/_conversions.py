"""A written value of one type as a value of another, where nothing is lost on the way."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from bravo_agent.model.entities import Shape

_EXACT = Context(prec=2000)
_INT = re.compile(r"-?(0|[1-9]\d*)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]00:?00)?")


@dataclass(frozen=True)
class Literal:
    """A value as it is written: ``called`` is the class that makes it of its text or parts, "" for a plain value."""

    value: Any
    called: str = ""


@dataclass(frozen=True)
class Converted:
    """The new text and the import that it needs; the old text where it is a value of the new type already."""

    text: str
    imports: tuple[str, ...] = ()


def literal_of(text: str) -> Literal | None:
    """What an expression says; None where it is worked out."""
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return None
    try:
        return Literal(ast.literal_eval(node))
    except (ValueError, TypeError):
        pass
    if isinstance(node, ast.Call) and not node.keywords and isinstance(node.func, ast.Name):
        try:
            given = tuple(ast.literal_eval(one) for one in node.args)
        except (ValueError, TypeError):
            return None
        if node.func.id in ("Decimal", "UUID") and len(given) == 1 and isinstance(given[0], str):
            return Literal(given[0], node.func.id)
        if node.func.id in ("date", "datetime") and all(isinstance(one, int) for one in given):
            return Literal(given, node.func.id)
    return None


def in_python(text: str, after: Shape) -> Converted | None:
    """``text`` as an expression of the new type; None where something would be lost, or nobody can tell."""
    known = literal_of(text)
    if known is None:
        return None
    if known.value is None:
        return Converted(text)
    value, called = known.value, known.called
    quote = next((sign for sign in text if sign in "'\""), '"')
    match after.kind:
        case "str":
            new = _as_text(value, called)
            return (
                None if new is None or _too_long(new, after) else Converted(_quoted(new, quote, text, value))
            )
        case "int":
            number = _as_int(value, called)
            return None if number is None else Converted(text if type(value) is int else str(number))
        case "float":
            return _as_float(text, value, called)
        case "decimal":
            return _as_decimal(text, value, called, after)
        case "enum":
            return (
                Converted(text) if isinstance(value, str) and not called and value in after.labels else None
            )
        case "uuid":
            if not called and isinstance(value, str) and _is_uuid(value):
                return Converted(f"UUID({text})", ("from uuid import UUID",))
            return Converted(text) if called == "UUID" else None
        case "date" | "datetime":
            return _as_moment(text, value, called, after.kind)
        case "bool":
            if type(value) is bool:
                return Converted(text)
            return Converted(str(bool(value))) if type(value) is int and value in (0, 1) else None
        case "any":
            return Converted(text)
    return None


def in_data(value: Any, after: Shape) -> tuple[bool, Any]:
    """Whether a plain value of a data file can be one of the new type, and which."""
    if value is None or after.kind == "any":
        return True, value
    match after.kind:
        case "str":
            text = _as_text(value, "")
            return text is not None and not _too_long(text, after), text
        case "int":
            number = int(value) if type(value) is bool else _as_int(value, "")
            return number is not None, number
        case "float":
            fine = type(value) in (int, float) or (isinstance(value, str) and _is_float(value))
            return fine, value
        case "decimal":
            return fits_digits(str(value), after) and type(value) is not bool, value
        case "enum":
            return value in after.labels, value
        case "uuid":
            return isinstance(value, str) and _is_uuid(value), value
        case "datetime":
            return isinstance(value, str) and (_is_moment(value) or _DAY.fullmatch(value) is not None), value
        case "date":
            day = _MIDNIGHT.fullmatch(value) if isinstance(value, str) else None
            if day:
                return True, day[1]
            return isinstance(value, str) and _DAY.fullmatch(value) is not None, value
        case "bool":
            fine = type(value) is bool or (type(value) is int and value in (0, 1))
            return fine, bool(value)
    return False, value


def _as_text(value: Any, called: str) -> str | None:
    if isinstance(value, str):
        return value
    if called in ("date", "datetime"):
        return None
    return str(value) if type(value) is int else None


def _too_long(text: str, after: Shape) -> bool:
    labels = bool(after.labels) and text not in after.labels
    return labels or (after.max_length is not None and len(text) > after.max_length)


def _quoted(new: str, quote: str, text: str, value: Any) -> str:
    if isinstance(value, str) and text[:1] in "'\"":
        return text
    return f"{quote}{new}{quote}" if quote not in new and "\\" not in new else repr(new)


def _as_int(value: Any, called: str) -> int | None:
    if type(value) is int and not called:
        return value
    if isinstance(value, str) and called in ("", "Decimal") and _INT.fullmatch(value) and value != "-0":
        return int(value)
    return None


def _as_float(text: str, value: Any, called: str) -> Converted | None:
    if type(value) in (int, float) and not called:
        return Converted(text)
    if isinstance(value, str) and called in ("", "Decimal") and _is_float(value):
        return Converted(repr(float(value)))
    return None


def _is_float(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and Decimal(repr(float(text))) == Decimal(text)
    except (InvalidOperation, ValueError):
        return False


def _as_decimal(text: str, value: Any, called: str, after: Shape) -> Converted | None:
    if (
        called not in ("", "Decimal")
        or type(value) not in (int, float, str)
        or not fits_digits(str(value), after)
    ):
        return None
    if called:
        return Converted(text)
    written = text if isinstance(value, str) else f'"{value}"'
    return Converted(f"Decimal({written})", ("from decimal import Decimal",))


def fits_digits(text: str, after: Shape) -> bool:
    """Whether a number has no more digits than a decimal of that shape; noughts at the end do not count."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return False
    if not value.is_finite():
        return False
    value = value.normalize(_EXACT)
    exponent = value.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    whole = len(str(abs(int(value)))) if int(value) else 0
    return (after.decimal_places is None or places <= after.decimal_places) and (
        after.max_digits is None or whole + (after.decimal_places or places) <= after.max_digits
    )


def _as_moment(text: str, value: Any, called: str, kind: str) -> Converted | None:
    """A day is a moment at midnight, and such a moment a day."""
    if called == kind:
        return Converted(text)
    if called == "date":
        return Converted(text.replace("date", "datetime", 1), ("from datetime import datetime",))
    if called == "datetime" and not any(value[3:]):
        parts = ", ".join(str(one) for one in value[:3])
        return Converted(f"date({parts})", ("from datetime import date",))
    if called or not isinstance(value, str):
        return None
    fine, new = in_data(value, Shape("date" if kind == "date" else "datetime"))
    return Converted(text.replace(value, new)) if fine else None


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
