"""Embedded servers: real ones, started, shared, killed and stopped."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest
from botocore.exceptions import ClientError
from pymongo import MongoClient

from bravo_agent.errors import FailedError, UsageError
from bravo_agent.stores.servers import S3Access, ServerSet, binaries, running, start_servers, stop_servers
from bravo_agent.stores.servers import server as server_module
from bravo_agent.stores.servers.home import Home
from bravo_agent.stores.servers.processes import Proc

ROOT = Path(__file__).parents[2]
# Starts servers, says where, and waits to be told to end (or for a kill).
USER = """
import sys, json
from pathlib import Path
from bravo_agent.stores.servers import start_servers
servers = start_servers(Path(sys.argv[1]), mongodb="mongodb" in sys.argv)
print(json.dumps([servers.postgres_uri, servers.mongodb_uri]), flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _no_outside_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("POSTGRES_URI", "MONGODB_URI", "S3_ENDPOINT"):
        monkeypatch.delenv(f"BRAVO_EMBEDDED_{name}", raising=False)


def start_user(folder: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(folder), *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def told(user: subprocess.Popen[str]) -> list[str | None]:
    assert user.stdout is not None
    answer: list[str | None] = json.loads(user.stdout.readline())
    return answer


def processes(folder: Path) -> list[Proc]:
    state = Home(folder).read()
    assert state.watchdog is not None
    return [record.proc for record in state.servers.values()] + [state.watchdog]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def gone(procs: list[Proc]) -> bool:
    return not any(proc.alive for proc in procs)


def test_session_servers_serve_transactions_and_change_data(
    servers: ServerSet, pg_database: str, mongo_uri: str, mongo_database_name: str
) -> None:
    with psycopg.connect(pg_database) as connection:
        row = connection.execute(
            "select current_setting('wal_level'), current_setting('listen_addresses'),"
            " pg_encoding_to_char(encoding), lower('Ä') from pg_database where datname = current_database()"
        ).fetchone()
        assert row == ("logical", "127.0.0.1", "UTF8", "ä")
        connection.execute("select pg_create_logical_replication_slot('s' || pg_backend_pid(), 'pgoutput')")
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        database = client.get_default_database()
        assert database.name == mongo_database_name
        database.create_collection("one")
        with client.start_session() as session, session.start_transaction():
            database["one"].insert_one({"a": 1}, session=session)
        assert database["one"].count_documents({}) == 1
    assert "replicaSet=rs0" in str(servers.mongodb_uri)


def test_s3_takes_our_keys_and_no_others(s3_server: S3Access) -> None:
    def client(secret: str) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=s3_server.endpoint,
            aws_access_key_id=s3_server.access_key,
            aws_secret_access_key=secret,
            region_name=s3_server.region,
        )

    ours = client(s3_server.secret_key)
    ours.create_bucket(Bucket="snapshots")
    ours.put_object(Bucket="snapshots", Key="a/b", Body=b"0123456789")
    assert ours.get_object(Bucket="snapshots", Key="a/b", Range="bytes=2-4")["Body"].read() == b"234"
    other = client("x" * 40)
    with pytest.raises(ClientError):
        other.get_object(Bucket="snapshots", Key="a/b")
    ours.close()
    other.close()
    assert s3_server.secret_key not in repr(s3_server)


def test_s3_objects_and_keys_survive_a_restart(server_folder: Path) -> None:
    access = []
    for _ in range(2):
        with start_servers(server_folder, postgres=False, mongodb=False, s3=True) as started:
            assert started.s3 is not None
            access.append(started.s3)
            client: Any = boto3.client(
                "s3",
                endpoint_url=started.s3.endpoint,
                aws_access_key_id=started.s3.access_key,
                aws_secret_access_key=started.s3.secret_key,
                region_name=started.s3.region,
            )
            if len(access) == 1:
                client.create_bucket(Bucket="kept")
                client.put_object(Bucket="kept", Key="k", Body=b"x" * 9_000_000)
            else:
                assert len(client.get_object(Bucket="kept", Key="k")["Body"].read()) == 9_000_000
            client.close()
        stop_servers(server_folder)
    assert access[0].secret_key == access[1].secret_key
    assert stat.S_IMODE((server_folder / "s3.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((server_folder / "state.json").stat().st_mode) == 0o600


def test_a_second_process_gets_the_same_servers_and_either_keeps_them(server_folder: Path) -> None:
    users = [start_user(server_folder, "mongodb") for _ in range(2)]  # at once
    with users[0] as first, users[1] as second:
        uris = told(first)
        assert uris == told(second)
        assert None not in uris
        assert running(server_folder) == {"postgres", "mongodb"}
        procs = processes(server_folder)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        time.sleep(1.0)  # long enough for a watchdog that counts wrongly
        with psycopg.connect(str(uris[0])) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        os.killpg(second.pid, signal.SIGKILL)
        second.wait()
        wait_for(lambda: gone(procs))
    assert running(server_folder) == frozenset()
    assert not (server_folder / "postgres" / "postmaster.pid").exists()  # a clean end


def test_the_output_pipe_of_a_user_ends_with_it(server_folder: Path) -> None:
    with start_user(server_folder) as user:
        told(user)
        assert user.stdin is not None
        assert user.stdout is not None
        user.stdin.close()
        assert user.stdout.read() == ""  # returns although the watchdog still runs
        assert user.wait() == 0


def test_two_folders_at_once_one_long_and_with_spaces(server_folder: Path) -> None:
    other = server_folder / "with a space, and a comma" / ("long" * 40)
    with start_servers(server_folder / "a", s3=False) as one, start_servers(other) as two:
        assert one.postgres_uri != two.postgres_uri
        assert one.mongodb_uri != two.mongodb_uri
        with psycopg.connect(str(two.postgres_uri)) as connection:
            row = connection.execute("show data_directory").fetchone()
            assert row == (str(other / "postgres"),)
    wait_for(lambda: not running(server_folder / "a") and not running(other))


def test_data_survive_a_clean_stop_a_kill_and_a_lost_port(server_folder: Path) -> None:
    with start_servers(server_folder) as first:
        with psycopg.connect(str(first.postgres_uri)) as connection:
            connection.execute("create table kept (a int); insert into kept values (7)")
        with MongoClient[dict[str, Any]](first.mongodb_uri) as client:
            client["d"]["kept"].insert_one({"a": 7})
        procs = processes(server_folder)
        stop_servers(server_folder)
        assert gone(procs)
    state = json.loads((server_folder / "state.json").read_text())
    state["ports"]["mongodb"] = state["ports"]["postgres"]  # taken by the time MongoDB starts
    (server_folder / "state.json").write_text(json.dumps(state))

    with start_servers(server_folder) as second:
        assert second.postgres_uri == first.postgres_uri
        before = Home(server_folder).read().servers
        for record in before.values():
            os.kill(record.proc.pid, signal.SIGKILL)
        wait_for(lambda: gone([record.proc for record in before.values()]))
        assert running(server_folder) == frozenset()
        with start_servers(server_folder) as third:
            assert third == second  # on the ports that others may still know
            with psycopg.connect(str(third.postgres_uri)) as connection:
                assert connection.execute("select a from kept").fetchone() == (7,)
            with MongoClient[dict[str, Any]](third.mongodb_uri) as client:
                assert client["d"]["kept"].count_documents({"a": 7}) == 1


def test_only_the_dead_server_and_the_dead_watchdog_are_replaced(server_folder: Path) -> None:
    with start_servers(server_folder):
        before = Home(server_folder).read()
        assert before.watchdog is not None
        os.kill(before.watchdog.pid, signal.SIGKILL)
        os.kill(before.servers["postgres"].proc.pid, signal.SIGKILL)
        dead = [before.watchdog, before.servers["postgres"].proc]
        wait_for(lambda: gone(dead))
        with start_servers(server_folder):
            after = Home(server_folder).read()
            assert after.servers["mongodb"] == before.servers["mongodb"]
            assert after.servers["postgres"] != before.servers["postgres"]
            assert after.watchdog != before.watchdog
    wait_for(lambda: gone(processes_of(after)))


def processes_of(state: Any) -> list[Proc]:
    return [record.proc for record in state.servers.values()] + [state.watchdog]


@pytest.mark.parametrize("asked", ["postgres", "mongodb", "s3"])
def test_without_any_binary_the_error_names_all_three_ways(
    server_folder: Path, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(binaries, "_DEBIAN", server_folder)
    monkeypatch.setattr(binaries, "_script_folders", lambda: [])
    only = {name: name == asked for name in ("postgres", "mongodb", "s3")}
    with pytest.raises(UsageError) as caught:
        start_servers(server_folder / "x", **only)
    assert caught.value.code == "no-server-binary"
    for way in ("BRAVO_EMBEDDED_", " PATH", "bravo-agent[embedded]"):
        assert way in caught.value.hint
    assert not Home(server_folder / "x").in_use()


def test_postgres_of_the_data_else_a_new_one_else_any(
    server_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = {}
    for major in (15, 18):
        folders[major] = server_folder / str(major) / "bin"
        folders[major].mkdir(parents=True)
        for name in ("postgres", "initdb"):
            (folders[major] / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {major}.2'\n")
            (folders[major] / name).chmod(0o755)
    data = server_folder / "data"
    data.mkdir()
    monkeypatch.setattr(binaries, "_DEBIAN", server_folder)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", f"{folders[15]}{os.pathsep}/bin")
    assert binaries.find_postgres(data) == folders[18]
    (data / "PG_VERSION").write_text("15\n")
    assert binaries.find_postgres(data) == folders[15]
    (data / "PG_VERSION").write_text("13\n")
    with pytest.raises(UsageError, match="no-matching-postgres"):
        binaries.find_postgres(data)
    (data / "PG_VERSION").unlink()
    (folders[18] / "initdb").unlink()
    assert binaries.find_postgres(data) == folders[15]


def test_stopping_where_nothing_was_started_leaves_no_trace(server_folder: Path) -> None:
    stop_servers(server_folder)
    assert running(server_folder) == frozenset()
    assert list(server_folder.iterdir()) == []


def test_named_servers_are_not_started(server_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRAVO_EMBEDDED_POSTGRES_URI", "postgresql://db.example/x")
    monkeypatch.setenv("BRAVO_EMBEDDED_MONGODB_URI", "mongodb://db.example/x")
    monkeypatch.setenv("BRAVO_EMBEDDED_S3_ENDPOINT", "http://s3.example")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
    with pytest.raises(UsageError, match="AWS_SECRET_ACCESS_KEY"):
        start_servers(server_folder / "x", s3=True)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with start_servers(server_folder / "x", s3=True) as named:
        assert named.postgres_uri == "postgresql://db.example/x"
        assert named.mongodb_uri == "mongodb://db.example/x"
        assert named.s3 == S3Access("http://s3.example", "id", "secret", "eu-west-1")
    assert not (server_folder / "x").exists()


def test_a_server_that_does_not_start_shows_its_log(server_folder: Path) -> None:
    with start_servers(server_folder, mongodb=False):
        stop_servers(server_folder)
    with (server_folder / "postgres" / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")
    with pytest.raises(FailedError) as caught:
        start_servers(server_folder, mongodb=False)
    assert caught.value.code == "server-did-not-start"
    assert "no_such_setting" in caught.value.message
    assert str(server_folder / "logs" / "postgres.log") in caught.value.hint
    watchdog = Home(server_folder).read().watchdog
    wait_for(lambda: watchdog is None or not watchdog.alive)


def test_servers_of_a_removed_folder_end(server_folder: Path) -> None:
    folder = server_folder / "x"
    with start_servers(folder, postgres=False):
        procs = processes(folder)
        time.sleep(0.6)  # the watchdog has seen them
        folder.rename(server_folder / "y")
        wait_for(lambda: gone(procs))


def test_free_ports_differ() -> None:
    assert len(set(server_module.free_ports(20))) == 20


def test_a_process_with_a_reused_pid_is_not_the_same() -> None:
    me = Proc.of(os.getpid())
    assert me.alive
    assert not Proc(me.pid, "1-another-boot").alive
    assert not Proc(me.pid, "gone").alive
