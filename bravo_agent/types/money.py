"""money -> Decimal128, read through numeric: its text depends on the locale, and ADBC gives cents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bson.decimal128 import Decimal128

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._decimals import decimal128
from bravo_agent.types._kind import Kind


class _Money(Kind):
    names = frozenset({"money"})
    kernel = "decimal"
    cast = "numeric"
    shape_kind = "decimal"
    annotation = "PgDecimal"
    bson_type = "decimal"

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        """Inside a composite no cast reaches it: ``SESSION`` fixes the locale, so it is ``-$1,234.50``."""
        return _read


def _read(text: str) -> Decimal128:
    return decimal128(text.replace("$", "").replace(",", ""))


KIND = _Money()
