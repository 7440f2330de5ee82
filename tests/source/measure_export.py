"""Peak memory and rate of an export; no test: ``python measure_export.py POSTGRES_URI ROWS [WORKERS]``.

Makes and drops a database of its own on that server, with the table of 15 mixed columns of the data path's notes.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

from bravo_agent.config import SourceSection
from bravo_agent.stores.postgres import PostgresSource

DATABASE = "measure_export"
TABLE = """
create type st as enum ('a', 'b', 'c');
create table t (id int8 primary key, u uuid, s st, n1 numeric(12,2), n2 numeric, tags text[], j jsonb,
  at timestamptz, d date, name text, v varchar(50), f float8, i int4, b bool, c char(4));
insert into t select g, gen_random_uuid(), (array['a','b','c'])[1 + g % 3]::st, g / 7.0, g * 1.5,
  array['x' || g % 10, 'y', null], jsonb_build_object('a', g, 'b', array[1, 2, g % 5]),
  now() - g * interval '1 s', current_date - g % 1000, 'name ' || g, 'v' || g % 1000, random(), g % 100000,
  g % 2 = 0, 'ab' from generate_series(1, {rows}) g;
"""


def main(server: str, rows: int, workers: int) -> None:
    uri = make_conninfo(server, dbname=DATABASE)
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"drop database if exists {DATABASE}".encode())
        admin.execute(f"create database {DATABASE}".encode())
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(TABLE.replace("{rows}", str(rows)).encode())
            connection.execute("vacuum analyze")
        with tempfile.TemporaryDirectory() as folder:
            measured(PostgresSource(uri, SourceSection(), workers=workers), Path(folder))
        admin.execute(f"drop database {DATABASE}".encode())


def measured(source: PostgresSource, folder: Path) -> None:
    process, peak, done = psutil.Process(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            peak[0] = max(peak[0], process.memory_info().rss)

    threading.Thread(target=watch, daemon=True).start()
    started, cpu = time.perf_counter(), time.process_time()
    snapshot = source.export(folder, snapshot_id="s", created_at="", created_by="")
    seconds = time.perf_counter() - started
    done.set()
    size = sum(file.size for table in snapshot.tables for file in table.files)
    print(
        f"{snapshot.rows:,} rows, {snapshot.rows / seconds:,.0f} rows/s, peak {peak[0] >> 20} MB, "
        f"CPU {time.process_time() - cpu:.1f} s, files {size >> 20} MB"
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 2)
