"""Rows to fields: every column's rule, looked up once, applied to whole batches."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import Column, ColumnType, Table
from bravo_agent.model.mapping import ColumnMapping, EntityMapping
from bravo_agent.ports import CompiledRule, RuleContext
from bravo_agent.rules import rule
from bravo_agent.transfer.checksum import row_hashes
from bravo_agent.transfer.encode import REFUSED, DocumentField, KeySpec
from bravo_agent.types import family

_TEXT = ColumnType("text")
ROW_KEY = "\0row key"  # no PostgreSQL column can be called so


@dataclass(frozen=True)
class Transform:
    """``columns`` are read from the snapshot; ``apply(batch, chunk)`` gives the batch that is encoded.

    ``whole``: the chunk must be given as a whole, as rows are named after their place in it.
    """

    columns: tuple[str, ...]
    fields: tuple[DocumentField, ...]
    key: KeySpec
    apply: Callable[[pa.RecordBatch, int], pa.RecordBatch]
    whole: bool


@dataclass(frozen=True)
class Surroundings:
    """What rules may know besides their column."""

    project: Path
    mask_key: bytes | None
    switches: TypesSection


def compile_transform(mapping: EntityMapping, table: Table, around: Surroundings) -> Transform:
    """The transform of one table; raises ``UsageError`` where a rule does not fit its column."""
    columns = {column.name: column for column in table.columns}
    compiled = {
        found.column: compile_column(mapping.table, columns[found.column], found, around)
        for found in mapping.columns
    }
    fields = tuple(
        DocumentField(found.target, compiled[found.column].type, found.column)
        for found in mapping.columns
        if not _is_key(mapping, found)
    )
    keyless = not mapping.key
    # The hash of a row without a key covers all its columns, those that are not loaded too.
    wanted = tuple(columns) if keyless else tuple(found.column for found in mapping.columns)
    wanted = tuple(name for name in wanted if name in compiled or _exported(columns[name]))

    def apply(batch: pa.RecordBatch, chunk: int) -> pa.RecordBatch:
        arrays = {name: one.apply(batch.column(name)) for name, one in compiled.items()}
        if keyless:
            arrays[ROW_KEY] = _row_keys(batch, chunk, around.mask_key)
        if any(one.refused for one in compiled.values()):
            arrays[REFUSED] = _refused(batch, compiled)
        return pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))

    return Transform(wanted, fields, _key_spec(mapping, compiled), apply, keyless)


def _refused(batch: pa.RecordBatch, compiled: dict[str, CompiledRule]) -> pa.Array:
    """Per row the column at fault and why, as the encoder reads it; the first of several."""
    found: list[str | None] = [None] * batch.num_rows
    for name, one in compiled.items():
        for row, reason in (one.refused(batch.column(name)) if one.refused else {}).items():
            found[row] = found[row] or f"{name}\0{reason}"
    return pa.array(found, pa.utf8())


def _exported(column: Column) -> bool:
    from bravo_agent.types import skipped

    return not skipped(column.type)


def _is_key(mapping: EntityMapping, found: ColumnMapping) -> bool:
    return found.target == "_id" and mapping.key == (found.column,)


def _key_spec(mapping: EntityMapping, compiled: dict[str, CompiledRule]) -> KeySpec:
    if not mapping.key:
        return ("precomputed", ROW_KEY)
    first = mapping.target_of(mapping.key[0])
    if first is not None and _is_key(mapping, first):
        return ("single", mapping.key[0], _key_type(compiled[mapping.key[0]].type))
    parts = []
    for name in mapping.key:
        target = mapping.target_of(name)
        parts.append((target.target if target else name, name, _key_type(compiled[name].type)))
    return ("composite", parts)


def _key_type(type_: ColumnType) -> ColumnType:
    """Decimals as text: MongoDB finds 1.0 under 1.00, so a delta would delete what it has just written."""
    return _TEXT if family(type_).lane(type_) == "decimal" else type_


def compile_column(table: str, column: Column, found: ColumnMapping, around: Surroundings) -> CompiledRule:
    """The column's rule, ready for arrays of it."""
    context = RuleContext(
        table,
        around.project,
        around.mask_key,
        family(column.type).arrow(column.type),
        _values(around.switches),
    )
    given = dict(found.params)
    params = next((given[name] for name in ("function", "type", "value") if name in given), "")
    return rule(found.rule, f"{table}.{column.name}").compile(column, params, context)


def _values(switches: TypesSection) -> Callable[[ColumnType, pa.Array], Iterator[Any]]:
    from bravo_agent.transfer.exact import values

    return lambda type_, array: values(type_, array, switches)


def _row_keys(batch: pa.RecordBatch, chunk: int, mask_key: bytes | None) -> pa.Array:
    """``hash-chunk-ordinal``: equal rows of a chunk are told apart by their ordinal, the same at every run.

    The hash covers masked columns and those that are not loaded: without a key, anybody could try values on it.
    """
    seen: dict[int, int] = {}
    keys = []
    for hashed in row_hashes(batch).tolist():
        ordinal = seen.get(hashed, 0)
        seen[hashed] = ordinal + 1
        keys.append(f"{_sealed(hashed, mask_key)}-{chunk}-{ordinal}")
    return pa.array(keys, pa.string())


def _sealed(hashed: int, mask_key: bytes | None) -> str:
    digits = f"{hashed:016x}"
    return hmac.digest(mask_key, digits.encode(), "sha256").hex()[:16] if mask_key else digits
