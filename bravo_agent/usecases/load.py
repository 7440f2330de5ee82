"""Building a version aside: every mapped table's chunks, in parallel, from where an earlier load stopped."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any

from bravo_agent import wire
from bravo_agent.events import Emit, RowsDone, TableFinished, TableStarted
from bravo_agent.model.catalog import Table
from bravo_agent.model.check import LedgerEntry
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.ports import Checksum
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.stores.snapshot import ChunkRef, SnapshotReader
from bravo_agent.transfer.documents import add_checksums
from bravo_agent.transfer.executor import run_bounded
from bravo_agent.transfer.load import ChunkResult, TableEncoder, load_chunk
from bravo_agent.transfer.transform import Surroundings
from bravo_agent.workspace import Workspace


@dataclass
class Loaded:
    """What became of one table, added up over its chunks."""

    rows: int = 0
    documents: int = 0
    written: int = 0
    rejected: list[LedgerEntry] = field(default_factory=list)
    checksums: dict[str, Checksum] = field(default_factory=dict)

    def add(self, result: ChunkResult) -> None:
        """Adds one chunk."""
        self.rows += result.rows
        self.documents += result.documents
        self.written += result.written
        self.rejected.extend(result.rejected)
        add_checksums(self.checksums, result.checksums)


def surroundings(workspace: Workspace) -> Surroundings:
    """What the rules may know."""
    return Surroundings(workspace.project, workspace.mask_key(), workspace.config.types)


def build_tables(
    workspace: Workspace,
    reader: SnapshotReader,
    mappings: Iterable[EntityMapping],
    target: MongoTarget,
    version: str,
    validators: Mapping[str, Mapping[str, Any]],
    emit: Emit,
    *,
    resumed: bool = False,
) -> dict[str, Loaded]:
    """Loads every mapping's table into ``version``'s build; by table. Chunks that the ledger names are kept.

    ``resumed``: an earlier load of this version was broken off, so a chunk may be there in part.
    """
    around = surroundings(workspace)
    done = target.chunks_done(version)
    loaded = {}
    workers = workspace.config.load.workers
    with ThreadPoolExecutor(workers, thread_name_prefix="load") as executor:
        for mapping in mappings:
            table = reader.table(mapping.table)
            kept = {chunk: line for (name, chunk), line in done.items() if name == mapping.table}
            target.prepare(version, mapping.collection, validator=validators[mapping.collection])
            job = _TableJob(reader, mapping, table, around, target, version, resumed=resumed)
            loaded[mapping.table] = _load_table(job, executor, workers, kept, emit)
    return loaded


class _TableJob:
    """One table's chunk function."""

    def __init__(
        self,
        reader: SnapshotReader,
        mapping: EntityMapping,
        table: Table,
        around: Surroundings,
        target: MongoTarget,
        version: str,
        *,
        resumed: bool,
    ) -> None:
        self.reader, self.mapping, self.target, self.version = reader, mapping, target, version
        self.encoder = TableEncoder(mapping, table, around)
        self.resumed = resumed
        self.writer = target.writer(version, mapping.collection)

    def __call__(self, chunk: ChunkRef) -> ChunkResult:
        batch = self.reader.read(chunk, self.encoder.columns)
        # A chunk that was under way when an earlier load was killed may be there in part.
        result = load_chunk(
            self.encoder,
            chunk.index,
            batch,
            lambda documents: self.writer.write(documents, retry=self.resumed),
        )
        self.target.chunk_done(
            self.version,
            self.mapping.table,
            chunk.index,
            rows=result.rows,
            documents=result.documents,
            checksums=_line(result),
        )
        return result


def _line(result: ChunkResult) -> dict[str, Any]:
    return {
        "written": result.written,
        "sums": {name: asdict(one) for name, one in result.checksums.items()},
        "rejected": [asdict(one) for one in result.rejected],
    }


def _kept(index: int, rows: int, documents: int, line: Mapping[str, Any]) -> ChunkResult:
    sums = {name: Checksum(**one) for name, one in line["sums"].items()}
    rejected = tuple(LedgerEntry(**one) for one in line["rejected"])
    return ChunkResult(index, rows, documents, line["written"], rejected, sums)


def _load_table(
    job: _TableJob, executor: ThreadPoolExecutor, workers: int, kept: Mapping[int, Any], emit: Emit
) -> Loaded:
    chunks = job.reader.chunks(job.mapping.table)
    loaded = Loaded()
    emit(TableStarted("load", job.mapping.table, sum(chunk.rows for chunk in chunks)))
    for result in _results(job, executor, workers, chunks, kept):
        loaded.add(result)
        emit(RowsDone("load", job.mapping.table, result.rows))
    emit(TableFinished("load", job.mapping.table, loaded.rows))
    return loaded


def _results(
    job: _TableJob,
    executor: ThreadPoolExecutor,
    workers: int,
    chunks: tuple[ChunkRef, ...],
    kept: Mapping[int, Any],
) -> Iterator[ChunkResult]:
    for index, line in kept.items():
        yield _kept(index, line.rows, line.documents, line.checksums)
    todo = [chunk for chunk in chunks if chunk.index not in kept]
    yield from run_bounded(executor, job, todo, in_flight=workers + 1)


def transform_hash(workspace: Workspace, mappings: Iterable[EntityMapping]) -> str:
    """Fingerprint of all that decides what a row becomes: mapping, switches, and the masking key's digest.

    Of the project's own functions it is their module's text, as far as it lies in the project: under another one
    an increment converts every row anew, and a broken-off load is not gone on with.
    """
    mappings = tuple(mappings)
    key = workspace.mask_key()
    digest = hmac.new(key, b"bravo-agent transform", hashlib.sha256).hexdigest() if key else ""
    mapped = [wire.plain(one) for one in mappings]
    code = [text for _, text in transform_modules(workspace, mappings)]
    return wire.fingerprint([mapped, workspace.config.types.model_dump(mode="json"), digest, code])


def transform_modules(workspace: Workspace, mappings: Iterable[EntityMapping]) -> tuple[tuple[str, str], ...]:
    """(module of the project's own functions, hash of its text), sorted."""
    return tuple((name, _module_hash(workspace, name)) for name in sorted(_custom_modules(mappings)))


def _custom_modules(mappings: Iterable[EntityMapping]) -> set[str]:
    columns = (column for one in mappings for column in one.columns if column.rule == "custom")
    return {dict(column.params).get("function", "").partition(":")[0] for column in columns}


def _module_hash(workspace: Workspace, name: str) -> str:
    place = workspace.project.joinpath(*name.split("."))
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            return hashlib.sha256(path.read_bytes()).hexdigest()
    return ""
