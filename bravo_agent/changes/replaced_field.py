"""A column dropped and added again under its name: another column, whatever the name says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._edits import drop_field, follow_type, make_optional
from bravo_agent.changes._kind import Example, change
from bravo_agent.changes._samples import INT4, TEXT, column, field, table
from bravo_agent.changes._shapes import fits, opens
from bravo_agent.changes._subjects import subject_of
from bravo_agent.model.catalog import Column
from bravo_agent.model.change import Added, Change, Details, Evidence, Fact, Option, Question, Removed
from bravo_agent.model.plan import ModelEdit


class ReplacedField:
    """Claims a removed and an added column of one name, which identity alone tells from an alteration.

    The answer is asked for even where the type is the same: the values are not the ones of before.
    """

    name = "replaced_field"
    rank = 10
    summary = "A column was dropped, and another added under its name."
    alters_values = True
    examples = (
        Example(
            "of the same type",
            table(column("a", TEXT, 2)),
            table(column("a", TEXT, 3)),
            (field("a"),),
            "breaking",
            "review",
            options=("same-field", "drop-and-add"),
        ),
        Example(
            "of another type",
            table(column("a", TEXT, 2)),
            table(column("a", INT4, 3)),
            (field("a"),),
            "breaking",
            "review",
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per name."""
        gone = {(f.table, f.column.name): f for f in facts if isinstance(f, Removed) and f.column}
        for fact in facts:
            if isinstance(fact, Added) and fact.column:
                before = gone.get((fact.table, fact.column.name))
                if before is not None and before.column is not None:
                    yield _change(before, before.column, fact, fact.column, context)

    def edits(self, change: Change) -> tuple[ModelEdit, ...]:
        """The field gets the new column's type and takes its nulls; or it goes, and the new column is asked about."""
        if change.option == "drop-and-add":
            return drop_field(change)
        old = next((fact.column for fact in change.facts if isinstance(fact, Removed)), None)
        new = next((fact.column for fact in change.facts if isinstance(fact, Added)), None)
        if change.option != "same-field" or old is None or new is None:
            return ()
        typed = follow_type(change) if old.type != new.type else ()
        return (*typed, *(make_optional(change) if new.nullable else ()))


def _change(gone: Removed, old: Column, come: Added, new: Column, context: Context) -> Change:
    return change(
        ReplacedField.name,
        subject_of(context, gone.table, old.name),
        (gone, come),
        # With the numbers: the next drop and addition of the same name is another change, to be asked about again.
        before=[old.number, old.type, old.nullable],
        after=[new.number, new.type, new.nullable, new.default],
        severity="breaking",
        verdict="review",
        details=Details(
            current_type=new.type.sql,
            expected_type=old.type.sql,
            required=not new.nullable,
            default=new.default,
            note="PostgreSQL numbers them apart: the values are not the ones of before",
        ),
        question=_question(gone.table, new, fit=_takes(gone.table, old, new, context)),
        evidence=Evidence(identity=True),
    )


def _takes(table: str, old: Column, new: Column, context: Context) -> bool:
    """Whether the model's field takes the new column as it is; True without a model."""
    model = context.field_of(table, context.mapped(table, new.name))
    if model is None:
        return True
    open_to_null = model.shape.optional or model.shape.kind in ("any", "unknown")
    was, now = context.shape_of(old.type), context.shape_of(new.type)
    return fits(model.shape, now) and not opens(model.shape, was, now) and (open_to_null or not new.nullable)


def _question(table: str, new: Column, *, fit: bool) -> Question:
    return Question(
        f"{table}.{new.name} was dropped, and another column has its name now. Is it the same field?",
        (
            Option(
                "same-field",
                "The same field",
                "The new column feeds the field from now on; the model follows its type.",
                takes_hold="at-once" if fit else "models",
            ),
            Option(
                "drop-and-add",
                "Two different fields",
                "The old field goes with its uses; the new column becomes a field of its own.",
            ),
        ),
    )


KIND = ReplacedField()
