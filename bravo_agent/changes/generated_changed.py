"""A column became generated or an identity, or ceased to be: its values are read as ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example
from bravo_agent.changes._noted import noted_column
from bravo_agent.changes._samples import column, field, table
from bravo_agent.changes._subjects import altered
from bravo_agent.model.change import Change, Fact


class GeneratedChanged:
    """Claims the fact of one column; info, and nothing to edit."""

    name = "generated_changed"
    rank = 50
    summary = "Where the values of a column come from changed."
    alters_values = False
    examples = (
        Example(
            "where the values of a column come from changed",
            table(column("s")),
            table(column("s", generated=True)),
            (field("s"),),
            "info",
            "auto-approve",
            options=("accept",),
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per column."""
        for found in altered(facts, context, "generated"):
            yield noted_column(self.name, found, "its source of values changed.")


KIND = GeneratedChanged()
