"""Field types that several models share."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from bson.decimal128 import Decimal128
from pydantic import BeforeValidator, Field


def decimal_from_bson(value: Any) -> Any:
    """Turn BSON's Decimal128 into a Decimal; leave everything else to Pydantic."""
    if isinstance(value, Decimal128):
        return value.to_decimal()
    return value


# --- numbers ------------------------------------------------------------------
Money = Annotated[Decimal, BeforeValidator(decimal_from_bson), Field(max_digits=12, decimal_places=2)]
Rate = Annotated[Decimal, BeforeValidator(decimal_from_bson), Field(max_digits=8, decimal_places=4)]

# Sums and quotients have no column behind them, so no bound either.
AnyDecimal = Annotated[Decimal, BeforeValidator(decimal_from_bson)]

Count = Annotated[int, Field(ge=0)]

# --- text ---------------------------------------------------------------------
CountryCode = Annotated[str, Field(min_length=2, max_length=2)]   # ISO 3166-1 alpha-2
CurrencyCode = Annotated[str, Field(min_length=3, max_length=3)]  # ISO 4217

AdFormat = Literal["text", "image", "video", "carousel"]
Device = Literal["desktop", "mobile", "tablet", "tv"]
