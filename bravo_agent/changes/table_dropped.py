"""A wanted table that is not there any more: an incomplete export first, a dropped table second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example, change
from bravo_agent.changes._samples import table
from bravo_agent.changes._subjects import table_subject
from bravo_agent.model.catalog import Table
from bravo_agent.model.change import Change, Details, Fact, Option, Question, Removed
from bravo_agent.model.plan import DropModel, ModelEdit

_OPTIONS = (
    Option(
        "drop-model",
        "The table is gone for good",
        "Its model goes, and the next version lacks its collection.",
    ),
    Option(
        "keep-model",
        "Keep the model without data",
        "The model stays; the next version has an empty collection.",
        takes_hold="standing",
    ),
)


class TableDropped:
    """Claims removed tables that feed a collection. Blocks until somebody says that it is meant."""

    name = "table_dropped"
    rank = 10
    summary = "A table was dropped, or is missing."
    alters_values = True
    examples = (
        Example(
            "a wanted table", table(), None, (), "breaking", "block", options=("drop-model", "keep-model")
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per table."""
        for fact in facts:
            if isinstance(fact, Removed) and fact.old_table is not None:
                yield _change(fact, fact.old_table, context)

    def edits(self, change: Change) -> tuple[ModelEdit, ...]:
        """Its model goes."""
        if change.option != "drop-model" or change.entity is None:
            return ()
        tables = (fact.old_table for fact in change.facts if isinstance(fact, Removed) and fact.old_table)
        return tuple(DropModel(change.entity, one) for one in tables)


def _change(fact: Removed, table: Table, context: Context) -> Change:
    return change(
        TableDropped.name,
        table_subject(context, table.key),
        (fact,),
        before=table.key,
        after=None,
        severity="breaking",
        verdict="block",
        details=Details(
            before=table.key, note="a table missing from an export is an incomplete export first"
        ),
        question=Question(f"{table.key} is missing. Was it dropped, or is the export incomplete?", _OPTIONS),
        application="rebuild",
        candidates=context.suspicions.of_removed(table.key, None),
    )


KIND = TableDropped()
