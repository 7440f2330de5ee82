"""A default changed: it acts on rows to come, and readers see values as ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example
from bravo_agent.changes._noted import noted_column
from bravo_agent.changes._samples import column, field, table
from bravo_agent.changes._subjects import altered
from bravo_agent.model.change import Change, Fact


class DefaultChanged:
    """Claims the fact of one column; info, and nothing to edit."""

    name = "default_changed"
    rank = 50
    summary = "The default of a column changed."
    alters_values = False
    examples = (
        Example(
            "the default of a column changed",
            table(column("s")),
            table(column("s", default="'x'::text")),
            (field("s"),),
            "info",
            "auto-approve",
            options=("accept",),
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per column."""
        for found in altered(facts, context, "default"):
            yield noted_column(self.name, found, "its default changed.")


KIND = DefaultChanged()
