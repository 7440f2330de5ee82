"""A table under another name, known by identity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example, change
from bravo_agent.changes._samples import column, field, table
from bravo_agent.changes._subjects import altered_tables, table_subject
from bravo_agent.model.change import Altered, Change, Details, Evidence, Fact, Option, Question

_OPTIONS = (
    Option("rename", "Rename model and collection", "Model, collection and code take the new name."),
    Option(
        "keep-old-name",
        "Keep the old names",
        "The table feeds the old collection, until bravo.toml maps it for good.",
        takes_hold="standing",
    ),
)


class TableRenamed:
    """Claims a table's name. Without identity a renamed table is one missing and one new, which blocks."""

    name = "table_renamed"
    rank = 10
    summary = "A table was renamed."
    alters_values = True
    examples = (
        Example(
            "by identity",
            table(column("s")),
            table(column("s"), name="promotions"),
            (field("s"),),
            "breaking",
            "review",
            options=("rename", "keep-old-name"),
        ),
        Example(
            "the model's name fits",
            table(column("s")),
            table(column("s"), name="campaign"),
            (field("s"),),
            "info",
            "auto-approve",
            "settled",
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per table."""
        for fact in altered_tables(facts, "name"):
            yield _change(fact, context)


def _change(fact: Altered, context: Context) -> Change:
    was, now = context.mapping.of_table(fact.table), context.target.of_table(fact.after or "")
    # Another model of the new name is not this table's model renamed.
    settled = now is not None and (was is None or was.entity == now.entity)
    return change(
        TableRenamed.name,
        table_subject(context, fact.table),
        (fact,),
        before=fact.before,
        after=fact.after,
        severity="info" if settled else "breaking",
        verdict="auto-approve" if settled else "review",
        details=Details(before=fact.before, after=fact.after),
        question=None
        if settled
        else Question(
            f"{fact.before} was renamed to {fact.after}. Do model and collection follow?", _OPTIONS
        ),
        settled=settled,
        evidence=Evidence(identity=True, similarity=1.0),
    )


KIND = TableRenamed()
