# ruff: noqa: BLE001, UP006, UP035
"""Written values read without running anything, and values written as the old ones were."""

from __future__ import annotations

import ast
import json
from typing import Any, Dict

from ._sources import Unclear

UNKNOWN: Any = object()
_PLAIN = (bool, int, float, str, bytes, type(None))


def value_of(node: ast.expr) -> Any:
    """The value of a literal; ``UNKNOWN`` where it is none."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return UNKNOWN


def same(one: Any, other: Any) -> bool:
    """Equal, and of one type; what cannot be compared is not the same."""
    try:
        return type(one) is type(other) and bool(one == other)
    except Exception:  # an application's own __eq__ may raise anything
        return False


def rewritten(before: str, actual: Any) -> str:
    """A plain value in the style of ``before``: its quotes, its underscores."""
    if type(actual) not in _PLAIN:
        raise Unclear(f"it gives a {type(actual).__name__} now, which has no plain literal")
    if isinstance(actual, str):
        return _quoted(before, actual)
    if isinstance(actual, float) and (actual != actual or actual in (float("inf"), float("-inf"))):
        raise Unclear("it gives no finite number now")
    if isinstance(actual, int) and not isinstance(actual, bool) and "_" in before:
        return f"{actual:_}"
    return repr(actual)


def _quoted(before: str, text: str) -> str:
    if before[:1] not in ("'", '"') or before[:3] in ("'''", '"""'):
        raise Unclear("the text is written with a prefix or over several lines")
    quote = before[0]
    plain = repr(text)
    if quote in text or "\\" in plain:
        return plain
    return f"{quote}{plain[1:-1]}{quote}"


def from_text(expected: Any, actual: Any) -> str:
    """The text that a class like Decimal makes ``actual`` of; raises ``Unclear`` where it is not the way back."""
    if type(actual) is not type(expected):
        raise Unclear(f"it gives a {type(actual).__name__} now")
    text = str(actual)
    try:
        back = type(actual)(text)
    except Exception:  # any class may stand here
        back = UNKNOWN
    if not same(back, actual):
        raise Unclear(f"a {type(actual).__name__} cannot be written as a text")
    return text


def shortened(was: Any, actual: Any, more: int) -> Any:
    """``actual`` with as many digits behind the point as ``was`` has, and ``more``."""
    if hasattr(actual, "quantize"):
        return actual.quantize(was.scaleb(-more)) if more else actual.quantize(was)
    if isinstance(actual, float):
        return round(actual, len(repr(was).partition(".")[2]) + more)
    return actual


def data_text(value: Any) -> str:
    """A plain value as JSON."""
    if type(value) not in (bool, int, float, str, type(None)):
        raise Unclear(f"it gives a {type(value).__name__} now, which a data file cannot hold")
    return json.dumps(value, ensure_ascii=False)


def attributes(value: Any, names: Any) -> Dict[str, Any]:
    """Those attributes of a value, by name; raises ``Unclear`` where one is missing."""
    try:
        return {name: getattr(value, name) for name in names}
    except Exception:  # a property may raise anything
        raise Unclear(f"a {type(value).__name__} does not show what it was made of") from None
