"""Whether a value, as MongoDB will give it back, is one that a model's field takes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from bson.binary import Binary
from bson.datetime_ms import DatetimeMS
from bson.decimal128 import Decimal128

from bravo_agent.model.entities import Shape

_OPEN = ("dict", "union", "any", "unknown", "model")
_DATES = (DatetimeMS, datetime, str)
_TYPES: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (float, int),
    "decimal": (Decimal128,),
    "str": (str,),
    "bytes": (bytes,),
    "uuid": (Binary, UUID, str),
    "date": _DATES,
    "datetime": _DATES,
    "time": (str,),
    "timedelta": (str, int, float),
    "enum": (str, int),
    "list": (list,),
}


def misfit(value: Any, shape: Shape) -> str | None:
    """Why a field of ``shape`` does not take ``value``, without the value; None where it does.

    Of kinds that we cannot read (a union, a model of its own) only null is judged.
    """
    if value is None:
        return (
            None if shape.optional or shape.kind in ("any", "unknown") else "null, and the field takes none"
        )
    if shape.kind in _OPEN:
        return None
    kinds = _TYPES[shape.kind]
    if not isinstance(value, kinds) or (isinstance(value, bool) and shape.kind != "bool"):
        return f"{type(value).__name__}, and the field takes {shape.kind}"
    return _out_of_bounds(value, shape)


def _out_of_bounds(value: Any, shape: Shape) -> str | None:
    if shape.kind == "list" and shape.item is not None:
        return next((why for one in value if (why := misfit(one, shape.item))), None)
    if shape.kind == "enum" and shape.labels and str(value) not in shape.labels:
        return "a label that the field does not have"
    if shape.max_length is not None and isinstance(value, str | bytes) and len(value) > shape.max_length:
        return f"longer than {shape.max_length}"
    if isinstance(value, Decimal128):
        return _digits(value.to_decimal(), shape)
    return None


def _digits(value: Decimal, shape: Shape) -> str | None:
    if not value.is_finite():
        return None
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    places = max(0, -exponent)
    whole = len(digits) + exponent if any(digits) else 0
    if shape.decimal_places is not None and places > shape.decimal_places:
        return f"more than {shape.decimal_places} decimal places"
    if shape.max_digits is None:
        return None
    if max(len(digits) + max(0, exponent), places) > shape.max_digits:
        return f"more than {shape.max_digits} digits"
    # As Pydantic has it: the places are kept free for the digits behind the point.
    room = shape.max_digits - (shape.decimal_places or 0)
    return f"more than {room} digits before the point" if whole > room else None
