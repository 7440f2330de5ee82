"""NULL became NOT NULL: readers see less, not more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example
from bravo_agent.changes._noted import noted_column
from bravo_agent.changes._samples import column, field, table
from bravo_agent.changes._subjects import altered
from bravo_agent.model.change import Change, Fact


class NullabilityTightened:
    """Claims the fact of one column; info, and nothing to edit."""

    name = "nullability_tightened"
    rank = 50
    summary = "A column became NOT NULL."
    alters_values = False
    examples = (
        Example(
            "a column became not null",
            table(column("s")),
            table(column("s", nullable=False)),
            (field("s"),),
            "info",
            "auto-approve",
            options=("accept",),
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per column."""
        for found in altered(facts, context, "nullable"):
            if not found.new.nullable:
                yield noted_column(self.name, found, "now NOT NULL.")


KIND = NullabilityTightened()
