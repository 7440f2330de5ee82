"""Enums -> string; in a model a Literal of the labels, in the validator an enum."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.model.entities import Shape
from bravo_agent.types._kind import Kind


class _Enums(Kind):
    kernel = "string"

    def matches(self, type_: ColumnType) -> bool:
        return type_.form == "enum"

    def element_cast(self, type_: ColumnType) -> str | None:
        return "text"

    def shape(self, type_: ColumnType) -> Shape:
        return Shape("enum", text=_literal(type_), labels=type_.labels)

    def python(self, type_: ColumnType, switches: TypesSection) -> tuple[str, tuple[str, ...]]:
        """An enum without labels holds no value, so its field is a plain str."""
        if not type_.labels:
            return "str", ()
        return _literal(type_), ("from typing import Literal",)

    def bson_schema(self, type_: ColumnType, switches: TypesSection) -> Mapping[str, Any]:
        if not type_.labels:
            return {"bsonType": "string"}
        return {"bsonType": "string", "enum": list(type_.labels)}


def _literal(type_: ColumnType) -> str:
    return f"Literal[{', '.join(map(_quoted, type_.labels))}]"


def _quoted(label: str) -> str:
    # This becomes code, and code must read as what it is.
    return json.dumps(label, ensure_ascii=False) if label.isprintable() else ascii(label)


KIND = _Enums()
