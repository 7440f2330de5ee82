"""A comment of a column or table changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example, Subject, change
from bravo_agent.changes._noted import noted
from bravo_agent.changes._samples import column, field, table
from bravo_agent.changes._subjects import altered, altered_tables, table_subject
from bravo_agent.model.change import Altered, Change, Details, Fact


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
            yield _change(found.fact, found.subject)
        for fact in altered_tables(facts, "comment"):
            yield _change(fact, table_subject(context, fact.table))


def _change(fact: Altered, subject: Subject) -> Change:
    return change(
        CommentChanged.name,
        subject,
        (fact,),
        before=fact.before,
        after=fact.after,
        severity="info",
        verdict="auto-approve",
        details=Details(before=fact.before, after=fact.after),
        # Comments are free text of strangers: the question does not repeat them.
        question=noted(f"{'.'.join(filter(None, (subject.table, subject.column)))}: its comment changed."),
    )


KIND = CommentChanged()
