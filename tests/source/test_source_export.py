from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from source_scene import Exporter, rows

from bravo_agent.config import SourceSection
from bravo_agent.errors import FailedError, RefusedError, UsageError
from bravo_agent.events import Event, Noted, RowsDone, TableFinished, TableStarted
from bravo_agent.model.catalog import ColumnType
from bravo_agent.stores.postgres import PostgresSource
from bravo_agent.stores.postgres import columns as columns_module
from bravo_agent.stores.postgres import export as export_module
from bravo_agent.stores.snapshot import FolderStore, verify

Admin = psycopg.Connection[Any]


def test_big_tables_are_cut_and_complete(admin: Admin, export: Exporter) -> None:
    admin.execute("create table t (k numeric, v text)")
    admin.execute(
        "insert into t select case g % 5 when 0 then 'NaN'::numeric when 1 then null when 2 then 'Infinity'"
        " else g end, repeat('x', 100) from generate_series(1, 23456) g"
    )
    admin.execute("delete from t where ctid < '(40,0)'")
    events: list[Event] = []
    reader = export(emit=events.append)
    data = reader.snapshot.data("public.t")
    (count,) = admin.execute("select count(*) from t").fetchone() or (0,)
    assert data
    assert data.rows == count == len(rows(reader, "public.t"))
    assert len(data.files) > 3
    chunks = reader.chunks("public.t")
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))
    assert max(chunk.rows for chunk in chunks) == 1000
    assert sum(chunk.rows for chunk in chunks) == count
    assert sum(event.rows for event in events if isinstance(event, RowsDone)) == count
    assert [event.rows for event in events if isinstance(event, TableFinished)] == [count]
    assert verify(reader.folder) == reader.snapshot


