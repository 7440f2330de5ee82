"""Keys inside documents that MongoDB would misread, and back."""

from __future__ import annotations

_ESCAPES = {"%": "%25", ".": "%2E", "\0": "%00"}
_TABLE = str.maketrans(_ESCAPES)


def escape_key(key: str) -> str:
    """``key`` without a leading ``$``, dots and NULs; ``unescape_key`` gives it back."""
    if key.startswith("$"):
        return "%24" + key[1:].translate(_TABLE)
    return key.translate(_TABLE) if "%" in key or "." in key or "\0" in key else key


def unescape_key(key: str) -> str:
    """The key that ``escape_key`` was given; ``%25`` last, or an escaped escape would be undone twice."""
    for plain, escaped in (("$", "%24"), (".", "%2E"), ("\0", "%00"), ("%", "%25")):
        key = key.replace(escaped, plain)
    return key
