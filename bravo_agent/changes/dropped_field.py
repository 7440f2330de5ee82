"""A column that is no more: blocked while code uses it, whatever the answer (planning/held.py)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._candidates import is_one_of
from bravo_agent.changes._context import Context
from bravo_agent.changes._edits import drop_field, make_optional
from bravo_agent.changes._kind import Example, change
from bravo_agent.changes._measured import measured_before
from bravo_agent.changes._samples import column, field, optional, table, use
from bravo_agent.changes._subjects import in_code, subject_of
from bravo_agent.model.catalog import Column
from bravo_agent.model.change import Candidate, Change, Details, Fact, Option, Question, Removed, TakesHold
from bravo_agent.model.entities import Field, Shape
from bravo_agent.model.plan import ModelEdit


class DroppedField:
    """Claims every removed column that feeds a field and no other kind recognised."""

    name = "dropped_field"
    rank = 50
    summary = "A column was dropped."
    alters_values = True
    examples = (
        Example(
            "used in code",
            table(column("score")),
            table(),
            (field("score"),),
            "breaking",
            "block",
            options=("drop-field", "keep-optional", "custom"),
            uses={"score": use("calculation")},
        ),
        Example("used nowhere", table(column("score")), table(), (field("score"),), "warning", "review"),
        Example(
            "only declared and filled",
            table(column("score")),
            table(),
            (field("score", optional(Shape("str"))),),
            "warning",
            "review",
            uses={"score": use("fixture")},
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per removed column."""
        for fact in facts:
            if isinstance(fact, Removed) and fact.column is not None:
                yield _change(fact, fact.column, context)

    def edits(self, change: Change) -> tuple[ModelEdit, ...]:
        """The field goes, or takes None."""
        if change.option == "keep-optional":
            return make_optional(change)
        return drop_field(change) if change.option == "drop-field" else ()


def _change(fact: Removed, column: Column, context: Context) -> Change:
    subject = subject_of(context, fact.table, column.name)
    model = context.field_of(fact.table, context.mapped(fact.table, column.name))
    settled = model is None and context.entity_of(fact.table) is not None
    used = in_code(subject.uses)
    candidates = context.suspicions.of_removed(fact.table, column.name)
    return change(
        DroppedField.name,
        subject,
        (fact,),
        before=[column.type, column.nullable],
        after=None,
        severity="info" if settled else "breaking" if used else "warning",
        verdict="auto-approve" if settled else "block" if used else "review",
        details=Details(expected_type=column.type.sql, required=model.required if model else None),
        question=None if settled else _question(fact.table, column, model, len(used), candidates),
        settled=settled,
        application="rebuild",
        candidates=candidates,
        evidence=measured_before(context, fact.table, column.name),
    )


def _question(
    table: str, column: Column, model: Field | None, used: int, candidates: tuple[Candidate, ...]
) -> Question:
    places = f"used at {used} places in code" if used else "used nowhere in code"
    # Where the field may be absent already, there is nothing left to edit.
    absent = model is None or (model.shape.optional and not model.required)
    hold: TakesHold = "at-once" if absent else "models"
    return Question(
        f"{table}.{column.name} was dropped; its field is {places}. What becomes of the field?"
        f"{is_one_of(table, column.name, candidates)}",
        (
            Option("drop-field", "Drop the field", _goes(used)),
            Option(
                "keep-optional",
                "Keep it, optional",
                "The field stays in the model as optional and without data; code that reads it gets None.",
                takes_hold=hold,
            ),
            Option(
                "custom",
                "Custom transformation",
                "A function of the project (module:function) computes the value from other columns.",
                ("function",),
                takes_hold="standing",
            ),
        ),
    )


def _goes(used: int) -> str:
    if not used:
        return "The field goes from the model, and from what fills or lists it."
    return (
        "The field goes from the model, and from what fills or lists it. What else uses it has to go by hand, of "
        f"{used} use{'' if used == 1 else 's'} in code: until then nothing is published."
    )


KIND = DroppedField()
