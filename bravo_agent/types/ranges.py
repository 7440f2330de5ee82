"""Ranges -> {lower, upper, bounds, empty}, multiranges -> arrays of those; bounds as their own type is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.model.entities import Shape
from bravo_agent.types._families import family
from bravo_agent.types._kind import Kind
from bravo_agent.types._literals import RangeText, multirange_parts, range_parts

_SHAPE = Shape("model", text="Range", model="Range")
_SCHEMA: Mapping[str, Any] = {"bsonType": "object", "required": ["lower", "upper", "bounds", "empty"]}


class _Ranges(Kind):
    cast = "text"
    annotation = "Range"

    def matches(self, type_: ColumnType) -> bool:
        return type_.form in ("range", "multirange")

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        bound = type_.element
        read = family(bound).reader(bound, switches) if bound else str
        if type_.form == "range":
            return lambda text: _document(range_parts(text), read)
        return lambda text: [_document(part, read) for part in multirange_parts(text)]

    def shape(self, type_: ColumnType) -> Shape:
        if type_.form == "range":
            return _SHAPE
        return Shape("list", text="list[Range]", item=_SHAPE)

    def python(self, type_: ColumnType, switches: TypesSection) -> tuple[str, tuple[str, ...]]:
        return ("Range" if type_.form == "range" else "list[Range]"), ()

    def bson_schema(self, type_: ColumnType, switches: TypesSection) -> Mapping[str, Any]:
        return _SCHEMA if type_.form == "range" else {"bsonType": "array", "items": _SCHEMA}


def _document(part: RangeText, read: Callable[[str], Any]) -> dict[str, Any]:
    return {
        "lower": None if part.lower is None else read(part.lower),
        "upper": None if part.upper is None else read(part.upper),
        "bounds": part.bounds,
        "empty": part.empty,
    }


KIND = _Ranges()
