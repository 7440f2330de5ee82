"""Lines as libcst and ast count them."""

from __future__ import annotations

import re

LINE_END = re.compile(r"\r\n|\r|\n")


def line_starts(text: str) -> list[int]:
    """Where each line begins."""
    return [0, *(found.end() for found in LINE_END.finditer(text))]
