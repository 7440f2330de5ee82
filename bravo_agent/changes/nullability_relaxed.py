"""NOT NULL went away: nulls may come where the model takes none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._edits import make_optional
from bravo_agent.changes._kind import Example, change
from bravo_agent.changes._measured import measured_of
from bravo_agent.changes._noted import ACCEPT
from bravo_agent.changes._samples import column, field, optional, table
from bravo_agent.changes._subjects import AlteredColumn, altered
from bravo_agent.model.change import Change, Details, Evidence, Fact, Option, Question
from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import ModelEdit

_OPTIONS = (
    Option(
        "make-optional",
        "Make the field optional",
        "The model takes None; code that relies on a value is listed.",
    ),
    Option(
        "default",
        "Set default value",
        "A NULL becomes this value in documents.",
        ("value",),
        takes_hold="standing",
    ),
    Option(
        "custom",
        "Custom transformation",
        "A function of the project (module:function) makes the field's value.",
        ("function",),
        takes_hold="standing",
    ),
)
_TAKES_NULL = ("any", "unknown")


class NullabilityRelaxed:
    """Claims NOT NULL -> NULL; settled where the field is Optional, and noted where no model has the column."""

    name = "nullability_relaxed"
    rank = 50
    summary = "NOT NULL was dropped."
    alters_values = True
    examples = (
        Example(
            "the field is not Optional",
            table(column("s", nullable=False)),
            table(column("s")),
            (field("s"),),
            "breaking",
            "review",
            options=("make-optional", "default", "custom"),
        ),
        Example(
            "the field is Optional",
            table(column("s", nullable=False)),
            table(column("s")),
            (field("s", optional(Shape("str"))),),
            "info",
            "auto-approve",
            "settled",
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per column."""
        for found in altered(facts, context, "nullable"):
            if found.new.nullable:
                yield _change(found, context)

    def edits(self, change: Change) -> tuple[ModelEdit, ...]:
        """The field takes None."""
        return make_optional(change) if change.option == "make-optional" else ()


def _change(found: AlteredColumn, context: Context) -> Change:
    evidence = measured_of(found, context)
    shape = found.field.shape if found.field else None
    unread = found.field is None
    settled = shape is not None and (shape.optional or shape.kind in _TAKES_NULL)
    harmless = settled or unread
    return change(
        NullabilityRelaxed.name,
        found.subject,
        (found.fact,),
        before="NOT NULL",
        after="NULL",
        severity="info" if harmless else "breaking",
        verdict="auto-approve" if harmless else "review",
        details=Details(
            found.new.type.sql,
            found.old.type.sql,
            False,
            before="NOT NULL",
            after="NULL",
            note=None if harmless else _note(evidence),
        ),
        question=None
        if settled
        else Question(
            f"{found.subject.table}.{found.subject.column} may be NULL now. What follows?",
            (ACCEPT,) if unread else _OPTIONS,
        ),
        settled=settled,
        application="rebuild",
        evidence=evidence,
    )


def _note(evidence: Evidence) -> str | None:
    if evidence.nulls is None or evidence.rows is None:
        return None
    return f"{evidence.nulls:,} of {evidence.rows:,} rows are NULL" + ("" if evidence.nulls else " so far")


KIND = NullabilityRelaxed()
