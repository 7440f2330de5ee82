"""JSON text -> BSON values without loss."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from bson.decimal128 import Decimal128
from bson.int64 import Int64

from bravo_agent.types._keys import escape_key
from bravo_agent.types._rejection import Rejection

# MongoDB refuses documents of more than 100 levels; the document around the value needs some of them.
MAX_DEPTH = 90
TOO_LARGE, TOO_DEEP, SURROGATE = "json-number-too-large", "json-too-deep", "json-lone-surrogate"

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
# Digits that int() takes whatever sys.set_int_max_str_digits says; Decimal128 ends long before.
_MAX_INTEGER = 400
_INT64_DIGITS = 18
# Where no backslash is, a quote and a colon end a key and nothing else.
_ODD_KEY = re.compile(r'[.$%][^"]*"\s*:')


def read_json(text: str) -> Any:
    """Integers are Int64 (Decimal128 beyond), fractions double where that is exact, else Decimal128."""
    try:
        value = (_DECODER if _has_odd_key(text) else _QUICK).decode(text)
        # Ninety levels take as many brackets to open, and to close.
        if len(text) > 2 * MAX_DEPTH and text.count("[") + text.count("{") > MAX_DEPTH:
            _check_depth(value, 0)
    except RecursionError:
        raise Rejection(TOO_DEEP) from None
    if "\\" in text and _SURROGATE_ESCAPE.search(text):
        _check_surrogates(value)
    return value


def _has_odd_key(text: str) -> bool:
    """Whether a key may have to be escaped; a backslash may stand for any character."""
    if "\\" in text:
        return True
    return ("." in text or "$" in text or "%" in text) and _ODD_KEY.search(text) is not None


def _integer(text: str) -> Int64 | Decimal128:
    if len(text) <= _INT64_DIGITS:
        return Int64(text)
    number = int(text) if len(text) < _MAX_INTEGER else None
    if number is not None and -(2**63) <= number < 2**63:
        return Int64(number)
    return _decimal(Decimal(text))


def _fraction(text: str) -> float | Decimal128:
    near, exact = float(text), Decimal(text)
    return near if Decimal(repr(near)) == exact else _decimal(exact)


def _decimal(value: Decimal) -> Decimal128:
    """Exact or ``Rejection``; trailing zeros of an integer (1e400) count as exponent, not as digits."""
    digits = value.as_tuple().digits
    significant = len("".join(map(str, digits)).strip("0"))
    if significant > 34 or not -6176 <= value.adjusted() <= 6144:
        raise Rejection(TOO_LARGE)
    try:
        return Decimal128(value)
    except (ArithmeticError, ValueError):
        raise Rejection(TOO_LARGE) from None


def _document(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The last of equal keys wins, as in jsonb."""
    return {escape_key(key): value for key, value in pairs}


def _check_depth(value: Any, around: int) -> None:
    """``around``: documents and arrays that the value is in."""
    if not isinstance(value, dict | list):
        return
    if around >= MAX_DEPTH:
        raise Rejection(TOO_DEEP)
    for child in value.values() if isinstance(value, dict) else value:
        _check_depth(child, around + 1)


def _check_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise Rejection(SURROGATE) from None


_DECODER = json.JSONDecoder(
    object_pairs_hook=_document, parse_int=_integer, parse_float=_fraction, strict=False
)
# The same without a look at the keys: twice as quick.
_QUICK = json.JSONDecoder(parse_int=_integer, parse_float=_fraction, strict=False)
