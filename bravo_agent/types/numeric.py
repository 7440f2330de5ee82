"""numeric -> Decimal128; in Arrow it is PostgreSQL's own text, which alone holds any scale and NaN."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.model.entities import Shape
from bravo_agent.types._decimals import decimal128
from bravo_agent.types._kind import Kind, plain

_FIELD = ("from decimal import Decimal", "from typing import Annotated", "from pydantic import Field")
# What ADBC writes -> what PostgreSQL writes; no number holds any of these letters.
_SPECIALS = (("nan", "NaN"), ("inf", "Infinity"))


class _Numeric(Kind):
    names = frozenset({"numeric"})
    kernel = "decimal"
    shape_kind = "decimal"
    annotation = "PgDecimal"
    bson_type = "decimal"

    def restore(self, type_: ColumnType, arrays: Sequence[pa.Array]) -> pa.Array:
        array = plain(arrays[0], pa.utf8())
        if pc.any(pc.match_substring(array, "n")).as_py():
            for adbc, postgres in _SPECIALS:
                mask = pc.match_substring_regex(array, f"^-?{adbc}$")
                array = pc.if_else(mask, pc.replace_substring(array, adbc, postgres), array)
        return array

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        return decimal128

    def shape(self, type_: ColumnType) -> Shape:
        digits, places = _bounds(type_)
        return Shape("decimal", text="Decimal", max_digits=digits, decimal_places=places)

    def python(self, type_: ColumnType, switches: TypesSection) -> tuple[str, tuple[str, ...]]:
        digits, places = _bounds(type_)
        if digits is None:
            return self.annotation, self.imports
        bound = f"Field(max_digits={digits}, decimal_places={places})"
        return f"Annotated[Decimal, {bound}, PgNumeric]", _FIELD


def _bounds(type_: ColumnType) -> tuple[int | None, int | None]:
    """Pydantic's bounds; it has none for a negative scale, nor for one beyond the precision."""
    scale = type_.scale or 0
    if type_.precision is None or not 0 <= scale <= type_.precision:
        return None, None
    return type_.precision, scale


KIND = _Numeric()
