"""Precision or scale of a numeric column went up or down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._edits import follow_type
from bravo_agent.changes._kind import Example
from bravo_agent.changes._measured import measured_of
from bravo_agent.changes._samples import column, field, numeric, table, use
from bravo_agent.changes._subjects import AlteredColumn, altered, depth, innermost
from bravo_agent.changes._types import (
    CUSTOM,
    follow_option,
    keep_option,
    model_fits,
    model_shows,
    type_changed,
)
from bravo_agent.model.change import Change, Fact
from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import ModelEdit

_CALCULATED = ("rounding", "calculation")
_MONEY = Shape("decimal", max_digits=12, decimal_places=2)


class PrecisionChange:
    """Claims the type fact of a numeric column that stays numeric."""

    name = "precision_change"
    rank = 32
    summary = "Precision or scale of a numeric column changed."
    alters_values = True
    examples = (
        Example(
            "calculated with",
            table(column("cost", numeric(12, 2))),
            table(column("cost", numeric(14, 4))),
            (field("cost", _MONEY),),
            "breaking",
            "review",
            options=("follow", "keep", "custom"),
            uses={"cost": use("rounding")},
        ),
        Example(
            "only shown",
            table(column("cost", numeric(12, 2))),
            table(column("cost", numeric(14, 4))),
            (field("cost", _MONEY),),
            "warning",
            "review",
        ),
        Example(
            "the model follows already",
            table(column("cost", numeric(12, 2))),
            table(column("cost", numeric(14, 4))),
            (field("cost", Shape("decimal", max_digits=14, decimal_places=4)),),
            "info",
            "auto-approve",
            "settled",
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per numeric column."""
        for found in altered(facts, context, "type"):
            old, new = innermost(found.old.type), innermost(found.new.type)
            numerics = old.name == new.name == "numeric" and depth(found.old.type) == depth(found.new.type)
            if numerics and (old.precision, old.scale) != (new.precision, new.scale):
                yield _change(found, context)

    def edits(self, change: Change) -> tuple[ModelEdit, ...]:
        """The field follows."""
        return follow_type(change) if change.option == "follow" else ()


def _change(found: AlteredColumn, context: Context) -> Change:
    calculated = any(use.role in _CALCULATED for use in found.subject.uses)
    fit = model_fits(found, context)
    follow = follow_option(
        "follow",
        "Follow the column",
        "The field's digits and places follow, and the rounding of this field with them.",
        safe=fit and not calculated,
        model_fits=fit and not calculated,
    )
    return type_changed(
        PrecisionChange.name,
        found,
        severity="breaking" if calculated else "warning",
        verdict="review",
        options=(follow, *keep_option(found, context), CUSTOM),
        settled=model_shows(found, context),
        evidence=measured_of(found, context),
    )


KIND = PrecisionChange()
