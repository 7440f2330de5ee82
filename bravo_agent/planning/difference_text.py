"""What differs between two lists of keys, indexes or checks, for a reader who knows the rest of them."""

from __future__ import annotations

import json
from typing import Any


def difference_text(before: str | None, after: str | None) -> tuple[str, ...] | None:
    """``gone: ...`` and ``new: ...``, a line each; None where the two are no lists in JSON."""
    old, new = _items(before), _items(after)
    if old is None or new is None:
        return None
    gone = [f"gone: {item}" for item in old if item not in new]
    return (*gone, *(f"new: {item}" for item in new if item not in old))


def _items(text: str | None) -> list[str] | None:
    try:
        value = json.loads(text or "[]")
    except ValueError:
        return None
    return [_item(one) for one in value] if isinstance(value, list) else None


def _item(value: Any) -> str:
    """A check as it is; of an index its definition; of a key its parts."""
    if not isinstance(value, list):
        return str(value)
    if value and str(value[-1]).startswith("CREATE "):
        return str(value[-1])
    parts = (f"({', '.join(map(str, one))})" if isinstance(one, list) else str(one) for one in value)
    return " ".join(parts)
