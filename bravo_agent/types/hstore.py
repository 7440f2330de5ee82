"""hstore -> document of strings and nulls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._keys import escape_key
from bravo_agent.types._kind import Kind
from bravo_agent.types._literals import hstore_pairs


class _Hstore(Kind):
    names = frozenset({"hstore"})
    cast = "text"
    shape_kind = "dict"
    annotation = "dict[str, str | None]"
    bson_type = "object"

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        return lambda text: {escape_key(key): value for key, value in hstore_pairs(text)}


KIND = _Hstore()
