"""Rounding rules: how many digits each number keeps when it leaves the application."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any, overload

#: digits after the point, by field
DIGITS: dict[str, int] = {
    # money of the documents
    "daily_budget": 2,
    "lifetime_budget": 2,
    "target_cpa": 2,
    "bid_amount": 2,
    "credit_limit": 2,
    "cost": 2,
    "revenue": 2,
    "adjustment": 2,
    # rates of the documents
    "bid_multiplier": 4,
    "margin_rate": 4,
    "quality_score": 4,
    "viewability_rate": 4,
    # what calculations give
    "ctr": 4,
    "cpc": 4,
    "cpm": 2,
    "cpa": 2,
    "roas": 2,
    "conversion_rate": 4,
    "pacing": 3,
    "budget_utilisation": 4,
}

#: shares are rounded to even, so that they still add up; money is rounded as invoices do
_TO_EVEN = frozenset({"ctr", "conversion_rate", "viewability_rate", "budget_utilisation"})


def quantum(digits: int) -> Decimal:
    """The smallest step with that many digits: `quantum(2)` is 0.01."""
    return Decimal(1).scaleb(-digits)


@overload
def round_field(name: str, value: Decimal) -> Decimal: ...
@overload
def round_field(name: str, value: None) -> None: ...
@overload
def round_field(name: str, value: Decimal | None) -> Decimal | None: ...
def round_field(name: str, value: Decimal | None) -> Decimal | None:
    """Round a value by the rule of its field; a field without a rule is an error."""
    if value is None:
        return None
    rounding = ROUND_HALF_EVEN if name in _TO_EVEN else ROUND_HALF_UP
    return value.quantize(quantum(DIGITS[name]), rounding=rounding)


def round_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Round all decimals of a mapping that have a rule; pass on everything else."""
    return {
        name: round_field(name, value) if isinstance(value, Decimal) and name in DIGITS else value
        for name, value in values.items()
    }
