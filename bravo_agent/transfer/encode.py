"""A record batch -> BSON documents, a column at a time; the same bytes as ``bson.encode`` row by row.

``exact.py`` is that other way, and tests/transfer holds both to the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.transfer.encode_cells import DOCUMENT, Cells, lengths_of, write
from bravo_agent.transfer.encode_kernels import Kernel, kernel
from bravo_agent.transfer.encode_rows import Rows
from bravo_agent.types import family

MAX_DOCUMENT = 16 * 1024 * 1024
TOO_LARGE = "document-over-16mb"
REFUSED = "\0refused"  # no PostgreSQL column can be called so


@dataclass(frozen=True)
class DocumentField:
    """The document's element ``name``, of ``type``, from the batch's ``column``."""

    name: str
    type: ColumnType
    column: str


# Where ``_id`` comes from: the value of one column (column, type); a document of several ((name, column, type) each,
# in key order); or a string that a column holds already.
KeySpec = (
    tuple[Literal["single"], str, ColumnType]
    | tuple[Literal["composite"], Sequence[tuple[str, str, ColumnType]]]
    | tuple[Literal["precomputed"], str]
)


@dataclass(frozen=True)
class Rejected:
    """A row that is no document: its position in the batch, the column at fault (empty: the whole), why."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class EncodedBatch:
    """The documents of the rows ``kept`` (positions in the batch, ascending), and the others."""

    documents: pa.LargeBinaryArray
    rejected: tuple[Rejected, ...]
    kept: NDArray[np.int64]


Encoder = Callable[[pa.RecordBatch], EncodedBatch]
_TEXT = ColumnType("text")


def compile_encoder(key: KeySpec, fields: Sequence[DocumentField], switches: TypesSection) -> Encoder:
    """The encoder of a table's batches: ``_id`` first, then ``fields`` in order."""
    key_column = _compile_key(key, switches)
    columns = [_compile(field, switches) for field in fields]

    def encode(batch: pa.RecordBatch) -> EncodedBatch:
        rows = Rows(batch.num_rows, sized=True)
        reasons = {one.row: one for one in refusals(batch)}
        for column in (key_column, *columns):
            _note(reasons, column(batch, rows))
        return _without(rows.finish(), reasons)

    return encode


def refusals(batch: pa.RecordBatch) -> Iterator[Rejected]:
    """The rows that a rule has refused already: column and reason, parted by NUL."""
    if REFUSED in batch.schema.names:
        for row, told in enumerate(batch.column(REFUSED).to_pylist()):
            if told is not None:
                column, _, reason = told.partition("\0")
                yield Rejected(row, column, reason)


_Column = Callable[[pa.RecordBatch, Rows], list[Rejected]]


def _compile(field: DocumentField, switches: TypesSection) -> _Column:
    """Appends one column to the rows; gives what it rejects."""
    name, arrow = field.name.encode(), family(field.type).arrow(field.type)
    cells_of: Kernel = kernel(field.type, switches)

    def append(batch: pa.RecordBatch, rows: Rows) -> list[Rejected]:
        array = batch.column(field.column)
        cells = cells_of(array if array.type == arrow else array.cast(arrow))
        write(rows, name, cells)
        return [Rejected(row, field.column, reason) for row, reason in cells.rejected.items()]

    return append


def key_parts(key: KeySpec) -> tuple[DocumentField, ...]:
    """The columns of the key as fields: one called ``_id``, or those of the document that ``_id`` is."""
    if key[0] == "composite":
        return tuple(DocumentField(name, type_, column) for name, column, type_ in key[1])
    return (DocumentField("_id", key[2] if key[0] == "single" else _TEXT, key[1]),)


def _compile_key(key: KeySpec, switches: TypesSection) -> _Column:
    parts = [_compile(part, switches) for part in key_parts(key)]
    if key[0] != "composite":
        return parts[0]

    def append(batch: pa.RecordBatch, rows: Rows) -> list[Rejected]:
        inner = Rows(batch.num_rows, sized=True)
        rejected = [found for part in parts for found in part(batch, inner)]
        write(rows, b"_id", Cells(DOCUMENT, body=inner.finish()))
        return rejected

    return append


def _note(reasons: dict[int, Rejected], found: list[Rejected]) -> None:
    """A row is rejected once, for its first column at fault."""
    for rejected in found:
        reasons.setdefault(rejected.row, rejected)


def _without(documents: pa.LargeBinaryArray, reasons: dict[int, Rejected]) -> EncodedBatch:
    """Drops the rejected rows, which were written as nulls, and documents that MongoDB cannot take."""
    for row in np.flatnonzero(lengths_of(documents) > MAX_DOCUMENT).tolist():
        reasons.setdefault(row, Rejected(row, "", TOO_LARGE))
    if not reasons:
        return EncodedBatch(documents, (), np.arange(len(documents)))
    keep = np.ones(len(documents), np.bool_)
    keep[list(reasons)] = False
    rejected = tuple(reasons[row] for row in sorted(reasons))
    return EncodedBatch(documents.filter(pa.array(keep)), rejected, np.flatnonzero(keep))
