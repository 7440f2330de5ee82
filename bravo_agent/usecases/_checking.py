"""What the checks see: a snapshot's table on one side, a collection on the other, read when asked."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor, Future
from typing import Any

import bson
import pyarrow as pa
from bson.codec_options import CodecOptions, DatetimeConversion

from bravo_agent.model.catalog import ColumnType, Table
from bravo_agent.model.check import LedgerEntry
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.ports import Checksum
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.stores.snapshot import ChunkRef, SnapshotReader
from bravo_agent.transfer.documents import Hashes, checksums, total
from bravo_agent.transfer.exact import encode_exact
from bravo_agent.transfer.executor import ahead, done
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
        self._reading: Future[dict[str, Checksum]] | None = None
        self._scanning: Future[int] | None = None

    def begin(self, executor: Executor) -> None:
        """Lets every document be read and the validator's scan be made from now on, side by side."""
        self._reading = executor.submit(self._read)
        self._scanning = executor.submit(self._scan)

    @property
    def mapping(self) -> EntityMapping:
        """What was loaded, and how."""
        return self._mapping

    @property
    def table(self) -> Table:
        """The table in the snapshot's catalog."""
        return self._reader.table(self._mapping.table)

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
        return self.target_checksums().get("_id", Checksum()).count

    def source_checksums(self) -> Mapping[str, Checksum]:
        """As the load summed them up."""
        return self._loaded.checksums

    def target_checksums(self) -> Mapping[str, Checksum]:
        """Over every document that MongoDB gives back; read once."""
        if self._reading is None:
            self._reading = done(self._read)
        return self._reading.result()

    def _read(self) -> dict[str, Checksum]:
        blocks = ahead(self._target.blocks(self._mapping.collection, version=self._version))
        return total(checksums(block, self._only) for block in blocks)

    def violations(self) -> tuple[int, int]:
        """Asked of the server."""
        if self._scanning is None:
            self._scanning = done(self._scan)
        return self.documents(), self._scanning.result()

    def _scan(self) -> int:
        return self._target.validator_violations(
            self._mapping.collection, self._validator, version=self._version
        )

    def samples(self) -> tuple[int, tuple[tuple[str, int], ...]]:
        """Rows spread over the snapshot, converted without the batch encoder."""
        compared, different = 0, dict[str, int]()
        step = max(1, len(self._chunks) // _SAMPLED_CHUNKS)
        for chunk in self._chunks[::step]:
            compared += self._sample(chunk, different)
        return compared, tuple(sorted(different.items()))

    def _sample(self, chunk: ChunkRef, different: dict[str, int]) -> int:
        rows, transform = self._reader.read(chunk, self._encoder.columns), self._encoder.transform
        some = pa.array(range(0, rows.num_rows, max(1, rows.num_rows // _SAMPLES_PER_CHUNK)), pa.int64())
        if transform.whole:
            rows = transform.apply(rows, chunk.index).take(some)
        else:
            rows = transform.apply(rows.take(some), chunk.index)
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
    A masked column keeps its values apart only as far as its type allows, so it is not held unique either, nor
    is a value that loses something on its way. MongoDB has no index over two arrays: such a one is left out.
    """
    found: dict[tuple[str, ...], bool] = {}
    for index in table.indexes:
        targets = [one for name in index.columns if (one := mapping.target_of(name)) is not None]
        columns = [own for name in index.columns if (own := table.column(name)) is not None]
        keys = tuple(target.target for target in targets)
        if not keys or len(keys) < len(index.columns) or keys == ("_id",):
            continue
        if sum(_may_be_array(column.type) for column in columns) > 1:
            continue
        loose = any(column.nullable or not _kept_apart(column.type) for column in columns)
        unique = index.unique and not loose and all(target.rule == "standard" for target in targets)
        found[keys] = found.get(keys, False) or (unique and not _partial(index.definition))
    return tuple(sorted(found.items()))


def _may_be_array(type_: ColumnType) -> bool:
    """Whether an index over it holds the items of its values, not the values."""
    return type_.form in ("array", "multirange") or type_.name in ("json", "jsonb")


def _kept_apart(type_: ColumnType) -> bool:
    """Whether different values stay different in an index, which holds the items of an array, not the array."""
    return not _may_be_array(type_) and not _loses(type_)


def _loses(type_: ColumnType) -> bool:
    """Whether microseconds are cut off anywhere in its values."""
    if type_.name in ("timestamp", "timestamptz"):
        return type_.precision is None or type_.precision > 3
    inner = [own for _, own in type_.fields] + ([type_.element] if type_.element else [])
    return any(_loses(own) for own in inner)


def _partial(definition: str) -> bool:
    # A partial unique index holds for some rows only; as a whole one it would refuse rows that are right.
    return " WHERE " in definition.upper()
