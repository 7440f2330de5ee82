"""A table became partitioned or a view, or ceased to be: it is one collection either way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example, change
from bravo_agent.changes._noted import noted
from bravo_agent.changes._samples import table
from bravo_agent.changes._subjects import altered_tables, table_subject
from bravo_agent.model.change import Altered, Change, Details, Fact


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
            yield _change(fact, context)


def _change(fact: Altered, context: Context) -> Change:
    return change(
        TablePartitioned.name,
        table_subject(context, fact.table),
        (fact,),
        before=fact.before,
        after=fact.after,
        severity="info",
        verdict="auto-approve",
        details=Details(before=fact.before, after=fact.after),
        question=noted(f"{fact.table}: {TablePartitioned.summary}"),
    )


KIND = TablePartitioned()
