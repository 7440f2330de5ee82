"""int2, int4 -> int32; int8, oid -> int64. The BSON type follows the column's type, never the value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
from bson.int64 import Int64

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._kind import Kind, Lane

_SHORT = {"int2", "int4"}


class _Integers(Kind):
    names = frozenset({"int2", "int4", "int8", "oid"})
    shape_kind = "int"
    annotation = "int"

    def lane(self, type_: ColumnType) -> Lane:
        return "int32" if type_.name in _SHORT else "int64"

    def arrow(self, type_: ColumnType) -> pa.DataType:
        return pa.int16() if type_.name == "int2" else super().arrow(type_)

    def element_cast(self, type_: ColumnType) -> str | None:
        return "int8" if type_.name == "oid" else super().element_cast(type_)

    def select(self, type_: ColumnType, column: str) -> tuple[str, ...]:
        """ADBC reads an oid as a signed number of 32 bits."""
        return (f"{column}::int8" if type_.name == "oid" else column,)

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        return int if type_.name in _SHORT else Int64

    def bson_schema(self, type_: ColumnType, switches: TypesSection) -> Mapping[str, Any]:
        # Drivers store a small number as int32: an application must be able to write one to an int8's field.
        return {"bsonType": "int" if type_.name in _SHORT else ["int", "long"]}


KIND = _Integers()
