"""Source text that stands once in a package of generated models, for the names its annotations use."""

from __future__ import annotations

PRELUDE_NAMES = ("PgDecimal", "Range")

PRELUDE = '''\
from decimal import Decimal
from typing import Annotated, Any

from bson.decimal128 import Decimal128
from pydantic import BaseModel, BeforeValidator, Field


def _decimal(value: Any) -> Any:
    return value.to_decimal() if isinstance(value, Decimal128) else value


# numeric of PostgreSQL: MongoDB gives it as Decimal128; NaN and the infinities are values of it.
PgDecimal = Annotated[Decimal, BeforeValidator(_decimal), Field(allow_inf_nan=True)]


class Range(BaseModel):
    """A range of PostgreSQL; a bound that is None is unbounded, unless the range is empty."""

    lower: Any = None
    upper: Any = None
    bounds: str = "[)"
    empty: bool = False
'''
