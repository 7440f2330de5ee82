"""inet, cidr, macaddr, macaddr8 -> string, as PostgreSQL writes them (an inet's cast adds its ``/32``)."""

from __future__ import annotations

from bravo_agent.types._kind import Kind


class _Network(Kind):
    names = frozenset({"inet", "cidr", "macaddr", "macaddr8"})
    kernel = "string"
    cast = "text"


KIND = _Network()
