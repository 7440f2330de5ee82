"""PostgreSQL's text of a numeric -> Decimal128, trailing zeros kept."""

from __future__ import annotations

from bson.decimal128 import Decimal128

from bravo_agent.types._rejection import Rejection

TOO_LONG = "numeric-over-34-digits"
MAX_DIGITS, MAX_SCALE = 34, 6176
SPECIALS = ("NaN", "Infinity", "-Infinity")


def decimal128(text: str) -> Decimal128:
    """The exact value; raises ``Rejection`` where 34 digits or the exponent do not hold it."""
    if text in SPECIALS:
        return Decimal128(text)
    whole, _, fraction = text.removeprefix("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    if len(digits) > MAX_DIGITS or len(fraction) > MAX_SCALE or not (whole + fraction).isdecimal():
        raise Rejection(TOO_LONG)
    return Decimal128(text)
