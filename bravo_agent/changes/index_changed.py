"""Indexes came, went or changed: documents stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example
from bravo_agent.changes._noted import noted_fact
from bravo_agent.changes._samples import table
from bravo_agent.changes._subjects import altered_tables, table_subject
from bravo_agent.model.catalog import Index
from bravo_agent.model.change import Change, Fact


class IndexChanged:
    """Claims the fact of the whole table; info, and nothing to edit."""

    name = "index_changed"
    rank = 50
    summary = "An index was added, dropped or changed."
    alters_values = False
    examples = (
        Example(
            "an index was added, dropped or changed",
            table(),
            table(indexes=(Index("campaigns_id_idx", ("id",)),)),
            (),
            "info",
            "auto-approve",
            options=("accept",),
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per table."""
        for fact in altered_tables(facts, "indexes"):
            yield noted_fact(self.name, fact, table_subject(context, fact.table), self.summary)


KIND = IndexChanged()
