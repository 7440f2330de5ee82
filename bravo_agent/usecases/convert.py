"""A snapshot's rows as documents, without a database: for files, and for the source's side of a check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from bravo_agent.events import Emit, RowsDone, TableFinished, TableStarted, ignore
from bravo_agent.model.check import LedgerEntry
from bravo_agent.model.mapping import EntityMapping
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.transfer.documents import Documents, Hashes, key_hashes
from bravo_agent.transfer.load import TableEncoder, load_chunk
from bravo_agent.usecases._stage import stage
from bravo_agent.usecases.detect import detect, latest_local, load_mapping
from bravo_agent.usecases.load import Loaded, surroundings
from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class ConvertedTable:
    """One table's documents in ``file``, end to end as ``mongorestore`` reads them; ``ledger`` names the rest."""

    table: str
    collection: str
    file: str
    rows: int
    documents: int
    ledger: tuple[LedgerEntry, ...]


def convert(
    reader: SnapshotReader,
    mapping: EntityMapping,
    encoder: TableEncoder,
    write: Callable[[pa.Array], object] | None = None,
    emit: Emit = ignore,
) -> tuple[Loaded, Hashes]:
    """Converts all rows of a table; gives what they became and the sorted hashes of their keys."""
    loaded, keys = Loaded(), [np.empty(0, np.uint64)]

    def take(documents: pa.Array) -> None:
        keys.append(key_hashes(Documents.of_array(documents)))
        if write is not None:
            write(documents)

    for chunk in reader.chunks(mapping.table):
        batch = reader.read(chunk, encoder.columns)
        result = load_chunk(encoder, chunk.index, batch, take)
        loaded.add(result)
        emit(RowsDone("transform", mapping.table, result.rows))
    return loaded, np.sort(np.concatenate(keys))


def transform(workspace: Workspace, *, emit: Emit = ignore) -> tuple[ConvertedTable, ...]:
    """Writes the newest local snapshot's documents to .bravo/transformed/SNAPSHOT/COLLECTION.bson."""
    reader = latest_local(workspace)
    found = detect(workspace, reader.snapshot.catalog, write_report=False)
    folder = workspace.private / "transformed" / reader.snapshot.id
    folder.mkdir(parents=True, exist_ok=True)
    mapping = load_mapping(workspace, found).mapping
    with stage("transform", emit) as done:
        tables = tuple(_to_file(workspace, reader, one, folder, emit) for one in mapping.entities)
        done.rows = sum(one.rows for one in tables)
    return tables


def _to_file(
    workspace: Workspace, reader: SnapshotReader, mapping: EntityMapping, folder: Path, emit: Emit
) -> ConvertedTable:
    table = reader.table(mapping.table)
    encoder = TableEncoder(mapping, table, surroundings(workspace))
    path = folder / f"{mapping.collection}.bson"
    beside = path.with_suffix(".part")
    emit(TableStarted("transform", mapping.table, sum(chunk.rows for chunk in reader.chunks(mapping.table))))
    with beside.open("wb") as file:
        loaded, _ = convert(
            reader, mapping, encoder, lambda documents: file.writelines(documents.to_pylist()), emit
        )
    beside.replace(path)
    emit(TableFinished("transform", mapping.table, loaded.rows))
    name = path.relative_to(workspace.project).as_posix()
    return ConvertedTable(
        mapping.table, mapping.collection, name, loaded.rows, loaded.documents, tuple(loaded.rejected)
    )
