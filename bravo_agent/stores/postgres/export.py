"""One export: lock, see, copy, count, and the manifest at the very end."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bravo_agent.config import SourceSection
from bravo_agent.errors import FailedError
from bravo_agent.events import Emit, Event, Noted, TableStarted
from bravo_agent.model.catalog import Catalog, Table
from bravo_agent.model.snapshot import DataFile, Snapshot, TableData
from bravo_agent.planning.fingerprint import structure_fingerprint
from bravo_agent.stores.postgres.access import check_rights, lock_tables
from bravo_agent.stores.postgres.catalog import Connection, consistent, described, read_catalog, table_rows
from bravo_agent.stores.postgres.columns import left_out, table_readers
from bravo_agent.stores.postgres.connection import address, connect_read_only, place
from bravo_agent.stores.postgres.copy import STAGE, PartsCopy
from bravo_agent.stores.postgres.errors import translated
from bravo_agent.stores.postgres.parts import Part, cut, table_sizes
from bravo_agent.stores.postgres.sql import own_rows
from bravo_agent.stores.snapshot.copying import taken
from bravo_agent.stores.snapshot.layout import MANIFEST, checked_id, on_disk, write_manifest
from bravo_agent.stores.snapshot.lock import writing

_TRIES = 3
_LSN = """
select case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn()
  else pg_catalog.pg_current_wal_lsn() end::text
"""


@dataclass(frozen=True)
class _Seen:
    """What the exporting transaction holds: ``name`` is the snapshot's, for the workers."""

    name: str
    catalog: Catalog
    lsn: str | None


@dataclass(frozen=True)
class Export:
    """What is exported (``config``) and how it is cut."""

    uri: str
    config: SourceSection
    chunk_rows: int
    workers: int

    def run(self, into: Path, *, snapshot_id: str, created_at: str, created_by: str, emit: Emit) -> Snapshot:
        """Writes ``into/snapshot_id``; what an interrupted export left there is removed first."""
        folder = into / checked_id(snapshot_id)
        with connect_read_only(self.uri) as connection, on_disk(folder), writing(folder):
            if (folder / MANIFEST).exists():
                raise taken(snapshot_id, str(folder))
            shutil.rmtree(folder / "data", ignore_errors=True)
            with translated(place(self.uri)), self._seen(connection) as seen:
                tables = self._copy(connection, seen, folder, _one_at_a_time(emit))
            snapshot = Snapshot(
                id=snapshot_id,
                catalog=seen.catalog,
                fingerprint=structure_fingerprint(seen.catalog),
                tables=tables,
                created_at=created_at,
                created_by=created_by,
                lsn=seen.lsn,
                source=address(connection),
            )
            write_manifest(folder, snapshot)
        return snapshot

    @contextmanager
    def _seen(self, connection: Connection) -> Iterator[_Seen]:
        """A transaction in which no table can be altered, and its catalog.

        Catalogs are read partly without a snapshot (pg_get_expr), so the locks come first; a table that
        appeared or went between the list and the locks means another try.
        """
        for _ in range(_TRIES):
            wanted = self._tables(connection)
            check_rights(connection, [table.oid for table in wanted if table.oid is not None])
            lsn = _position(connection)
            with consistent(connection), connection.transaction():
                lock_tables(lambda statement: connection.execute(statement.encode()), wanted)
                with translated():
                    row = connection.execute("select pg_catalog.pg_export_snapshot()").fetchone()
                section = self.config
                catalog = read_catalog(connection, section.schemas, section.exclude, views=section.views)
                if row and {table.oid for table in catalog.tables} == {table.oid for table in wanted}:
                    yield _Seen(row[0], catalog, lsn)
                    return
        raise FailedError(
            "source-changing",
            f"tables came or went during each of {_TRIES} tries",
            hint="A migration is probably running; try again when it is done.",
            retryable=True,
        )

    def _tables(self, connection: Connection) -> list[Table]:
        with translated():
            rows = table_rows(connection, self.config.schemas, self.config.exclude, views=self.config.views)
        return [described(row) for row in rows]

    def _copy(self, connection: Connection, seen: _Seen, folder: Path, emit: Emit) -> tuple[TableData, ...]:
        tables = seen.catalog.tables
        readers = table_readers(tables)
        readable = [table for table in tables if readers[table.key].columns]
        for note in left_out(readers.values()):
            emit(Noted("warning", note))
        parts = self._parts(connection, readable, emit)
        copy = PartsCopy(self.uri, seen.name, folder, readers, self.chunk_rows, emit)
        with copy.running(parts, self.workers):
            counts = {table.key: _count(connection, table) for table in readable if not copy.stopped}
            return _complete(tables, copy.finish(), counts)

    def _parts(self, connection: Connection, tables: Sequence[Table], emit: Emit) -> list[Part]:
        with translated():
            sizes = table_sizes(connection, tables)
        parts: list[Part] = []
        for table in tables:
            size = sizes[table.oid or 0]
            emit(TableStarted(STAGE, table.key, size.rows))
            parts += cut(table, size, self.chunk_rows)
        return parts


def _complete(
    tables: Sequence[Table], files: Mapping[str, tuple[DataFile, ...]], counts: Mapping[str, int]
) -> tuple[TableData, ...]:
    """The tables' data; raises ``export-incomplete`` when a file holds other rows than the snapshot."""
    done = tuple(
        TableData(table.key, sum(file.rows for file in files.get(table.key, ())), files.get(table.key, ()))
        for table in tables
    )
    wrong = [
        f"{one.table}: {one.rows} of {counts.get(one.table, 0)}"
        for one in done
        if one.rows != counts.get(one.table, 0)
    ]
    if wrong:
        raise FailedError(
            "export-incomplete",
            f"exported rows are not count(*): {', '.join(wrong)}",
            hint="Nothing was kept. Export again; if it happens twice, please report it.",
            retryable=True,
        )
    return done


def _count(connection: Connection, table: Table) -> int:
    """count(*) in the same snapshot, on the connection that is idle otherwise."""
    with translated(table.key):
        row = connection.execute(f"select count(*) from {own_rows(table)}".encode()).fetchone()
    return 0 if row is None else int(row[0])


def _position(connection: Connection) -> str | None:
    """The WAL position just before the snapshot, None where it may not be asked.

    For people and logs. It is no place to start change data from: a transaction whose commit record lies
    before it may still be invisible to the snapshot. For that a slot has to be made first.
    """
    try:
        row = connection.execute(_LSN).fetchone()
    except psycopg.Error:
        return None
    return row[0] if row else None


def _one_at_a_time(emit: Emit) -> Emit:
    lock = threading.Lock()

    def guarded(event: Event) -> None:
        with lock:
            emit(event)

    return guarded
