"""An enum type has lost a label (and may have got others in its place)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example
from bravo_agent.changes._samples import column, enum, field, table
from bravo_agent.changes._subjects import AlteredColumn, altered, depth, innermost, innermost_shape
from bravo_agent.changes._types import CUSTOM, KEEP, follow_option, model_fits, type_changed
from bravo_agent.model.change import Change, Fact
from bravo_agent.model.entities import Shape

_OLD, _NEW = enum("draft", "live", "gone"), enum("draft", "live")


class EnumValueRemoved:
    """Claims an enum's type fact where a label is missing.

    PostgreSQL itself lets no row hold a label that its type lacks, so that nothing at the source can block;
    a label that came at the same time may be the old one renamed, and is shown beside it.
    """

    name = "enum_value_removed"
    rank = 30
    summary = "An enum type has fewer labels, or others."
    alters_values = True
    examples = (
        Example(
            "read by a Literal",
            table(column("status", _OLD)),
            table(column("status", _NEW)),
            (field("status", Shape("enum", labels=("draft", "live", "gone"))),),
            "breaking",
            "review",
            options=("remove-value", "keep", "custom"),
        ),
        Example(
            "read as str",
            table(column("status", _OLD)),
            table(column("status", _NEW)),
            (field("status", Shape("str")),),
            "warning",
            "review",
        ),
        Example(
            "the model has dropped it",
            table(column("status", _OLD)),
            table(column("status", _NEW)),
            (field("status", Shape("enum", labels=("draft", "live"))),),
            "info",
            "auto-approve",
            "settled",
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per column of the enum type."""
        for found in altered(facts, context, "type"):
            old, new = innermost(found.old.type), innermost(found.new.type)
            same_enum = old.form == new.form == "enum" and depth(found.old.type) == depth(found.new.type)
            if same_enum and set(old.labels) - set(new.labels):
                yield _change(found, context)


def _change(found: AlteredColumn, context: Context) -> Change:
    old, new = innermost(found.old.type), innermost(found.new.type)
    removed = [label for label in old.labels if label not in new.labels]
    added = [label for label in new.labels if label not in old.labels]
    shape = innermost_shape(found.field.shape) if found.field else None
    closed = shape is not None and shape.kind == "enum"
    fit = model_fits(found, context)
    remove = follow_option(
        "remove-value",
        "Remove the value",
        "The model's Literal or Enum follows the enum type; code that names the value is listed.",
        safe=fit and not closed,
        model_fits=fit and not closed,
    )
    return type_changed(
        EnumValueRemoved.name,
        found,
        severity="breaking" if closed else "warning",
        verdict="review",
        options=(remove, KEEP, CUSTOM),
        settled=shape is not None and closed and fit and not set(removed) & set(shape.labels),
        note=f"removed: {', '.join(removed)}" + (f"; added: {', '.join(added)}" if added else ""),
    )


KIND = EnumValueRemoved()
