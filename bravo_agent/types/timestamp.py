"""timestamp, timestamptz -> BSON Date: milliseconds, rounded down (the loss is declared); any year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._calendar import infinite, milliseconds, moment
from bravo_agent.types._kind import Kind, with_infinity


class _Timestamp(Kind):
    names = frozenset({"timestamp", "timestamptz"})
    kernel = "timestamp"
    shape_kind = "datetime"
    annotation = "datetime"
    imports = ("from datetime import datetime",)

    def arrow(self, type_: ColumnType) -> pa.DataType:
        return pa.timestamp("us", tz="UTC") if type_.name == "timestamptz" else pa.timestamp("us")

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        aware = type_.name == "timestamptz"

        def read(text: str) -> Any:
            if text.endswith("infinity"):
                return infinite(text, switches.infinity)
            return moment(milliseconds(text), aware=aware)

        return read

    def bson_schema(self, type_: ColumnType, switches: TypesSection) -> Mapping[str, Any]:
        return with_infinity("date", switches)


KIND = _Timestamp()
