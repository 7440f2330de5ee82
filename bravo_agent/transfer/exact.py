"""The slow way from a batch to documents: Python values, then ``bson.encode`` row by row. It is the oracle.

It shares the readers of types/ with encode.py and nothing else, so that each holds the other to its bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

import bson
import numpy as np
import pyarrow as pa
from bson.binary import Binary
from bson.errors import BSONError
from bson.int64 import Int64

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.transfer.encode import (
    MAX_DOCUMENT,
    TOO_LARGE,
    DocumentField,
    EncodedBatch,
    KeySpec,
    Rejected,
    key_parts,
    refusals,
)
from bravo_agent.types import Rejection, family
from bravo_agent.types._calendar import (
    DATE_INFINITY,
    DATE_MINUS_INFINITY,
    DAY_MS,
    INSTANT_INFINITY,
    INSTANT_MINUS_INFINITY,
    infinite,
    iso_day,
    moment,
)

_FIRST_INSTANT = -210_866_803_200_000_000
Value = Any  # what bson.encode takes, or a Rejection in its place


def encode_exact(
    batch: pa.RecordBatch, key: KeySpec, fields: Sequence[DocumentField], switches: TypesSection
) -> EncodedBatch:
    """What ``compile_encoder(key, fields, switches)(batch)`` gives, made one row at a time."""
    parts = key_parts(key)
    own = [values(f.type, batch.column(f.column), switches) for f in (*parts, *fields)]
    documents, rejected, kept = [], [], []
    refused = {one.row: one for one in refusals(batch)}
    for row, found in enumerate(zip(*own, strict=True)):
        made = refused.get(row) or _document(row, found, parts, fields, nested=key[0] == "composite")
        if isinstance(made, Rejected):
            rejected.append(made)
        else:
            documents.append(made)
            kept.append(row)
    return EncodedBatch(pa.array(documents, pa.large_binary()), tuple(rejected), np.array(kept, np.int64))


def values(type_: ColumnType, array: pa.Array, switches: TypesSection) -> Iterator[Value]:
    """Every value of a canonical array as ``bson.encode`` takes it; a ``Rejection`` where it has no such form."""
    kind = family(type_)
    array = array if array.type == kind.arrow(type_) else array.cast(kind.arrow(type_))
    convert = _converter(type_, switches)
    for raw in _raw(array):
        try:
            yield None if raw is None else convert(raw)
        except Rejection as rejection:
            yield rejection


def _document(
    row: int,
    found: tuple[Value, ...],
    parts: Sequence[DocumentField],
    fields: Sequence[DocumentField],
    *,
    nested: bool,
) -> bytes | Rejected:
    for field, value in zip((*parts, *fields), found, strict=True):
        if isinstance(value, Rejection):
            return Rejected(row, field.column, value.reason)
    key = {part.name: value for part, value in zip(parts, found, strict=False)} if nested else found[0]
    names = (field.name for field in fields)
    data = bson.encode({"_id": key, **dict(zip(names, found[len(parts) :], strict=True))})
    return Rejected(row, "", TOO_LARGE) if len(data) > MAX_DOCUMENT else data


def _raw(array: pa.Array) -> list[Any]:
    """Python values; dates and timestamps as numbers, which alone hold every year."""
    if pa.types.is_date32(array.type):
        array = array.view(pa.int32())
    elif pa.types.is_timestamp(array.type):
        array = array.view(pa.int64())
    elif pa.types.is_struct(array.type):
        return [_raw_list(row) for row in array]
    found: list[Any] = array.to_pylist()
    return found


def _raw_list(row: pa.StructScalar) -> list[Any] | str | None:
    """The items of a list, or the text of an array of several dimensions."""
    if not row.is_valid:
        return None
    if row["text"].is_valid:
        text: str = row["text"].as_py()
        return text
    return _raw(row["items"].values) if row["items"].is_valid else None


def _converter(type_: ColumnType, switches: TypesSection) -> Callable[[Any], Value]:
    kind = family(type_)
    read = kind.reader(type_, switches)
    lane = kind.lane(type_)
    if lane in ("text", "decimal"):
        return lambda text: _checked(read(text))
    if lane == "array":
        return _array_converter(type_, read, switches)
    if lane == "uuid":
        return lambda raw: str(UUID(bytes=raw)) if switches.uuid == "string" else Binary(raw, 4)
    if lane == "date":
        return lambda days: _date(days, switches)
    if lane == "timestamp":
        return lambda micros: _timestamp(micros, switches)
    if lane == "int64":
        return Int64
    if lane == "element":
        return lambda raw: bson.decode(raw)["v"]
    return lambda raw: raw


def _checked(value: Value) -> Value:
    """Refuses what ``bson.encode`` refuses, for the value alone."""
    try:
        bson.encode({"": value})
    except (BSONError, ValueError, OverflowError, RecursionError):
        raise Rejection("not-bson") from None
    return value


def _array_converter(
    type_: ColumnType, read: Callable[[str], Any], switches: TypesSection
) -> Callable[[Any], Value]:
    element = type_.element
    assert element is not None
    convert = (
        family(element).reader(element, switches)
        if element.form == "array"
        else _converter(element, switches)
    )

    def whole(raw: Any) -> Value:
        if isinstance(raw, str):
            return read(raw)
        return [None if item is None else convert(item) for item in raw]

    return whole


def _date(days: int, switches: TypesSection) -> Value:
    if days in (DATE_INFINITY, DATE_MINUS_INFINITY):
        return infinite("infinity" if days == DATE_INFINITY else "-infinity", switches.infinity)
    return iso_day(days) if switches.date == "string" else moment(days * DAY_MS)


def _timestamp(micros: int, switches: TypesSection) -> Value:
    if micros in (INSTANT_INFINITY, INSTANT_MINUS_INFINITY):
        return infinite("infinity" if micros == INSTANT_INFINITY else "-infinity", switches.infinity)
    return moment((micros + 2**64 if micros < _FIRST_INSTANT else micros) // 1000)
