"""A model's field that no column feeds and none ever fed: a branch is ahead of production."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bravo_agent.changes._context import Context
from bravo_agent.changes._kind import Example, Subject, change
from bravo_agent.changes._samples import field, table
from bravo_agent.model.change import Change, Details, Fact
from bravo_agent.model.entities import Field


class AheadOfSource:
    """Claims no fact, for nothing changed at the source: it is listed so that nobody takes it for a drop."""

    name = "ahead_of_source"
    rank = 90
    summary = "A model has a field that the source has not yet."
    alters_values = False
    examples = (
        Example(
            "a field of a branch",
            table(),
            table(),
            (field("later"),),
            "info",
            "auto-approve",
            "ahead-of-source",
        ),
    )

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """One change per field that neither the baseline nor the source feeds, nor bravo.toml ignores."""
        fed = {
            (entity.table, column.target) for entity in context.mapping.entities for column in entity.columns
        }
        renamed = {new: old for old, new in context.source_key.items()}
        for entity in context.target.entities:
            if entity.table in context.source_key and entity.table not in renamed:
                continue  # a new table under the name that another has left: the fields are not its own
            model = context.entity_of(renamed.get(entity.table, entity.table))
            ignored = {name for name, why in entity.left_out if why == "ignored"}
            now = {column.target for column in entity.columns} | {"_id"} | ignored
            was = renamed.get(entity.table, entity.table)
            for found in model.fields if model else ():
                known = found.computed or found.document_name in now
                if not known and (was, found.document_name) not in fed:
                    yield _change(was, found, entity.entity)


def _change(table: str, model: Field, entity: str | None) -> Change:
    text = model.shape.text or model.shape.kind
    found = change(
        AheadOfSource.name,
        Subject(table, None, entity, model.name),
        (),
        before=model.name,
        after=None,
        severity="info",
        verdict="auto-approve",
        details=Details(expected_type=text, required=model.required, default=model.default),
    )
    return replace(found, field=model.name, state="ahead-of-source", reason="no catalog ever held this field")


KIND = AheadOfSource()
