"""bool -> bool."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._kind import Kind


class _Booleans(Kind):
    names = frozenset({"bool"})
    kernel = "bool"
    shape_kind = "bool"
    annotation = "bool"
    bson_type = "bool"

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        """``t`` inside arrays and composites, ``true`` after a cast."""
        return lambda text: text.startswith("t")


KIND = _Booleans()
