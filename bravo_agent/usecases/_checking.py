"""What the checks see: a snapshot's table on one side, a collection on the other, read when asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bson
import pyarrow as pa
from bson.codec_options import CodecOptions, DatetimeConversion

from bravo_agent.model.catalog import Table
from bravo_agent.model.check import LedgerEntry
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.ports import Checksum
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.stores.snapshot import ChunkRef, SnapshotReader
from bravo_agent.transfer.documents import Hashes, add_checksums, checksums, columns_of_buffer
from bravo_agent.transfer.exact import encode_exact
from bravo_agent.transfer.load import TableEncoder
from bravo_agent.usecases.load import Loaded

_SAMPLES_PER_CHUNK = 50
_SAMPLED_CHUNKS = 4
# Dates outside Python's range stay numbers, so that every value can be compared.
_DECODE: CodecOptions[dict[str, Any]] = CodecOptions(datetime_conversion=DatetimeConversion.DATETIME_MS)


class LoadedCollection:
    """A ``CheckContext``. ``version`` names a build that is not published yet; None: what is live.

    ``only``: hashes of the keys that production owns, sorted; documents of others are not looked at.
    """

    def __init__(
        self,
        reader: SnapshotReader,
        mapping: EntityMapping,
        encoder: TableEncoder,
        loaded: Loaded,
        target: MongoTarget,
        version: str | None,
        validator: Mapping[str, Any],
        only: Hashes | None = None,
    ) -> None:
        self._reader, self._mapping, self._encoder = reader, mapping, encoder
        self._loaded, self._target, self._version = loaded, target, version
        self._validator, self._only = validator, only
        self._chunks = reader.chunks(mapping.table)
        self._found: dict[str, Checksum] | None = None
        self._count = 0

    @property
    def mapping(self) -> EntityMapping:
        """What was loaded, and how."""
        return self._mapping

    @property
    def table(self) -> Table:
        """The table in the snapshot's catalog."""
        found = self._reader.snapshot.catalog.table(self._mapping.table)
        if found is None:
            raise AssertionError(self._mapping.table)
        return found

    def manifest_rows(self) -> int:
        """As the manifest says."""
        data = self._reader.snapshot.data(self._mapping.table)
        return data.rows if data else 0

    def stored_rows(self) -> int:
        """Rows of the files' row groups."""
        return sum(chunk.rows for chunk in self._chunks)

    def nulls(self, column: str) -> int:
        """From the files' statistics."""
        return self._reader.null_count(self._mapping.table, column)

    def ledger(self) -> tuple[LedgerEntry, ...]:
        """Of the load."""
        return tuple(self._loaded.rejected)

    def documents(self) -> int:
        """Counted by reading every document."""
        self._read()
        return self._count

    def source_checksums(self) -> Mapping[str, Checksum]:
        """As the load summed them up."""
        return self._loaded.checksums

    def target_checksums(self) -> Mapping[str, Checksum]:
        """Over every document that MongoDB gives back; read once."""
        return self._read()

    def _read(self) -> dict[str, Checksum]:
        if self._found is None:
            self._found = {}
            for block in self._target.raw_batches(self._mapping.collection, version=self._version):
                sums = checksums(columns_of_buffer(block), self._only)
                self._count += sums["_id"].count
                add_checksums(self._found, sums)
        return self._found

    def violations(self) -> tuple[int, int]:
        """Asked of the server."""
        count = self._target.validator_violations(
            self._mapping.collection, self._validator, version=self._version
        )
        return self.documents(), count

    def samples(self) -> tuple[int, tuple[tuple[str, int], ...]]:
        """Rows spread over the snapshot, converted without the batch encoder."""
        compared, different = 0, dict[str, int]()
        step = max(1, len(self._chunks) // _SAMPLED_CHUNKS)
        for chunk in self._chunks[::step]:
            compared += self._sample(chunk, different)
        return compared, tuple(sorted(different.items()))

    def _sample(self, chunk: ChunkRef, different: dict[str, int]) -> int:
        fields = self._encoder.transform.apply(self._reader.read(chunk, self._encoder.columns), chunk.index)
        step = max(1, fields.num_rows // _SAMPLES_PER_CHUNK)
        rows = fields.take(pa.array(range(0, fields.num_rows, step), pa.int64()))
        transform = self._encoder.transform
        exact = encode_exact(rows, transform.key, transform.fields, self._encoder.switches)
        expected = {}
        for document in exact.documents.to_pylist():
            decoded = bson.decode(document, _DECODE)
            expected[bson.encode({"k": decoded["_id"]})] = decoded
        ids = [one["_id"] for one in expected.values()]
        there = {}
        for found in self._target.sample(self._mapping.collection, ids, version=self._version):
            decoded = bson.decode(found.raw, _DECODE)
            there[bson.encode({"k": decoded["_id"]})] = decoded
        for key, one in expected.items():
            _compare(one, there.get(key), different)
        return len(expected)

    def indexes(self) -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
        """Of the table, as far as its columns are loaded."""
        wanted = frozenset(fields for fields, _ in wanted_indexes(self._mapping, self.table))
        there = self._target.indexes(self._mapping.collection, version=self._version)
        return wanted, frozenset(fields for fields, _ in there)


def _compare(expected: dict[str, Any], found: dict[str, Any] | None, different: dict[str, int]) -> None:
    if found is None:
        different["_id"] = different.get("_id", 0) + 1
        return
    for name, value in expected.items():
        same = name in found and bson.encode({"v": found[name]}) == bson.encode({"v": value})
        if not same:
            different[name] = different.get(name, 0) + 1


def wanted_indexes(mapping: EntityMapping, table: Table) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """(document keys, unique) of the table's indexes whose columns are all loaded.

    A unique index over a nullable column becomes a plain one: PostgreSQL takes many NULLs there, MongoDB one.
    A masked column keeps its values apart only as far as its type allows, so it is not held unique either.
    """
    found: dict[tuple[str, ...], bool] = {}
    for index in table.indexes:
        targets = [mapping.target_of(name) for name in index.columns]
        if not targets or any(target is None for target in targets):
            continue
        columns = [table.column(name) for name in index.columns]
        loose = any(column is None or column.nullable for column in columns) or any(
            target is not None and target.rule != "standard" for target in targets
        )
        keys = tuple(target.target for target in targets if target is not None)
        if keys != ("_id",):
            found[keys] = found.get(keys, False) or (
                index.unique and not loose and not _partial(index.definition)
            )
    return tuple(sorted(found.items()))


def _partial(definition: str) -> bool:
    # A partial unique index holds for some rows only; as a whole one it would refuse rows that are right.
    return " WHERE " in definition.upper()
