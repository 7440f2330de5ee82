"""What other programs print, with the secrets struck out that it is likely to hold.

An application that does not start often says why by repeating its settings. This is a net with holes, not a promise:
what an application prints of a secret that it has from elsewhere, in words of its own, is told as it is.
"""

from __future__ import annotations

import os
import re

_STRUCK = "***"
_SECRET_NAME = re.compile(
    r"KEY|TOKEN|SECRET|PASS|PWD|CREDENTIAL|AUTH|URI|URL|DSN|DATABASE|CONNECTION", re.ASCII | re.IGNORECASE
)
_PLACES = frozenset({"PWD", "OLDPWD"})
_SHORTEST = 6
# Pydantic's errors repeat what they were given, cut in its middle.
_GIVEN = re.compile(r"(input_value=).*?(?=, input_type=|$)", re.MULTILINE)
_WEB = re.compile(r"(https?://)[^\s/@'\"]+@")
_ADDRESS = re.compile(r"\b((?!https?:|file:)[a-z][a-z0-9+.-]*://)[^\s'\"]+", re.IGNORECASE)
_WORD = re.compile(
    r"((?:pass(?:word|wd)?|pwd|secret|token|key|credentials?)['\"]?\s*[=:]\s*)"
    r"('(?:\\.|[^'\\])*'?|\"(?:\\.|[^\"\\])*\"?|[^\s,;&'\"]+)",
    re.IGNORECASE,
)


def struck(text: str) -> str:
    """``text`` without values of the environment that are secrets by their name, addresses, passwords."""
    for value in _secrets():
        text = text.replace(value, _STRUCK)
    for pattern in (_GIVEN, _ADDRESS, _WORD):
        text = pattern.sub(rf"\1{_STRUCK}", text)
    return _WEB.sub(rf"\1{_STRUCK}@", text)


def _secrets() -> list[str]:
    values = {
        value
        for name, value in os.environ.items()
        if _SECRET_NAME.search(name) and name not in _PLACES and len(value) >= _SHORTEST
    }
    # As a program prints them too; the longest first, so that none is struck in part.
    return sorted({*values, *(repr(value)[1:-1] for value in values)}, key=len, reverse=True)
