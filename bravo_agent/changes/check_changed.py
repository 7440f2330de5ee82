"""CHECK constraints came or went: with one gone, values may come that no reader has seen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example, change
from bravo_agent.changes._noted import noted
from bravo_agent.changes._samples import table
from bravo_agent.changes._subjects import altered_tables, table_subject
from bravo_agent.model.change import Altered, Change, Details, Fact


class CheckChanged:
    """Claims the checks of a table. Rows that the model does not take are the business of a load's checks."""

    name = "check_changed"
    rank = 50
    summary = "A CHECK constraint was added, dropped or changed."
    alters_values = False
    examples = (
        Example("added", table(), table(checks=("id > 0",)), (), "info", "auto-approve", options=("accept",)),
        Example("dropped", table(checks=("id > 0",)), table(), (), "warning", "review", options=("accept",)),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per table."""
        for fact in altered_tables(facts, "checks"):
            yield _change(fact, context)


def _change(fact: Altered, context: Context) -> Change:
    lost = set(json.loads(fact.before or "[]")) - set(json.loads(fact.after or "[]"))
    return change(
        CheckChanged.name,
        table_subject(context, fact.table),
        (fact,),
        before=fact.before,
        after=fact.after,
        severity="warning" if lost else "info",
        verdict="review" if lost else "auto-approve",
        details=Details(before=fact.before, after=fact.after),
        question=noted(f"{fact.table}: {'a check is gone or changed' if lost else 'a check was added'}."),
    )


KIND = CheckChanged()
