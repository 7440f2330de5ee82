"""Source text that stands once in a package of generated models, for the names its annotations use."""

from __future__ import annotations

PRELUDE_NAMES = ("PgDecimal", "PgNumeric", "PgTime", "Range")

PRELUDE = '''\
from collections.abc import Callable
from datetime import time
from decimal import Decimal
from typing import Annotated, Any

from bson.decimal128 import Decimal128
from pydantic import BaseModel, BeforeValidator, WrapValidator


def _numeric(value: Any, check: Callable[[Any], Any]) -> Any:
    if isinstance(value, Decimal128) or value in ("NaN", "Infinity", "-Infinity"):
        value = Decimal(str(value))
    return value if isinstance(value, Decimal) and not value.is_finite() else check(value)


# numeric of PostgreSQL: MongoDB gives it as Decimal128; NaN and the infinities are values of it,
# whatever its digits are held to, so it stands behind the Field that holds them.
PgNumeric = WrapValidator(_numeric)
PgDecimal = Annotated[Decimal, PgNumeric]


def _time(value: Any) -> Any:
    return time.fromisoformat(value) if isinstance(value, str) else value


# timetz of PostgreSQL: its zone may be hours alone (+02), or have seconds.
PgTime = Annotated[time, BeforeValidator(_time)]


class Range(BaseModel):
    """A range of PostgreSQL; a bound that is None is unbounded, unless the range is empty."""

    lower: Any = None
    upper: Any = None
    bounds: str = "[)"
    empty: bool = False
'''
