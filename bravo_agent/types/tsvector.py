"""tsvector, tsquery: derived from other columns, so left out by default (``skipped``); else their text."""

from __future__ import annotations

from bravo_agent.types._kind import Kind


class _Tsvector(Kind):
    names = frozenset({"tsvector", "tsquery"})
    kernel = "string"
    cast = "text"
    default_skip = True


KIND = _Tsvector()
