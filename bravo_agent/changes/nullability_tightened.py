"""NULL became NOT NULL: readers see less, not more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example, change
from bravo_agent.changes._noted import noted
from bravo_agent.changes._samples import column, field, table
from bravo_agent.changes._subjects import AlteredColumn, altered
from bravo_agent.model.change import Change, Details, Fact


class NullabilityTightened:
    """Claims the fact of one column; info, and nothing to edit."""

    name = "nullability_tightened"
    rank = 50
    summary = "A column became NOT NULL."
    alters_values = False
    examples = (
        Example(
            "a column became not null",
            table(column("s")),
            table(column("s", nullable=False)),
            (field("s"),),
            "info",
            "auto-approve",
            options=("accept",),
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per column."""
        for found in altered(facts, context, "nullable"):
            if not found.new.nullable:
                yield _change(found)


def _change(found: AlteredColumn) -> Change:
    was, now = found.fact.before, found.fact.after
    return change(
        NullabilityTightened.name,
        found.subject,
        (found.fact,),
        before=was,
        after=now,
        severity="info",
        verdict="auto-approve",
        details=Details(found.new.type.sql, found.old.type.sql, before=was, after=now),
        question=noted(f"{found.subject.table}.{found.subject.column}: now NOT NULL."),
    )


KIND = NullabilityTightened()
