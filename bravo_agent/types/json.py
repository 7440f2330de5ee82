"""json, jsonb -> document, array or scalar, read once per distinct text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._json import read_json
from bravo_agent.types._kind import Kind


class _Json(Kind):
    names = frozenset({"json", "jsonb"})
    shape_kind = "any"
    annotation = "Any"
    imports = ("from typing import Any",)

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        return read_json

    def bson_schema(self, type_: ColumnType, switches: TypesSection) -> Mapping[str, Any]:
        """Any value: a JSON ``null`` is one, besides NULL."""
        return {}


KIND = _Json()
