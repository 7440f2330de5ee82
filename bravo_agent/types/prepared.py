"""Values that a rule has made itself: ``ColumnType("bson", schema="bravo")``, no type of PostgreSQL.

The canonical array is binary; each value is ``bson.encode({"v": value})``, and the encoder takes the
element out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._kind import Kind


class _Prepared(Kind):
    kernel = "element"
    shape_kind = "any"
    annotation = "Any"
    imports = ("from typing import Any",)

    def matches(self, type_: ColumnType) -> bool:
        return type_.name == "bson" and type_.schema == "bravo"

    def bson_schema(self, type_: ColumnType, switches: TypesSection) -> Mapping[str, Any]:
        return {}


KIND = _Prepared()
