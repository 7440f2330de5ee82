"""Another primary key is another `_id` for every document: nothing but a new start answers it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example, change
from bravo_agent.changes._samples import INT8, column, field, table
from bravo_agent.changes._subjects import altered_tables, table_subject
from bravo_agent.model.change import Altered, Change, Details, Fact
from bravo_agent.model.entities import Shape


class PrimaryKeyChanged:
    """Claims the primary key of a table. Blocks, and no recorded answer lifts it."""

    name = "primary_key_changed"
    rank = 20
    summary = "The primary key changed."
    alters_values = True
    examples = (
        Example(
            "other columns",
            table(column("n", INT8, nullable=False)),
            table(column("n", INT8, nullable=False), key=("id", "n")),
            (field("n", Shape("int")),),
            "breaking",
            "block",
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per table."""
        for fact in altered_tables(facts, "primary-key"):
            yield _change(fact, context)


def _change(fact: Altered, context: Context) -> Change:
    return change(
        PrimaryKeyChanged.name,
        table_subject(context, fact.table),
        (fact,),
        before=fact.before,
        after=fact.after,
        severity="breaking",
        verdict="block",
        details=Details(before=fact.before, after=fact.after, note="every document's _id would change"),
        application="parallel-version",
    )


KIND = PrimaryKeyChanged()
