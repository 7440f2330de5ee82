"""inet, cidr, macaddr, macaddr8 -> string, as PostgreSQL prints them."""

from __future__ import annotations

from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._kind import Kind


class _Network(Kind):
    names = frozenset({"inet", "cidr", "macaddr", "macaddr8"})
    kernel = "string"
    cast = "text"

    def element_cast(self, type_: ColumnType) -> str | None:
        """Through the array's text, for the reason of ``select``."""
        return "text::text" if type_.name == "inet" else self.cast

    def select(self, type_: ColumnType, column: str) -> tuple[str, ...]:
        """The cast of an inet to text adds ``/32``, which its output function does not."""
        return (f"inet_out({column})::text",) if type_.name == "inet" else super().select(type_, column)


KIND = _Network()
