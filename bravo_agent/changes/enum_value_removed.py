"""An enum type has lost a label (and may have got others in its place)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bravo_agent.changes._context import Context
from bravo_agent.changes._edits import follow_labels
from bravo_agent.changes._kind import Example
from bravo_agent.changes._measured import measured_before, measured_of, noted
from bravo_agent.changes._samples import column, enum, field, table
from bravo_agent.changes._subjects import AlteredColumn, altered, depth, innermost, innermost_shape
from bravo_agent.changes._types import CUSTOM, follow_option, keep_option, model_fits, type_changed
from bravo_agent.model.change import Change, Evidence, Fact
from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import ModelEdit

_OLD, _NEW = enum("draft", "live", "gone"), enum("draft", "live")


class EnumValueRemoved:
    """Claims an enum's type fact where a label is missing.

    It blocks while rows of the snapshot hold the label. PostgreSQL itself lets none hold a label that its type
    lacks; what the last snapshot held is told. A label that came at the same time may be the old one renamed, and
    is shown beside it.
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

    def edits(self, change: Change) -> tuple[ModelEdit, ...]:
        """The Literal or Enum follows."""
        return follow_labels(change) if change.option == "remove-value" else ()


def _change(found: AlteredColumn, context: Context) -> Change:
    old, new = innermost(found.old.type), innermost(found.new.type)
    evidence = _evidence(found, context)
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
        verdict="block" if _rows(evidence.holding, removed) else "review",
        options=(remove, *keep_option(found, context), CUSTOM),
        settled=shape is not None and closed and fit and not set(removed) & set(shape.labels),
        note=noted(
            f"removed: {', '.join(removed)}",
            f"added: {', '.join(added)}" if added else None,
            _told(evidence, removed),
        ),
        evidence=evidence,
    )


def _evidence(found: AlteredColumn, context: Context) -> Evidence:
    before = measured_before(context, found.subject.table, found.old.name)
    return replace(measured_of(found, context), held_before=before.holding)


def _rows(holding: tuple[tuple[str, int], ...], labels: Sequence[str]) -> int:
    return sum(rows for label, rows in holding if label in labels)


def _told(evidence: Evidence, removed: Sequence[str]) -> str | None:
    if now := _rows(evidence.holding, removed):
        return f"{now:,} of {evidence.rows:,} rows still hold it"
    before = _rows(evidence.held_before, removed)
    return f"{before:,} rows held it in the last snapshot, none does now" if before else None


KIND = EnumValueRemoved()
