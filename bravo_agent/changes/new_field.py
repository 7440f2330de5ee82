"""A column that was not there: optional or defaulted, required, or already in the model but not quite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._candidates import lost_beside, was_one_of, without_safe
from bravo_agent.changes._context import Context
from bravo_agent.changes._edits import insert, make_optional
from bravo_agent.changes._kind import Example, Subject, change
from bravo_agent.changes._measured import measured
from bravo_agent.changes._samples import INT4, TEXT, column, field, numeric, optional, table
from bravo_agent.changes._subjects import subject_of
from bravo_agent.model.catalog import Column
from bravo_agent.model.change import (
    Added,
    Candidate,
    Change,
    Details,
    Fact,
    Option,
    Question,
    Severity,
    Verdict,
)
from bravo_agent.model.entities import Field, Shape
from bravo_agent.model.plan import ModelEdit

_ADD = Option(
    "add-field", "Add the field", "The model gets an optional field; old documents lack it.", safe=True
)
_IGNORE = Option(
    "ignore", "Leave it out", "The column stays out of models and documents.", takes_hold="at-once"
)
_CALCULATE = Option(
    "calculate",
    "Calculate from existing data",
    "The model gets a field; what has no value yet is computed by an expression over other fields.",
    ("expression",),
)
_DEFAULT = Option(
    "default",
    "Set default value",
    "The model gets a field with this default; documents and code without a value read it.",
    ("value",),
)
_MAKE_OPTIONAL = Option(
    "make-optional",
    "Make optional for now",
    "The model gets an optional field; nothing that exists breaks, and no code may rely on it.",
    safe=True,
)
_CUSTOM = Option(
    "custom",
    "Custom transformation",
    "A function of the project (module:function) computes the value from the row.",
    ("function",),
)


class NewField:
    """Claims every added column of a wanted table that no other kind recognised."""

    name = "new_field"
    rank = 50
    summary = "A column was added."
    alters_values = True
    examples = (
        Example(
            "nullable",
            table(),
            table(column("channel")),
            (),
            "info",
            "auto-approve",
            options=("add-field", "ignore"),
        ),
        Example(
            "required",
            table(),
            table(column("score", numeric(5, 2), nullable=False)),
            (),
            "warning",
            "review",
            options=("calculate", "default", "make-optional", "custom", "ignore"),
        ),
        Example(
            "with a default",
            table(),
            table(column("n", INT4, nullable=False, default="0")),
            (),
            "info",
            "auto-approve",
        ),
        Example(
            "the model has it",
            table(),
            table(column("channel")),
            (field("channel", optional(Shape("str")), required=False),),
            "info",
            "auto-approve",
            "settled",
        ),
        Example(
            "the model does not take its nulls",
            table(),
            table(column("channel")),
            (field("channel"),),
            "breaking",
            "review",
        ),
        Example(
            "a new column under the name of another that was renamed",
            table(column("a", TEXT, 2)),
            table(column("b", TEXT, 2), column("a", INT4, 3)),
            (field("a", Shape("any")),),
            "breaking",
            "review",
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per added column."""
        for fact in facts:
            if isinstance(fact, Added) and fact.column is not None:
                yield _change(fact, fact.column, context)

    def edits(self, change: Change) -> tuple[ModelEdit, ...]:
        """A field; or, where the model has it already, only that it takes None."""
        (column,) = (fact.column for fact in change.facts if isinstance(fact, Added) and fact.column)
        if change.option not in ("add-field", "make-optional", "default", "calculate"):
            return ()
        if change.model_field is not None:
            return make_optional(change) if change.option == "make-optional" else ()
        given = dict(change.params)
        if change.option == "calculate":
            expression = given.get("expression")
            return insert(change, column, expression=expression) if expression else ()
        return insert(change, column, given.get("value"))


def _change(fact: Added, column: Column, context: Context) -> Change:
    taken_over = context.had(fact.table, column.name)
    shown = None if taken_over else context.shown(fact.table, column.name)
    model = context.field_of(fact.table, shown)
    settled = model is not None and _takes(model, column)
    severity, verdict = _judgement(column, model, taken_over, settled)
    # Not by the verdict: once the column that had this name is gone, the answers stay legal.
    by_itself = settled or (model is None and not _required(column))
    candidates = context.suspicions.of_added(fact.table, column.name)
    lost = () if settled else context.suspicions.lost_from(fact.table)
    if (candidates or lost) and not settled:
        verdict = "review"  # it may be what another column became: nobody adds it unseen
    return change(
        NewField.name,
        _subject(fact.table, column.name, context, taken_over),
        (fact,),
        before=None,
        after=[column.type, column.nullable, column.default, column.generated, column.identity],
        severity=severity,
        verdict=verdict,
        details=Details(
            current_type=column.type.sql,
            required=_required(column),
            default=column.default,
            note=_note(model, taken_over, settled) or (None if candidates else lost_beside(lost)),
        ),
        question=_question(
            fact.table, column, context, candidates, by_itself=by_itself, possible=bool(candidates or lost)
        ),
        settled=settled,
        candidates=candidates,
        evidence=measured(context, fact.table, column.name),
    )


def _subject(table: str, column: str, context: Context, taken_over: bool) -> Subject:
    # The field of that name belongs to the column that had the name before.
    return (
        Subject(table, column, context.entity_name(table))
        if taken_over
        else subject_of(context, table, column)
    )


def _required(column: Column) -> bool:
    return not (column.nullable or column.default is not None or column.generated or column.identity)


def _takes(model: Field, column: Column) -> bool:
    return not column.nullable or model.shape.optional or model.shape.kind in ("any", "unknown")


def _judgement(
    column: Column, model: Field | None, taken_over: bool, settled: bool
) -> tuple[Severity, Verdict]:
    if taken_over or (model is not None and not settled):
        return "breaking", "review"
    if settled or not _required(column):
        return "info", "auto-approve"
    return "warning", "review"


def _note(model: Field | None, taken_over: bool, settled: bool) -> str | None:
    if taken_over:
        return "another column had this name before"
    if model is not None and not settled:
        return f"the column may be NULL, the model's field {model.name} may not"
    return None


def _question(
    table: str,
    column: Column,
    context: Context,
    candidates: tuple[Candidate, ...],
    *,
    by_itself: bool,
    possible: bool,
) -> Question:
    place = f"{table}.{column.name} ({column.type.sql}{', required' if _required(column) else ''})"
    was = was_one_of(table, column.name, candidates)
    if not by_itself:
        options = (_CALCULATE, _DEFAULT, _MAKE_OPTIONAL, _CUSTOM, _IGNORE)
        text = f"{place}: how is this new field to be handled?{was}"
        return Question(text, without_safe(options, possible))
    add = _ADD if context.entity_of(table) else _at_once(_ADD)
    text = f"{place}: is this new optional field wanted?{was}"
    return Question(text, without_safe((add, _IGNORE), possible))


def _at_once(option: Option) -> Option:
    """Where there is no model, there is none to wait for."""
    return Option(option.name, option.label, option.consequence, option.params, option.safe, "at-once")


KIND = NewField()
