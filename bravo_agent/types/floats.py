"""float4, float8 -> double; NaN and the infinities are kept, a float4 is widened exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._kind import Kind


class _Floats(Kind):
    names = frozenset({"float4", "float8"})
    kernel = "double"
    shape_kind = "float"
    annotation = "float"
    bson_type = "double"

    def arrow(self, type_: ColumnType) -> pa.DataType:
        return pa.float32() if type_.name == "float4" else pa.float64()

    def reader(self, type_: ColumnType, switches: TypesSection) -> Callable[[str], Any]:
        """``0.1`` as float4 is 0.10000000149...: the number that the column holds."""
        return (lambda text: float(np.float32(text))) if type_.name == "float4" else float


KIND = _Floats()
