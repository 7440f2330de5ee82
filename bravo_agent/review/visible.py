"""Text that somebody else chose, as it may be shown: what no reader sees is written out."""

from __future__ import annotations

from bravo_agent.characters import seen


def visible(text: str) -> str:
    """``text`` with control, bidi, tag and other unseen characters as escapes; tabs stay."""
    return "".join(c if c == "\t" or (c.isprintable() and seen(c)) else ascii(c)[1:-1] for c in text)
