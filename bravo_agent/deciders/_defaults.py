"""Whether a text is a default value that a field of some shape can have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from uuid import UUID

from bravo_agent.model.catalog import ColumnType
from bravo_agent.model.entities import Shape, ShapeKind

# The form that the code edit writes as a number; "1e5" or "NaN" would end as a text in a field of numbers.
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_BITS = {"int2": 16, "int4": 32, "int8": 64}


def default_fault(text: str, shape: Shape, type_: ColumnType | None = None) -> str | None:
    """Why ``text`` is no default for ``shape``, or None; for lists, documents and what is unknown it cannot tell.

    ``type_`` narrows integers to the column's range.
    """
    if shape.kind == "int":
        return _int_fault(text, type_)
    check = _CHECKS.get(shape.kind)
    return check(text, shape) if check else None


def _int_fault(text: str, type_: ColumnType | None) -> str | None:
    if not re.fullmatch(r"-?\d+", text, re.ASCII):
        return "is no integer"
    bits = _BITS.get(type_.name, 64) if type_ else 64
    if not -(2 ** (bits - 1)) <= int(text) < 2 ** (bits - 1):
        return f"is outside the range of {type_.name if type_ else 'int8'}"
    return None


def _bool_fault(text: str, shape: Shape) -> str | None:
    return None if text.lower() in ("true", "false") else "is neither true nor false"


def _float_fault(text: str, shape: Shape) -> str | None:
    return None if _NUMBER.fullmatch(text) else "is no number written as digits"


def _decimal_fault(text: str, shape: Shape) -> str | None:
    if not _NUMBER.fullmatch(text):
        return "is no number written as digits"
    whole, _, places = text.lstrip("-").partition(".")
    scale = shape.decimal_places
    if scale is not None and len(places) > scale:
        return f"has more than {scale} decimal places"
    if shape.max_digits is not None and len(whole.lstrip("0")) > shape.max_digits - (scale or 0):
        return f"has more than {shape.max_digits - (scale or 0)} digits before the point"
    return None


def _text_fault(text: str, shape: Shape) -> str | None:
    if shape.max_length is not None and len(text) > shape.max_length:
        return f"is longer than {shape.max_length} characters"
    return "holds a NUL character" if "\x00" in text else None


def _label_fault(text: str, shape: Shape) -> str | None:
    return None if not shape.labels or text in shape.labels else f"is not among {', '.join(shape.labels)}"


def _read_by(read: Callable[[str], object], what: str) -> Callable[[str, Shape], str | None]:
    def fault(text: str, shape: Shape) -> str | None:
        try:
            read(text)
        except ValueError:
            return f"is no {what}"
        return None

    return fault


_CHECKS: Mapping[ShapeKind, Callable[[str, Shape], str | None]] = {
    "bool": _bool_fault,
    "float": _float_fault,
    "decimal": _decimal_fault,
    "str": _text_fault,
    "enum": _label_fault,
    "uuid": _read_by(UUID, "UUID"),
    "date": _read_by(date.fromisoformat, "date as in 2026-12-31"),
    "datetime": _read_by(datetime.fromisoformat, "time stamp as in 2026-12-31T23:59:59"),
    "time": _read_by(time.fromisoformat, "time as in 23:59:59"),
}
