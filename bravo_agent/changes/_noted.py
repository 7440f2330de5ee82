"""Changes that ask nothing by default: one safe answer, which is to take note."""

from __future__ import annotations

from bravo_agent.changes._kind import Subject, change
from bravo_agent.changes._subjects import AlteredColumn
from bravo_agent.model.change import Altered, Change, Details, Option, Question

ACCEPT = Option(
    "accept",
    "Take note",
    "The baseline moves on; code and documents stay as they are.",
    safe=True,
    takes_hold="at-once",
)


def noted(text: str) -> Question:
    """A question whose only answer is to take note."""
    return Question(text, (ACCEPT,))


def noted_column(name: str, found: AlteredColumn, said: str) -> Change:
    """The info ``name`` about a column, with its type then and now."""
    was, now = found.fact.before, found.fact.after
    details = Details(found.new.type.sql, found.old.type.sql, before=was, after=now)
    return _noted(name, found.fact, found.subject, said, details)


def noted_fact(name: str, fact: Altered, subject: Subject, said: str) -> Change:
    """The info ``name`` about a table or about what is no matter of types."""
    return _noted(name, fact, subject, said, Details(before=fact.before, after=fact.after))


def _noted(name: str, fact: Altered, subject: Subject, said: str, details: Details) -> Change:
    return change(
        name,
        subject,
        (fact,),
        before=fact.before,
        after=fact.after,
        severity="info",
        verdict="auto-approve",
        details=details,
        question=noted(f"{'.'.join(filter(None, (subject.table, subject.column)))}: {said}"),
    )
