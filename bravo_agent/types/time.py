"""time, timetz -> ISO 8601 text; as text, because ADBC turns 24:00:00 into midnight."""

from __future__ import annotations

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._kind import Kind


class _Time(Kind):
    names = frozenset({"time", "timetz"})
    kernel = "string"
    cast = "text"
    shape_kind = "time"
    annotation = "time"
    imports = ("from datetime import time",)

    def python(self, type_: ColumnType, switches: TypesSection) -> tuple[str, tuple[str, ...]]:
        return ("PgTime", ()) if type_.name == "timetz" else super().python(type_, switches)


KIND = _Time()
