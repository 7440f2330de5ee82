"""A type that now holds more, and everything that it held before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._edits import follow_type
from bravo_agent.changes._kind import Example
from bravo_agent.changes._measured import measured_of
from bravo_agent.changes._samples import INT4, INT8, TEXT, column, field, table, varchar
from bravo_agent.changes._subjects import AlteredColumn, altered
from bravo_agent.changes._types import (
    CUSTOM,
    follow_option,
    keep_option,
    model_fits,
    model_shows,
    type_changed,
)
from bravo_agent.model.catalog import ColumnType
from bravo_agent.model.change import Change, Fact
from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import ModelEdit

_WIDER = {("int2", "int4"), ("int2", "int8"), ("int4", "int8"), ("float4", "float8")}


class TypeWidened:
    """Claims the type fact of a lossless widening; what the model bounds tighter needs a look."""

    name = "type_widened"
    rank = 34
    summary = "A type was widened without loss."
    alters_values = True
    examples = (
        Example(
            "int4 to int8",
            table(column("n", INT4)),
            table(column("n", INT8)),
            (field("n", Shape("int")),),
            "warning",
            "auto-approve",
            options=("follow", "keep", "custom"),
        ),
        Example(
            "varchar, without a bound in the model",
            table(column("s", varchar(50))),
            table(column("s", varchar(100))),
            (field("s"),),
            "warning",
            "auto-approve",
        ),
        Example(
            "varchar, bounded in the model",
            table(column("s", varchar(50))),
            table(column("s", varchar(100))),
            (field("s", Shape("str", max_length=50)),),
            "warning",
            "review",
        ),
        Example(
            "varchar to text, bounded in the model",
            table(column("s", varchar(50))),
            table(column("s", TEXT)),
            (field("s", Shape("str", max_length=50)),),
            "warning",
            "review",
        ),
        Example(
            "the model follows already",
            table(column("s", varchar(50))),
            table(column("s", varchar(100))),
            (field("s", Shape("str", max_length=100)),),
            "info",
            "auto-approve",
            "settled",
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per widened column."""
        for found in altered(facts, context, "type"):
            if widens(found.old.type, found.new.type):
                yield _change(found, context)

    def edits(self, change: Change) -> tuple[ModelEdit, ...]:
        """The field follows."""
        return follow_type(change) if change.option == "follow" else ()


def widens(old: ColumnType, new: ColumnType) -> bool:
    """Whether every value of ``old`` is the same value in ``new``; arrays by their elements."""
    if old.form == new.form == "array" and old.element and new.element:
        return widens(old.element, new.element)
    if old.form != "base" or new.form != "base":
        return False
    if old.name == "varchar" and new.name in ("varchar", "text"):
        return new.length is None or (old.length is not None and old.length < new.length)
    return (old.name, new.name) in _WIDER


def _change(found: AlteredColumn, context: Context) -> Change:
    fit = model_fits(found, context)
    follow = follow_option(
        "follow",
        "Follow the column",
        "The field's bound follows, where it has one.",
        safe=True,
        model_fits=fit,
    )
    return type_changed(
        TypeWidened.name,
        found,
        severity="warning",
        verdict="auto-approve" if fit else "review",
        options=(follow, *keep_option(found, context), CUSTOM),
        settled=model_shows(found, context),
        note="a TypeScript number ends at 2^53" if found.new.type.name == "int8" else None,
        evidence=measured_of(found, context),
    )


KIND = TypeWidened()
