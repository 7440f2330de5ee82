"""Which characters a reader sees as what they are: names, comments and labels may be made of others too."""

from __future__ import annotations

import unicodedata

# Unicode's Default_Ignorable_Code_Point beyond controls and formats, and a letter that is blank. Nobody sees them, and
# a program (or a model) reads them all the same: 256 variation selectors spell any byte.
_BLANK = frozenset(
    chr(code)
    for start, end in (
        (0x034F, 0x034F),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x2800, 0x2800),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0),
        (0xE0100, 0xE01EF),
    )
    for code in range(start, end + 1)
)


def seen(character: str) -> bool:
    """Neither control, format (bidi, tags), surrogate, private or unassigned, nor a break of lines, nor blank."""
    category = unicodedata.category(character)
    return category[0] != "C" and category not in ("Zl", "Zp") and character not in _BLANK


def all_seen(text: str) -> bool:
    """Whether every character of it is ``seen``."""
    return all(map(seen, text))
