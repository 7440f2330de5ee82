"""uuid -> Binary subtype 4, or its text where the project says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from bson.binary import Binary

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._kind import Kind


class _Uuid(Kind):
    names = frozenset({"uuid"})
    kernel = "uuid"
    shape_kind = "uuid"
    annotation = "UUID"
    imports = ("from uuid import UUID",)

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        if switches.uuid == "string":
            return str
        return lambda text: Binary(UUID(text).bytes, 4)

    def bson_schema(self, type_: ColumnType, switches: TypesSection) -> Mapping[str, Any]:
        return {"bsonType": "string" if switches.uuid == "string" else "binData"}


KIND = _Uuid()
