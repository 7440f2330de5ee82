"""Any other change of a type, and a new column that the model has with another type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._edits import follow_type
from bravo_agent.changes._kind import Example, change
from bravo_agent.changes._measured import measured, measured_of, noted, unfit
from bravo_agent.changes._samples import INT8, TEXT, TIMESTAMP, TIMESTAMPTZ, column, field, table
from bravo_agent.changes._shapes import fits
from bravo_agent.changes._subjects import AlteredColumn, altered, subject_of
from bravo_agent.changes._types import (
    CUSTOM,
    follow_option,
    keep_option,
    model_fits,
    model_shows,
    type_changed,
)
from bravo_agent.model.change import Added, Change, Details, Fact, Option, Question
from bravo_agent.model.entities import Field, Shape
from bravo_agent.model.plan import ModelEdit


class TypeChange:
    """Claims every type fact that no milder kind took; never safe."""

    name = "type_change"
    rank = 40
    summary = "The type of a column changed."
    alters_values = True
    examples = (
        Example(
            "text to int8",
            table(column("n", TEXT)),
            table(column("n", INT8)),
            (field("n"),),
            "breaking",
            "review",
            options=("cast", "keep", "custom"),
        ),
        Example(
            "timestamp to timestamptz",
            table(column("t", TIMESTAMP)),
            table(column("t", TIMESTAMPTZ)),
            (field("t", Shape("datetime")),),
            "breaking",
            "review",
        ),
        Example(
            "the model follows already",
            table(column("n", TEXT)),
            table(column("n", INT8)),
            (field("n", Shape("int")),),
            "info",
            "auto-approve",
            "settled",
        ),
        Example(
            "a new column that the model has with another type",
            table(),
            table(column("n", INT8)),
            (field("n", Shape("str")),),
            "breaking",
            "review",
            options=("cast", "custom"),
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per column."""
        for found in altered(facts, context, "type"):
            yield _change(found, context)
        for fact in facts:
            if isinstance(fact, Added) and fact.column and not context.had(fact.table, fact.column.name):
                model = context.field_of(fact.table, context.shown(fact.table, fact.column.name))
                if model and not fits(model.shape, context.shape_of(fact.column.type)):
                    yield _mismatch(fact, model, context)

    def edits(self, change: Change) -> tuple[ModelEdit, ...]:
        """The field gets the column's type."""
        return follow_type(change) if change.option == "cast" else ()


def _cast(*, fit: bool) -> Option:
    return follow_option(
        "cast",
        "Cast",
        "The field gets the column's type; code that uses it is adapted or listed.",
        safe=False,
        model_fits=fit,
    )


def _change(found: AlteredColumn, context: Context) -> Change:
    return type_changed(
        TypeChange.name,
        found,
        severity="breaking",
        verdict="review",
        options=(_cast(fit=model_fits(found, context)), *keep_option(found, context), CUSTOM),
        settled=model_shows(found, context),
        evidence=measured_of(found, context),
    )


def _mismatch(fact: Added, model: Field, context: Context) -> Change:
    assert fact.column is not None
    column = fact.column
    expected = model.shape.text or model.shape.kind
    evidence = measured(context, fact.table, column.name)
    lost = f"{unfit(evidence):,} values do not fit the field" if unfit(evidence) else None
    return change(
        TypeChange.name,
        subject_of(context, fact.table, column.name),
        (fact,),
        before=expected,
        after=[column.type, column.nullable, column.default],
        severity="breaking",
        verdict="review",
        details=Details(
            current_type=column.type.sql,
            expected_type=expected,
            required=model.required,
            note=noted("the column is new, and the model has the field with another type already", lost),
        ),
        question=Question(
            f"{fact.table}.{column.name} is {column.type.sql}, its field {expected}. What follows?",
            (_cast(fit=False), CUSTOM),
        ),
        application="rebuild",
        evidence=evidence,
    )


KIND = TypeChange()
