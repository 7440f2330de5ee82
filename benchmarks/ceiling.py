"""What the server takes: the documents of a snapshot, encoded before the clock starts, by the driver's fastest ways."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.write_concern import WriteConcern

from benchmarks.process import usage
from benchmarks.scene import DATABASE, Scene
from bravo_agent.stores.mongodb.connection import RAW
from bravo_agent.stores.mongodb.writer import Writer
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.transfer.load import TableEncoder
from bravo_agent.usecases.acquire import newest_local
from bravo_agent.usecases.detect import detect, load_mapping
from bravo_agent.usecases.load import surroundings
from bravo_agent.workspace import Workspace

THREADS = (1, 2, 4)
_DOCUMENTS = 5_000  # of an insert_many
_DATABASE = f"{DATABASE}-ceiling"

Work = tuple[str, Any]
"""A collection, and one piece of its documents."""


def ceiling(scene: Scene, threads: Sequence[int] = THREADS) -> dict[str, Any]:
    """Seconds and CPU by way and number of threads, of all the newest snapshot's documents."""
    workspace = scene.workspace()
    packed = list(_encoded(workspace))
    single = [(name, part) for name, documents in packed for part in _pieces(documents)]
    with MongoClient[Any](scene.mongodb_uri) as client:
        inserts = {name: _collection(client, name) for name, _ in packed}
        target = workspace.target(_DATABASE)
        writers = {name: Writer(target, name) for name in inserts}
        ways: dict[str, tuple[Sequence[Work], Callable[[Work], object]]] = {
            "insert_many": (single, lambda work: inserts[work[0]].insert_many(work[1], ordered=False)),
            "packed": (packed, lambda work: writers[work[0]].write(work[1])),
        }
        found = {
            f"{way}/{count}": _timed(scene, client, pieces, write, count)
            for way, (pieces, write) in ways.items()
            for count in threads
        }
        client.drop_database(_DATABASE)
        target.close()
    return {"documents": sum(len(documents) for _, documents in packed), "ways": found}


def _encoded(workspace: Workspace) -> Iterator[tuple[str, pa.Array]]:
    reader = SnapshotReader(workspace.snapshots().path / newest_local(workspace))
    mapping = load_mapping(workspace, detect(workspace, reader.snapshot.catalog, write_report=False))
    for one in mapping.mapping.entities:
        table = reader.snapshot.catalog.table(one.table)
        assert table is not None
        encoder = TableEncoder(one, table, surroundings(workspace))
        for chunk in reader.chunks(one.table):
            for part in encoder.encode(reader.read(chunk, encoder.columns), chunk.index):
                yield one.collection, part.documents


def _pieces(documents: pa.Array) -> Iterator[list[RawBSONDocument]]:
    for start in range(0, len(documents), _DOCUMENTS):
        part = documents.slice(start, _DOCUMENTS).to_pylist()
        yield [RawBSONDocument(one, RAW) for one in part]


def _collection(client: MongoClient[Any], name: str) -> Collection[Any]:
    return client[_DATABASE].get_collection(name, write_concern=WriteConcern(w=1))


def _timed(
    scene: Scene,
    client: MongoClient[Any],
    pieces: Sequence[Work],
    write: Callable[[Work], object],
    threads: int,
) -> dict[str, float]:
    client.drop_database(_DATABASE)
    for name in {name for name, _ in pieces}:
        client[_DATABASE].create_collection(name)
    time.sleep(0.5)  # what the former way left behind is written meanwhile
    before = usage(scene.servers)
    with ThreadPoolExecutor(threads) as executor:
        list(executor.map(write, pieces))
    return usage(scene.servers).since(before)
