"""A table that was not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example, change
from bravo_agent.changes._samples import field, table
from bravo_agent.changes._subjects import table_subject
from bravo_agent.model.catalog import Table
from bravo_agent.model.change import Added, Change, Details, Fact, Option, Question
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.model.plan import AddModel, ModelEdit

_OPTIONS = (
    Option("generate-model", "Add a model", "A model is generated for the table, and it is loaded."),
    Option("ignore", "Leave it out", "The table stays out of models and documents.", takes_hold="at-once"),
)
_TAKE = (
    Option(
        "take-over",
        "It takes the place",
        "The model is fed by the new table from now on.",
        takes_hold="at-once",
    ),
    Option("ignore", "Leave it out", "The table stays out of documents.", takes_hold="standing"),
)


class TableAdded:
    """Claims added tables; settled where a model for it is there."""

    name = "table_added"
    rank = 10
    summary = "A table was added."
    alters_values = True
    examples = (
        Example(
            "nobody wants it yet", None, table(), None, "info", "review", options=("generate-model", "ignore")
        ),
        Example("a model is there", None, table(), (field("name"),), "info", "auto-approve", "settled"),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per table."""
        for fact in facts:
            if isinstance(fact, Added) and fact.new_table is not None:
                yield _change(fact, fact.new_table, context)

    def edits(self, change: Change) -> tuple[ModelEdit, ...]:
        """A model for the table."""
        tables = (fact.new_table for fact in change.facts if isinstance(fact, Added) and fact.new_table)
        return tuple(AddModel(one) for one in tables) if change.option == "generate-model" else ()


def _change(fact: Added, table: Table, context: Context) -> Change:
    now = context.target.of_table(table.key)
    before = _fed_before(now, context)
    settled = now is not None and before is None
    columns = [[column.name, column.type, column.nullable] for column in table.columns]
    return change(
        TableAdded.name,
        table_subject(context, table.key),
        (fact,),
        before=None,
        after=[columns, table.primary_key],
        severity="info",
        verdict="auto-approve" if settled else "review",
        details=Details(after=table.key, note=f"its model is fed by {before}" if before else None),
        question=None if settled else _question(table, before),
        settled=settled,
        candidates=context.suspicions.of_added(table.key, None),
    )


def _fed_before(now: EntityMapping | None, context: Context) -> str | None:
    """The table of the baseline whose model the new table would take, or None."""
    if now is None or now.entity is None:
        return None
    return next((was.table for was in context.mapping.entities if was.entity == now.entity), None)


def _question(table: Table, before: str | None) -> Question:
    if before is not None:
        return Question(
            f"{table.key} is new and would feed the model of {before}. Does it take its place?", _TAKE
        )
    return Question(f"{table.key} is a new table. Does the application want it?", _OPTIONS)


KIND = TableAdded()
