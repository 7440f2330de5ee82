"""text, varchar(n), char(n) (its padding kept), citext, name and "char" -> string."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.model.entities import Shape
from bravo_agent.types._kind import Kind

# citext is unknown to ADBC; of "char" it gives the byte, where PostgreSQL writes nothing for 0 and octal over 127.
_CAST = ("citext", "char")
_FIELD = ("from typing import Annotated", "from pydantic import Field")


class _Text(Kind):
    names = frozenset({"text", "varchar", "bpchar", "citext", "name", "char"})
    kernel = "string"

    def element_cast(self, type_: ColumnType) -> str | None:
        return "text" if type_.name in _CAST else super().element_cast(type_)

    def select(self, type_: ColumnType, column: str) -> tuple[str, ...]:
        """A cast of char(n) would strip its padding, so only these are cast."""
        return (f"{column}::text" if type_.name in _CAST else column,)

    def shape(self, type_: ColumnType) -> Shape:
        return Shape("str", text="str", max_length=type_.length)

    def python(self, type_: ColumnType, switches: TypesSection) -> tuple[str, tuple[str, ...]]:
        if type_.length is None:
            return "str", ()
        return f"Annotated[str, Field(max_length={type_.length})]", _FIELD

    def bson_schema(self, type_: ColumnType, switches: TypesSection) -> Mapping[str, Any]:
        if type_.length is None:
            return {"bsonType": "string"}
        return {"bsonType": "string", "maxLength": type_.length}


KIND = _Text()
