"""An enum type has a label that it had not, and has lost none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.changes._context import Context
from bravo_agent.changes._edits import follow_labels
from bravo_agent.changes._kind import Example
from bravo_agent.changes._measured import measured_of, noted
from bravo_agent.changes._samples import column, enum, field, table
from bravo_agent.changes._subjects import AlteredColumn, altered, depth, innermost, innermost_shape
from bravo_agent.changes._types import CUSTOM, follow_option, keep_option, model_fits, type_changed
from bravo_agent.model.change import Change, Evidence, Fact
from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import ModelEdit

_OLD, _NEW = enum("draft", "live"), enum("draft", "review", "live")


class EnumValueAdded:
    """Claims an enum's type fact where every old label is still there, and others came."""

    name = "enum_value_added"
    rank = 31
    summary = "An enum type has more labels."
    alters_values = True
    examples = (
        Example(
            "read by a Literal",
            table(column("status", _OLD)),
            table(column("status", _NEW)),
            (field("status", Shape("enum", labels=("draft", "live"))),),
            "breaking",
            "review",
            options=("add-value", "keep", "custom"),
        ),
        Example(
            "read as str",
            table(column("status", _OLD)),
            table(column("status", _NEW)),
            (field("status", Shape("str")),),
            "info",
            "review",
        ),
        Example(
            "the model knows it",
            table(column("status", _OLD)),
            table(column("status", _NEW)),
            (field("status", Shape("enum", labels=("draft", "live", "review"))),),
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
            if same_enum and set(old.labels) < set(new.labels):
                yield _change(found, context)

    def edits(self, change: Change) -> tuple[ModelEdit, ...]:
        """The Literal or Enum follows."""
        return follow_labels(change) if change.option == "add-value" else ()


def _change(found: AlteredColumn, context: Context) -> Change:
    old, new = innermost(found.old.type), innermost(found.new.type)
    evidence = measured_of(found, context)
    added = [label for label in new.labels if label not in old.labels]
    closed = found.field is not None and innermost_shape(found.field.shape).kind == "enum"
    fit = model_fits(found, context)
    add = follow_option(
        "add-value",
        "Add the value",
        "The model's Literal or Enum takes the new value.",
        safe=fit,
        model_fits=fit,
    )
    return type_changed(
        EnumValueAdded.name,
        found,
        severity="breaking" if closed else "info",
        verdict="review",
        options=(add, *keep_option(found, context), CUSTOM),
        settled=closed and fit,
        note=noted(f"added: {', '.join(added)}", _held(evidence)),
        evidence=evidence,
    )


def _held(evidence: Evidence) -> str | None:
    if not evidence.holding:
        return None
    rows = sum(count for _, count in evidence.holding)
    return f"{rows:,} of {evidence.rows:,} rows hold it" if rows else "no row holds it so far"


KIND = EnumValueAdded()
