"""A comment of a column or table changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example
from bravo_agent.changes._noted import noted_fact
from bravo_agent.changes._samples import column, field, table
from bravo_agent.changes._subjects import altered, altered_tables, table_subject
from bravo_agent.model.change import Change, Fact

_SAID = "its comment changed."
"""Comments are free text of strangers: the question does not repeat them."""


class CommentChanged:
    """Claims comments; info, and nothing to edit."""

    name = "comment_changed"
    rank = 50
    summary = "A comment changed."
    alters_values = False
    examples = (
        Example(
            "of a column",
            table(column("s")),
            table(column("s", comment="In cents")),
            (field("s"),),
            "info",
            "auto-approve",
            options=("accept",),
        ),
        Example("of a table", table(), table(comment="What we sell"), (), "info", "auto-approve"),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per comment."""
        for found in altered(facts, context, "comment"):
            yield noted_fact(self.name, found.fact, found.subject, _SAID)
        for fact in altered_tables(facts, "comment"):
            yield noted_fact(self.name, fact, table_subject(context, fact.table), _SAID)


KIND = CommentChanged()