def test_all_tables_are_of_one_moment(
    admin: Admin, pg_database: str, export: Exporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transfer moves one from a to b in each transaction: whatever is seen, the sum stays."""
    admin.execute("create table a (v int8, pad text); create table b (v int8, pad text)")
    for name in "ab":
        admin.execute(
            f"insert into {name} select 10, repeat('y', 500) from generate_series(1, 3000)".encode()
        )
    stop, moved = threading.Event(), Counter[str]()

    def write() -> None:
        with psycopg.connect(pg_database) as writer:
            while not stop.is_set():
                writer.execute("update a set v = v - 1 where ctid in (select ctid from a limit 20)")
                writer.execute("update b set v = v + 1 where ctid in (select ctid from b limit 20)")
                writer.execute("insert into a values (5, 'new')")
                writer.execute("insert into b values (-5, 'new')")
                writer.commit()
                moved["n"] += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        while not moved["n"]:
            pass
        readers = [export(f"s{number}", chunk_rows=200) for number in range(3)]
    finally:
        stop.set()
        thread.join()
    for reader in readers:
        values = [[row["v"] for row in rows(reader, f"public.{name}")] for name in "ab"]
        assert sum(map(sum, values)) == 60_000
        assert len(values[0]) == len(values[1])


def test_partitions_and_inheritance(admin: Admin, export: Exporter) -> None:
    admin.execute(
        """
        create table e (id int4, at date) partition by range (at);
        create table e1 partition of e for values from ('2026-01-01') to ('2026-02-01');
        create table e2 partition of e default;
        insert into e select g, date '2026-01-01' + g % 90 from generate_series(1, 9000) g;
        create table base (a int4);
        create table kid (b int4) inherits (base);
        insert into base values (1);
        insert into kid values (2, 3);
        """
    )
    reader = export(chunk_rows=500)
    assert sorted(row["id"] for row in rows(reader, "public.e")) == list(range(1, 9001))
    data = reader.snapshot.data("public.e")
    assert data
    assert len(data.files) > 1
    assert rows(reader, "public.base") == [{"a": 1}]
    assert rows(reader, "public.kid") == [{"a": 2, "b": 3}]


def test_names_of_all_kinds(admin: Admin, export: Exporter) -> None:
    names = [
        "a.b",
        "$x",
        "with space",
        "Capital",
        "capital",
        'qu"ote',
        "it's",
        "a",
        "ä%s",
        "100%",
        "back\\slash",
    ]
    listed = ", ".join('"' + name.replace('"', '""') + '" int4' for name in names)
    admin.execute('create schema "S.$"')
    for table in ("T", "t", "a/..", "x" * 63, "ü" * 31):
        admin.execute(f'create table "S.$"."{table}" ({listed})'.encode())
        admin.execute(f'insert into "S.$"."{table}" values ({", ".join("1" * len(names))})'.encode())
    reader = export(schemas=("S.$",))
    for table in ("T", "t", "a/..", "x" * 63, "ü" * 31):
        assert rows(reader, f"S.$.{table}") == [dict.fromkeys(names, 1)]
    (chunk,) = reader.chunks("S.$.t")
    assert reader.read(chunk, ["a", "a.b"]).schema.names == ["a", "a.b"]
    assert reader.read(chunk, ["a.b"]).schema.names == ["a.b"]
    folders = {
        Path(file.path).parent.name.lower() for table in reader.snapshot.tables for file in table.files
    }
    assert len(folders) == 5


def test_generated_empty_and_skipped_columns(admin: Admin, export: Exporter) -> None:
    admin.execute(
        """
        create table g (n int4, twice int4 generated always as (n * 2) stored,
          thrice int4 generated always as (n * 3) virtual, words tsvector);
        insert into g (n, words) values (5, 'a b');
        create table empty (a int4, b numeric(5,2), c text[]);
        create table bare ();
        create table only_words (w tsvector);
        """
    )
    events: list[Event] = []
    reader = export(emit=events.append)
    assert rows(reader, "public.g") == [{"n": 5, "twice": 10, "thrice": 15}]
    assert rows(reader, "public.empty") == rows(reader, "public.bare") == []
    assert reader.schema("public.empty").names == ["a", "b", "c"]
    assert reader.schema("public.bare").names == []
    notes = [event.message for event in events if isinstance(event, Noted)]
    assert len(notes) == 3
    assert any("words left out" in note for note in notes)
    assert {event.table for event in events if isinstance(event, TableStarted)} == {
        "public.g",
        "public.empty",
    }


def test_1600_columns(admin: Admin, export: Exporter) -> None:
    kinds = ("int4", "text", "bool", "numeric(8,2)", "timestamptz")
    admin.execute(f"create table w ({', '.join(f'c{i} {kinds[i % 5]}' for i in range(1600))})".encode())
    admin.execute("insert into w (c0, c1, c3, c1595, c1599) values (1, 'x', 1.50, 7, '2026-01-01 00:00Z')")
    admin.execute("insert into w select from generate_series(1, 50)")
    reader = export(chunk_rows=20)
    table = reader.read(reader.chunks("public.w")[0])
    assert table.num_columns == 1600
    row = table.slice(0, 1).to_pylist()[0]
    assert (row["c0"], row["c1"], row["c1595"], row["c2"]) == (1, "x", 7, None)
    assert Decimal(row["c3"]) == Decimal("1.50")
    assert sum(chunk.rows for chunk in reader.chunks("public.w")) == 51


def test_a_row_of_15_mb_is_a_chunk_of_its_own(admin: Admin, export: Exporter) -> None:
    admin.execute("create table big (id int4, doc text)")
    admin.execute("insert into big select g, repeat('abcdefgh', 15 * 131072) from generate_series(1, 3) g")
    admin.execute("insert into big select g, 'small' from generate_series(4, 500) g")
    reader = export()
    assert [row["id"] for row in rows(reader, "public.big")] == list(range(1, 501))
    assert len(reader.chunks("public.big")) >= 2
    assert reader.read(reader.chunks("public.big")[0]).column(1)[0].as_py() == "abcdefgh" * (15 * 131072)


def test_toasted_values_and_no_primary_key(admin: Admin, export: Exporter) -> None:
    admin.execute("create table t (v text); alter table t alter v set storage external")
    admin.execute("insert into t select repeat(md5(g::text), 400) from generate_series(1, 200) g")
    admin.execute("insert into t select null from generate_series(1, 5); insert into t values (''), ('')")
    values = Counter(row["v"] for row in rows(export(), "public.t"))
    assert values[None] == 5
    assert values[""] == 2
    assert sum(values.values()) == 207


def test_interval_text_does_not_depend_on_the_database(
    admin: Admin, pg_database: str, export: Exporter
) -> None:
    name = psycopg.conninfo.conninfo_to_dict(pg_database)["dbname"]
    admin.execute(f'alter database "{name}" set intervalstyle = sql_standard'.encode())
    admin.execute(f"alter database \"{name}\" set timezone = 'Asia/Tokyo'".encode())
    admin.execute("create table t (i interval, at timestamptz, z timetz)")
    admin.execute("insert into t values ('1 mon 2 days 03:04:05', '2026-01-01 00:00Z', '10:00+02')")
    (row,) = rows(export(), "public.t")
    assert row["i"] == "P1M2DT3H4M5S"
    assert str(row["z"]).startswith("10:00:00+02")


def test_views_are_exported_where_asked_for(admin: Admin, export: Exporter) -> None:
    admin.execute("create table t (id int8 primary key)")
    admin.execute("insert into t select generate_series(1, 5)")
    admin.execute("create view v as select id * 2 as twice from t")
    admin.execute("create materialized view m as select count(*) as n from t")
    reader = export(views=True)
    assert sorted(row["twice"] for row in rows(reader, "public.v")) == [2, 4, 6, 8, 10]
    assert rows(reader, "public.m") == [{"n": 5}]
    assert export("2026-01-01-002").snapshot.data("public.v") is None


def test_an_alter_waits_for_the_export(
    admin: Admin, pg_database: str, export: Exporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin.execute("create table t (a int4); insert into t select generate_series(1, 100)")
    outcome: list[str] = []

    def alter(*args: Any, **named: Any) -> Any:
        with psycopg.connect(pg_database, autocommit=True) as other:
            other.execute("set lock_timeout = '200ms'")
            try:
                other.execute("alter table t add column b int4")
                outcome.append("altered")
            except psycopg.errors.LockNotAvailable:
                outcome.append("waited")
        return original(*args, **named)

    original = export_module.read_catalog
    monkeypatch.setattr(export_module, "read_catalog", alter)
    assert rows(export(), "public.t")[0] == {"a": 1}
    assert outcome == ["waited"]


def test_an_alter_that_waits_does_not_stop_the_workers(
    admin: Admin, pg_database: str, export: Exporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin.execute("create table t (a int4); create table u (a int4)")
    admin.execute("insert into t select generate_series(1, 50000); insert into u values (1)")

    def alter() -> None:
        with psycopg.connect(pg_database, autocommit=True) as other:
            other.execute("alter table u add column b int4; alter table t add column b int4")

    def count(*args: Any) -> Any:
        if not thread.ident:
            thread.start()
            while not (admin.execute("select from pg_locks where not granted").fetchone() is not None):
                pass
        return original(*args)

    thread, original = threading.Thread(target=alter), export_module._count
    monkeypatch.setattr(export_module, "_count", count)
    reader = export(workers=1)
    thread.join()
    assert len(rows(reader, "public.t")) == 50_000
    assert rows(reader, "public.u") == [{"a": 1}]


def test_a_table_made_meanwhile_means_another_try(
    admin: Admin, export: Exporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin.execute("create table t (a int4)")
    tries: list[int] = []

    def lock(run: Any, tables: Any) -> None:
        tries.append(len(tables))
        if len(tries) == 1:
            admin.execute("create table late (a int4); insert into late values (1)")
        original(run, tables)

    original = export_module.lock_tables
    monkeypatch.setattr(export_module, "lock_tables", lock)
    assert rows(export(), "public.late") == [{"a": 1}]
    assert tries == [1, 2]


def test_a_wrong_count_fails_the_export(
    admin: Admin, export: Exporter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    admin.execute("create table t (a int4); insert into t values (1)")
    monkeypatch.setattr(export_module, "_count", lambda connection, table: 2)
    with pytest.raises(FailedError, match="export-incomplete") as caught:
        export()
    assert "public.t: 1 of 2" in caught.value.message
    assert FolderStore(tmp_path).ids() == ()


def test_an_interrupted_export_is_started_over(
    admin: Admin, export: Exporter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    admin.execute("create table t (a int4); insert into t values (1)")
    with monkeypatch.context() as patch:
        patch.setattr(export_module, "write_manifest", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            export("x")
        with pytest.raises(KeyboardInterrupt):
            export("y")
    assert FolderStore(tmp_path).ids() == ()
    stale = tmp_path / "x" / "data" / "public.t" / "00099.parquet"
    stale.write_bytes(b"old")
    assert rows(export("x"), "public.t") == [{"a": 1}]
    assert not stale.exists()
    assert FolderStore(tmp_path).prune_incomplete() == ("y",)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x"]
    with pytest.raises(UsageError, match="snapshot-exists"):
        export("x")


def _interrupted(*_: Any) -> None:
    raise KeyboardInterrupt


def test_a_failing_worker_ends_the_export_without_row_values(admin: Admin, export: Exporter) -> None:
    admin.execute("create table t (a int4, secret text, v int4 generated always as (1000 / a) virtual)")
    admin.execute("insert into t select g - 5000, 'hunter2' from generate_series(1, 20000) g")
    with pytest.raises(FailedError) as caught:
        export()
    assert caught.value.code == "source-failed"
    assert caught.value.where == "public.t"
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_tables_that_may_not_be_read_are_listed(admin: Admin, pg_database: str, export: Exporter) -> None:
    admin.execute(
        """
        drop role if exists bravo_reader;
        create role bravo_reader login;
        create table open (a int4);
        create table closed (a int4);
        create table closed_too (a int4);
        create table filtered (a int4);
        alter table filtered enable row level security;
        grant select on open, filtered to bravo_reader;
        """
    )
    uri = psycopg.conninfo.make_conninfo(pg_database, user="bravo_reader")
    try:
        with pytest.raises(RefusedError, match="source-access-denied") as caught:
            export(uri=uri)
        for name in ("public.closed, public.closed_too", "rows of public.filtered"):
            assert name in caught.value.message
        reader = export("b", uri=uri, exclude=("public.closed*", "public.filtered"))
        assert reader.snapshot.catalog.table("public.open")
        assert PostgresSource(uri, SourceSection()).catalog().table("public.closed")
    finally:
        admin.execute("drop owned by bravo_reader; drop role bravo_reader")


def test_the_manifest_says_where_it_comes_from(admin: Admin, pg_database: str, export: Exporter) -> None:
    admin.execute("create table t (a int4)")
    snapshot = export().snapshot
    parts = psycopg.conninfo.conninfo_to_dict(pg_database)
    assert snapshot.source.endswith(f"/{parts['dbname']}")
    assert snapshot.lsn
    assert "/" in snapshot.lsn
    assert snapshot.created_by == "t"
    assert snapshot.catalog.system_identifier


def test_columns_come_back_as_the_shelf_says(admin: Admin, export: Exporter) -> None:
    admin.execute(
        """
        create type mood as enum ('sad', 'ok');
        create table t (id int8 primary key, n numeric(10,2), u uuid, m mood, tags text[], j jsonb,
          at timestamptz, r int4range, b bytea, i interval, d date);
        insert into t values (1, 'NaN', gen_random_uuid(), 'ok', array['a', null], '{"x": 1}', now(), '[1,5)',
          '\\x00ff', '1 day', 'infinity');
        insert into t (id) values (2);
        """
    )
    reader = export()
    batch = reader.read(reader.chunks("public.t")[0])
    assert batch.num_rows == 2
    assert batch.schema.equals(reader.schema("public.t"))
    assert all(batch.column(name)[1].as_py() is None for name in batch.schema.names[1:])


def test_all_unknown_types_are_named_at_once(
    admin: Admin, export: Exporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def picky(type_: ColumnType) -> Any:
        if type_.name in ("money", "point"):
            raise UsageError("type-unknown", "no", hint="add a file")
        return original(type_)

    original = columns_module.family
    monkeypatch.setattr(columns_module, "family", picky)
    admin.execute(
        "create table t (a int4, b money, c point); create table u (d text); create table v (e money)"
    )
    with pytest.raises(UsageError, match="type-unknown") as caught:
        export()
    assert caught.value.message.endswith("public.t.b, public.t.c, public.v.e")


def test_a_killed_export_leaves_no_snapshot(admin: Admin, pg_database: str, tmp_path: Path) -> None:
    admin.execute("create table t (a int4, v text)")
    admin.execute("insert into t select g, md5(g::text) from generate_series(1, 300000) g")
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_export_slowly, args=(pg_database, tmp_path))
    process.start()
    while not list(tmp_path.glob("x/data/*/*.parquet")):
        assert process.exitcode is None
    process.kill()
    process.join()
    store = FolderStore(tmp_path)
    assert store.ids() == ()
    _export_slowly(pg_database, tmp_path, seconds=0)
    assert store.ids() == ("x",)
    assert verify(tmp_path / "x").rows == 300_000
    assert not list(tmp_path.rglob("*.part"))


def _export_slowly(uri: str, into: Path, seconds: float = 0.05) -> None:
    source = PostgresSource(uri, SourceSection(), chunk_rows=1000)
    source.export(into, snapshot_id="x", created_at="", created_by="", emit=lambda _: time.sleep(seconds))
