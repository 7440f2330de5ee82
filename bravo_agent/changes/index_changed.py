"""Indexes came, went or changed: documents stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example, change
from bravo_agent.changes._noted import noted
from bravo_agent.changes._samples import table
from bravo_agent.changes._subjects import altered_tables, table_subject
from bravo_agent.model.catalog import Index
from bravo_agent.model.change import Altered, Change, Details, Fact


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
            yield _change(fact, context)


def _change(fact: Altered, context: Context) -> Change:
    return change(
        IndexChanged.name,
        table_subject(context, fact.table),
        (fact,),
        before=fact.before,
        after=fact.after,
        severity="info",
        verdict="auto-approve",
        details=Details(before=fact.before, after=fact.after),
        question=noted(f"{fact.table}: {IndexChanged.summary}"),
    )


KIND = IndexChanged()
