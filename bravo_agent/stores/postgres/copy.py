"""The workers of an export: each has its own connection in the common snapshot and takes part after part."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue

import pyarrow as pa
from adbc_driver_postgresql import StatementOptions

from bravo_agent.events import Emit, RowsDone, TableFinished
from bravo_agent.model.snapshot import DataFile
from bravo_agent.stores.postgres.access import lock_tables
from bravo_agent.stores.postgres.columns import TableReader
from bravo_agent.stores.postgres.connection import SnapshotConnection
from bravo_agent.stores.postgres.errors import streamed
from bravo_agent.stores.postgres.parts import Part
from bravo_agent.stores.snapshot.layout import data_path
from bravo_agent.stores.snapshot.writer import ChunkWriter

_OPTIONS = {StatementOptions.BATCH_SIZE_HINT_BYTES.value: str(8 * 1024 * 1024)}
STAGE = "export"


class PartsCopy:
    """Copies the parts of all tables into ``folder``; one failure ends all workers."""

    def __init__(
        self,
        uri: str,
        snapshot: str,
        folder: Path,
        readers: Mapping[str, TableReader],
        chunk_rows: int,
        emit: Emit,
    ) -> None:
        self._uri = uri
        self._snapshot = snapshot
        self._folder = folder
        self._readers = readers
        self._chunk_rows = chunk_rows
        self._emit = emit
        self._waiting: SimpleQueue[Part] = SimpleQueue()
        self._left: Counter[str] = Counter()
        self._files: dict[str, dict[int, DataFile]] = defaultdict(dict)
        self._lock = threading.Lock()
        self._stop = threading.Event()

    @contextmanager
    def running(self, parts: Sequence[Part], workers: int) -> Iterator[None]:
        """Lets ``workers`` threads work, to be awaited by `finish`; what is raised inside ends them.

        Each connection locks all tables before any work begins: a lock that is asked for later would queue
        behind an ALTER TABLE that waits for our own first lock, and both would wait for ever.
        """
        for part in parts:
            self._waiting.put(part)
            self._left[part.table.key] += 1
        with ExitStack() as stack:
            count = min(workers, len(parts))
            connections = [stack.enter_context(self._connection()) for _ in range(count)]
            pool = stack.enter_context(ThreadPoolExecutor(workers, thread_name_prefix="export"))
            self._done = [pool.submit(self._work, connection) for connection in connections]
            try:
                yield
            except BaseException:
                self._stop.set()
                raise

    @property
    def stopped(self) -> bool:
        """Whether a worker failed: `finish` raises why."""
        return self._stop.is_set()

    def finish(self) -> dict[str, tuple[DataFile, ...]]:
        """Waits, and gives each table's files in the order of its parts."""
        for worker in self._done:
            worker.result()
        return {table: tuple(own[number] for number in sorted(own)) for table, own in self._files.items()}

    def _connection(self) -> SnapshotConnection:
        connection = SnapshotConnection(self._uri, self._snapshot)
        lock_tables(connection.run, (reader.table for reader in self._readers.values()), wait=False)
        return connection

    def _work(self, connection: SnapshotConnection) -> None:
        try:
            while not self._stop.is_set():
                part = self._waiting.get_nowait()
                self._finished(part, self._copy(connection, part))
        except Empty:
            return
        except BaseException:
            self._stop.set()
            raise

    def _copy(self, connection: SnapshotConnection, part: Part) -> DataFile:
        reader = self._readers[part.table.key]
        path = data_path(part.table, part.number)
        batches = _rows(connection, reader.select + part.condition, part.table.key)
        with ChunkWriter(self._folder, path, reader.schema, self._chunk_rows) as writer, closing(batches):
            for batch in batches:
                if self._stop.is_set():
                    break
                writer.write(reader.restore(batch))
                self._emit(RowsDone(STAGE, part.table.key, batch.num_rows))
            return writer.close()

    def _finished(self, part: Part, file: DataFile) -> None:
        table = part.table.key
        with self._lock:
            self._files[table][part.number] = file
            self._left[table] -= 1
            last = not self._left[table]
        if last and not self._stop.is_set():
            self._emit(TableFinished(STAGE, table, sum(one.rows for one in self._files[table].values())))


def _rows(connection: SnapshotConnection, query: str, where: str) -> Generator[pa.RecordBatch, None, None]:
    """The batches of a query, each of about 8 MB (a longer row comes alone)."""
    with connection.cursor() as cursor:
        with streamed(where):
            cursor.adbc_statement.set_options(**_OPTIONS)
            cursor.execute(query)
            batches = iter(cursor.fetch_record_batch())
        while True:
            with streamed(where):
                batch = next(batches, None)
            if batch is None:
                return
            yield batch
