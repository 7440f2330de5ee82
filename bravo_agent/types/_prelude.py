"""Source text that stands once in a package of generated models, for the names its annotations use."""

from __future__ import annotations

PRELUDE_NAMES = ("PgDecimal", "PgNumeric", "Range")

PRELUDE = '''\
from decimal import Decimal
from typing import Annotated, Any

from bson.decimal128 import Decimal128
from pydantic import BaseModel, ValidatorFunctionWrapHandler, WrapValidator


def _numeric(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    if isinstance(value, Decimal128):
        value = value.to_decimal()
    if value in ("NaN", "Infinity", "-Infinity"):
        value = Decimal(value)
    # Values of numeric that pydantic refuses beside max_digits.
    if isinstance(value, Decimal) and not value.is_finite():
        return value
    return handler(value)


# numeric of PostgreSQL, which MongoDB gives as Decimal128. In Annotated[Decimal, Field(...), PgNumeric] it stands
# last, so that it sees the value before the bounds do.
PgNumeric = WrapValidator(_numeric)
PgDecimal = Annotated[Decimal, PgNumeric]


class Range(BaseModel):
    """A range of PostgreSQL; a bound that is None is unbounded, unless the range is empty."""

    lower: Any = None
    upper: Any = None
    bounds: str = "[)"
    empty: bool = False
'''
