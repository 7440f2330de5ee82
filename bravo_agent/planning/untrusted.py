"""Text that somebody else chose, made fit to be shown to a model: short, visible, and plainly data."""

from __future__ import annotations

import json
from typing import Any

from bravo_agent.characters import seen

MAX_TEXT = 200
_MAX_ITEMS = 50


def visible(text: str, limit: int = MAX_TEXT) -> str:
    """``text`` in one line without control, bidi, tag and other unseen characters, cut to ``limit``."""
    spaced = "".join(" " if c in "\t\n\r\x0b\x0c\x85\u2028\u2029" else c for c in text)
    shown = "".join(filter(seen, spaced))
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def as_data(value: Any) -> str:
    """``value`` (dicts, lists, texts, numbers) as JSON with every text in it made visible, and long lists cut.

    Signs that could look like a mark are escaped, so that no name closes what it stands in.
    """
    text = json.dumps(_clean(value), indent=1, sort_keys=True, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {
            visible(str(key)): _clean(one) for key, one in value.items() if one not in (None, (), [], {}, "")
        }
    if isinstance(value, list | tuple):
        cut = [_clean(one) for one in value[:_MAX_ITEMS]]
        return [*cut, f"and {len(value) - _MAX_ITEMS} more"] if len(value) > _MAX_ITEMS else cut
    return value
