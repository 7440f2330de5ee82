"""What all changes of a column's type have in common."""

from __future__ import annotations

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import change
from bravo_agent.changes._measured import measured_of, noted, unfit, unfit_note
from bravo_agent.changes._shapes import fits, opens, tells_apart
from bravo_agent.changes._subjects import AlteredColumn
from bravo_agent.model.change import Change, Details, Evidence, Option, Question, Severity, TakesHold, Verdict
from bravo_agent.types import cast_between, skipped

_KEEP_CONVERTED = Option(
    "keep",
    "Keep the model's type",
    "Code keeps the old type; values are converted back, and a run stops once one does not fit any more.",
    takes_hold="standing",
)
_KEEP = Option(
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


def keep_option(found: AlteredColumn, context: Context) -> tuple[Option, ...]:
    """The answer to keep the old type: offered as long as every value that was measured fits it."""
    if unfit(measured_of(found, context)):
        return ()
    return (_KEEP_CONVERTED if _converts_back(found, context) else _KEEP,)


def _converts_back(found: AlteredColumn, context: Context) -> bool:
    """Whether load_mapping.py puts in the rule that does it: not for keys, nor where another rule is at work."""
    table = context.baseline.table(found.subject.table)
    mapped = context.shown(found.subject.table, found.new.name)
    plain = mapped is None or mapped.rule == "standard"
    key = table is not None and found.old.name in table.primary_key
    return plain and not key and cast_between(found.new.type, found.old.type) is not None


def model_fits(found: AlteredColumn, context: Context) -> bool:
    """Whether the model's field takes every value of the new type; True without a model."""
    if found.field is None:
        return True
    old, new = context.shape_of(found.old.type), context.shape_of(found.new.type)
    return fits(found.field.shape, new) and not opens(found.field.shape, old, new)


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
    evidence: Evidence | None = None,
) -> Change:
    """The change of one column's type; a settled one is info and asks nothing.

    It blocks where values would be lost whatever the answer: a type that is not loaded at all.
    """
    was, now = found.fact.before, found.fact.after
    found_evidence = evidence or Evidence()
    if skipped(found.new.type) and not skipped(found.old.type):
        verdict, note = "block", noted(note, f"{found.new.type.sql} is not loaded: the values would be lost")
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
            note=noted(note, None if settled else unfit_note(found_evidence, found.old.type)),
        ),
        question=None
        if settled
        else Question(
            f"{found.subject.table}.{found.subject.column} went from {was} to {now}. What follows?", options
        ),
        settled=settled,
        application="rebuild",
        evidence=found_evidence,
    )
