"""Which readers can take which data. The words are those of Confluent's registry and Avro's resolution.

``BACKWARD``: readers with the new schema take data that was written with the former one. ``FORWARD``: readers with
the former schema take data that is written with the new one. ``FULL``: both. Plain modes ask about the last
registered schema, ``_TRANSITIVE`` ones about all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bravo_agent.model.catalog import Catalog
from bravo_agent.model.schema import (
    Against,
    CompatibilityMode,
    Direction,
    DocumentField,
    DocumentSchema,
    Incompatibility,
)
from bravo_agent.planning.document_schema import documents_of_catalog
from bravo_agent.planning.type_reading import unreadable

Documents = tuple[DocumentSchema, ...]

_DIRECTIONS: dict[str, tuple[Direction, ...]] = {
    "BACKWARD": ("BACKWARD",),
    "FORWARD": ("FORWARD",),
    "FULL": ("BACKWARD", "FORWARD"),
}


def incompatibilities(reader: Catalog, writer: Catalog) -> tuple[Incompatibility, ...]:
    """What readers of the one catalog cannot take of data of the other, every table and column counted as read."""
    return unread(documents_of_catalog(reader), documents_of_catalog(writer))


def judge(
    mode: CompatibilityMode, now: Documents, former: Sequence[tuple[int, Documents]]
) -> tuple[Against, ...]:
    """Each comparison that ``mode`` asks for; ``former`` are the registered ones by number, newest first."""
    plain = mode.removesuffix("_TRANSITIVE")
    asked = former if plain != mode else former[:1]
    return tuple(
        Against(number, way, unread(now, then) if way == "BACKWARD" else unread(then, now))
        for number, then in asked
        for way in _DIRECTIONS[plain]
    )


def unread(reader: Documents, writer: Documents) -> tuple[Incompatibility, ...]:
    """As ``incompatibilities``, of documents."""
    written = {one.collection: one for one in writer}
    return tuple(found for one in reader for found in _table(one, written.get(one.collection)))


def _table(reader: DocumentSchema, writer: DocumentSchema | None) -> Iterator[Incompatibility]:
    if writer is None:
        yield Incompatibility(reader.collection, None, "table-missing", "the reader needs it")
        return
    if reader.key != writer.key:
        told = f"documents are named by {_named(writer.key)}, and looked up by {_named(reader.key)}"
        yield Incompatibility(reader.collection, None, "primary-key", told)
    written = {field.name: field for field in writer.fields}
    for field in reader.fields:
        yield from _field(reader.collection, field, written.get(field.name))


def _named(key: tuple[str, ...]) -> str:
    return ", ".join(key) or "a hash of the row"


def _field(table: str, reader: DocumentField, writer: DocumentField | None) -> Iterator[Incompatibility]:
    if writer is None:
        if reader.required:
            told = "the reader requires it, has no default for it, and it is not written"
            yield Incompatibility(table, reader.name, "column-missing", told)
        return
    if writer.writes_null and not reader.takes_null:
        yield Incompatibility(
            table, reader.name, "null", "null may be written, and the reader does not take it"
        )
    found = unreadable(reader.type, writer.type)
    if found is not None:
        yield Incompatibility(table, reader.name, *found)
