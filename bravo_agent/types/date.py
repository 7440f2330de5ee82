"""date -> BSON Date at UTC midnight, or ISO text where the project says so; any year PostgreSQL has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._calendar import DAY_MS, infinite, iso_day, milliseconds, moment
from bravo_agent.types._kind import Kind, with_infinity


class _Date(Kind):
    names = frozenset({"date"})
    kernel = "date"
    shape_kind = "date"
    annotation = "date"
    imports = ("from datetime import date",)

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        def read(text: str) -> Any:
            if text.endswith("infinity"):
                return infinite(text, switches.infinity)
            ms = milliseconds(text)
            return iso_day(ms // DAY_MS) if switches.date == "string" else moment(ms)

        return read

    def bson_schema(self, type_: ColumnType, switches: TypesSection) -> Mapping[str, Any]:
        return with_infinity("string" if switches.date == "string" else "date", switches)


KIND = _Date()
