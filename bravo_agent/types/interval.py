"""interval -> ISO 8601 text: months, days and microseconds stay apart, so it is never a timedelta.

The export's session sets ``intervalstyle``; see ``SESSION``.
"""

from __future__ import annotations

from bravo_agent.types._kind import Kind


class _Interval(Kind):
    names = frozenset({"interval"})
    kernel = "string"
    cast = "text"


KIND = _Interval()
