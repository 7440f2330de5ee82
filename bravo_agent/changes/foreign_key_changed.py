"""Foreign keys came, went or changed: MongoDB holds none, readers see no difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example
from bravo_agent.changes._noted import noted_fact
from bravo_agent.changes._samples import table
from bravo_agent.changes._subjects import altered_tables, table_subject
from bravo_agent.model.catalog import ForeignKey
from bravo_agent.model.change import Change, Fact


class ForeignKeyChanged:
    """Claims the fact of the whole table; info, and nothing to edit."""

    name = "foreign_key_changed"
    rank = 50
    summary = "A foreign key was added, dropped or changed."
    alters_values = False
    examples = (
        Example(
            "a foreign key was added, dropped or changed",
            table(),
            table(foreign_keys=(ForeignKey("fk", ("id",), "public.other", ("id",)),)),
            (),
            "info",
            "auto-approve",
            options=("accept",),
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per table."""
        for fact in altered_tables(facts, "foreign-keys"):
            yield noted_fact(self.name, fact, table_subject(context, fact.table), self.summary)


KIND = ForeignKeyChanged()
