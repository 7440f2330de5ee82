"""Whether a reader of one type takes every value that was written as another."""

from __future__ import annotations

from bravo_agent.changes.type_widened import widens
from bravo_agent.model.catalog import ColumnType
from bravo_agent.model.schema import Rule
from bravo_agent.types import family

Found = tuple[Rule, str]

_TEXT = ("text", "varchar", "bpchar", "citext")
"""Types whose readers take any string; ``name`` and ``"char"`` have bounds of their own."""


def unreadable(reader: ColumnType, writer: ColumnType) -> Found | None:
    """The rule that is broken, and why; None where ``reader`` takes every value of ``writer``.

    Asked is what stands in documents, so domains, their checks and the name of an enum do not count.
    """
    if reader.form == "array" and writer.form == "array" and reader.dimensions != writer.dimensions:
        return "type-changed", _both(reader, writer)
    if reader.form == writer.form and reader.element is not None and writer.element is not None:
        return unreadable(reader.element, writer.element)
    if reader.form == writer.form == "enum":
        return _labels(reader, writer)
    if reader.form == writer.form == "composite":
        return _fields(reader, writer)
    return _base(reader, writer)


def _base(reader: ColumnType, writer: ColumnType) -> Found | None:
    if (
        reader.form == "base"
        and reader.name in _TEXT
        and family(writer).shape(writer).kind in ("str", "enum")
    ):
        return _length(reader, writer)
    if reader.form != writer.form or reader.form != "base":
        return "type-changed", _both(reader, writer)
    if reader.name == writer.name == "numeric":
        return _digits(reader, writer)
    if reader.name == writer.name:
        return _length(reader, writer)
    if widens(writer, reader) or _both_json(reader, writer):
        return None
    return "type-narrowed" if widens(reader, writer) else "type-changed", _both(reader, writer)


def _both(reader: ColumnType, writer: ColumnType) -> str:
    return f"it is written as {writer.sql}, and read as {reader.sql}"


def _both_json(reader: ColumnType, writer: ColumnType) -> bool:
    return family(reader) is family(writer) and family(reader).shape(reader).kind == "any"


def _labels(reader: ColumnType, writer: ColumnType) -> Found | None:
    missing = [label for label in writer.labels if label not in reader.labels]
    return ("enum-labels", f"the reader does not know {', '.join(missing)}") if missing else None


def _length(reader: ColumnType, writer: ColumnType) -> Found | None:
    longest = max((len(label) for label in writer.labels), default=writer.length)
    if reader.length is None or (longest is not None and longest <= reader.length):
        return None
    return "length", _both(reader, writer)


def _digits(reader: ColumnType, writer: ColumnType) -> Found | None:
    """Digits before the point count by themselves: numeric(12,4) does not hold what numeric(12,2) does."""
    if reader.precision is None:
        return None
    places, written = reader.scale or 0, writer.scale or 0
    holds = writer.precision is not None and (
        written <= places and writer.precision - written <= reader.precision - places
    )
    return None if holds else ("precision", _both(reader, writer))


def _fields(reader: ColumnType, writer: ColumnType) -> Found | None:
    """Fields of a composite may be null, so one that is missing is read as one that is null."""
    written = dict(writer.fields)
    for name, wanted in reader.fields:
        found = unreadable(wanted, written[name]) if name in written else None
        if found is not None:
            return found[0], f"in its field {name}: {found[1]}"
    return None
