"""What all changes of a column's type have in common."""

from __future__ import annotations

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import change
from bravo_agent.changes._shapes import fits, tells_apart
from bravo_agent.changes._subjects import AlteredColumn
from bravo_agent.model.change import Change, Details, Option, Question, Severity, TakesHold, Verdict

KEEP = Option(
    "keep",
    "Keep the model's type",
    "Code keeps the old type; the column stays out of documents until a rule converts it back.",
    takes_hold="standing",
)
CUSTOM = Option(
    "custom",
    "Custom transformation",
    "A function of the project (module:function) makes the field's value from the column.",
    ("function",),
    takes_hold="standing",
)


def follow_option(name: str, label: str, consequence: str, *, safe: bool, model_fits: bool) -> Option:
    """The option that lets the model follow; nothing is to be edited where the model fits as it is."""
    hold: TakesHold = "at-once" if model_fits else "models"
    return Option(name, label, consequence, safe=safe, takes_hold=hold)


def model_fits(found: AlteredColumn, context: Context) -> bool:
    """Whether the model's field takes every value of the new type; True without a model."""
    return found.field is None or fits(found.field.shape, context.shape_of(found.new.type))


def model_shows(found: AlteredColumn, context: Context) -> bool:
    """Whether the field looks like the new type and not like the old one."""
    if found.field is None:
        return False
    old, new = context.shape_of(found.old.type), context.shape_of(found.new.type)
    return tells_apart(found.field.shape, old, new)


def type_changed(
    kind: str,
    found: AlteredColumn,
    *,
    severity: Severity,
    verdict: Verdict,
    options: tuple[Option, ...],
    settled: bool,
    note: str | None = None,
) -> Change:
    """The change of one column's type; a settled one is info and asks nothing."""
    was, now = found.fact.before, found.fact.after
    return change(
        kind,
        found.subject,
        (found.fact,),
        before=found.old.type,
        after=found.new.type,
        severity="info" if settled else severity,
        verdict="auto-approve" if settled else verdict,
        details=Details(
            current_type=found.new.type.sql,
            expected_type=found.old.type.sql,
            required=found.field.required if found.field else None,
            before=was,
            after=now,
            note=note,
        ),
        question=None
        if settled
        else Question(
            f"{found.subject.table}.{found.subject.column} went from {was} to {now}. What follows?", options
        ),
        settled=settled,
        application="rebuild",
    )
