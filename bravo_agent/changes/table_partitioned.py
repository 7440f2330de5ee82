"""A table became partitioned or a view, or ceased to be: it is one collection either way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example
from bravo_agent.changes._noted import noted_fact
from bravo_agent.changes._samples import table
from bravo_agent.changes._subjects import altered_tables, table_subject
from bravo_agent.model.change import Change, Fact


class TablePartitioned:
    """Claims the fact of the whole table; info, and nothing to edit."""

    name = "table_partitioned"
    rank = 50
    summary = "A table was partitioned or became a view, or is so no more."
    alters_values = False
    examples = (
        Example(
            "a table was partitioned, or is no more",
            table(),
            table(partitioned=True),
            (),
            "info",
            "auto-approve",
            options=("accept",),
        ),
        Example(
            "a view took the table's place",
            table(),
            replace(table(), form="view"),
            (),
            "info",
            "auto-approve",
            options=("accept",),
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per table."""
        for fact in altered_tables(facts, "partitioned"):
            yield noted_fact(self.name, fact, table_subject(context, fact.table), self.summary)


KIND = TablePartitioned()
