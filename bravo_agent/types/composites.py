"""Composites -> documents by field names, NULL fields null."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._families import family
from bravo_agent.types._keys import escape_key
from bravo_agent.types._kind import Kind
from bravo_agent.types._literals import row_fields
from bravo_agent.types._rejection import Rejection


class _Composites(Kind):
    cast = "text"
    shape_kind = "dict"
    annotation = "dict[str, Any]"
    imports = ("from typing import Any",)
    bson_type = "object"

    def matches(self, type_: ColumnType) -> bool:
        return type_.form == "composite"

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        fields = [(escape_key(name), family(own).reader(own, switches)) for name, own in type_.fields]
        return lambda text: _document(text, fields)

    def bson_schema(self, type_: ColumnType, switches: TypesSection) -> Mapping[str, Any]:
        return {"bsonType": "object", "required": [escape_key(name) for name, _ in type_.fields]}


def _document(text: str, fields: list[tuple[str, Callable[[str], Any]]]) -> dict[str, Any]:
    texts = row_fields(text) if fields else []
    if len(texts) != len(fields):
        raise Rejection("composite-malformed")
    return {name: None if own is None else read(own) for (name, read), own in zip(fields, texts, strict=True)}


KIND = _Composites()
