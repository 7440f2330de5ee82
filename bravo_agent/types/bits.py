"""bit(n), varbit(n) -> string of 0 and 1."""

from __future__ import annotations

from bravo_agent.types._kind import Kind


class _Bits(Kind):
    names = frozenset({"bit", "varbit"})
    kernel = "string"
    cast = "text"


KIND = _Bits()
