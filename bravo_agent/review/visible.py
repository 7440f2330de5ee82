"""Text that somebody else chose, as it may be shown: what no reader sees is written out."""

from __future__ import annotations

import re

# Printable by Unicode's book, and yet unseen: fillers, joiners, and selectors that can carry a hidden text.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def visible(text: str) -> str:
    """``text`` with control, bidi, tag and other unseen characters as escapes; tabs stay."""
    shown = "".join(c if c.isprintable() or c == "\t" else ascii(c)[1:-1] for c in text)
    return _UNSEEN.sub(lambda found: ascii(found.group())[1:-1], shown)
