from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bravo_agent.config import SourceSection
from bravo_agent.errors import BravoError, FailedError, RefusedError, UsageError
from bravo_agent.stores.postgres import PostgresSource, connect_read_only
from bravo_agent.stores.postgres.connection import SnapshotConnection
from bravo_agent.stores.postgres.errors import failure, translated

SECRET = "s3cr3t-word"


@pytest.mark.parametrize("autocommit", [True, False])
def test_the_session_refuses_writes(pg_database: str, autocommit: bool) -> None:
    with connect_read_only(pg_database) as connection:
        connection.autocommit = autocommit
        for statement in ("create table t ()", "create temp sequence s", "select lo_create(0)"):
            with pytest.raises(FailedError, match="source-read-only"), translated(), connection.transaction():
                connection.execute(statement.encode())


def test_the_session_is_the_same_everywhere(pg_database: str) -> None:
    with connect_read_only(pg_database) as connection:
        for name, value in {
            "timezone": "UTC",
            "intervalstyle": "iso_8601",
            "application_name": "bravo-agent",
            "statement_timeout": "0",
            "idle_in_transaction_session_timeout": "0",
            "transaction_timeout": "0",
            "row_security": "off",
        }.items():
            row = connection.execute("select current_setting(%s)", [name]).fetchone()
            assert row == (value,), name
        assert (connection.execute("show datestyle").fetchone() or ("",))[0].startswith("ISO")


@pytest.fixture
def refusing_server() -> Iterator[int]:
    """A server that refuses every password, as PostgreSQL does: the embedded one trusts everybody."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_refuse, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _refuse(listener: socket.socket) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client:
            while True:
                (size,) = struct.unpack("!i", client.recv(4))
                (code,) = struct.unpack("!i", client.recv(4))
                client.recv(size - 8) if size > 8 else b""
                if code == 196608 or code >> 16 == 3:
                    break
                client.sendall(b"N")
            fields = b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "joe"\0\0'
            client.sendall(b"E" + struct.pack("!i", len(fields) + 4) + fields)


def _message(error: BravoError) -> str:
    return f"{error!r} {error} {error.message} {error.hint} {error.where} {error.__cause__}"


def test_a_wrong_password_holds_no_secret(refusing_server: int) -> None:
    uri = f"postgresql://joe:{SECRET}@127.0.0.1:{refusing_server}/shop"
    with pytest.raises(RefusedError, match="source-access-denied") as caught:
        connect_read_only(uri)
    assert SECRET not in _message(caught.value)
    assert caught.value.where == f"joe@127.0.0.1:{refusing_server}/shop"
    assert caught.value.exit_code == 6
    with pytest.raises(RefusedError, match="source-access-denied") as worker:
        SnapshotConnection(uri, "x")
    assert SECRET not in _message(worker.value)


@pytest.mark.parametrize(
    ("uri", "kind", "code"),
    [
        ("postgresql://joe:{s}@127.0.0.1:1/shop", FailedError, "source-unreachable"),
        ("host=127.0.0.1 port=1 user=joe password={s} dbname=shop", FailedError, "source-unreachable"),
        ("postgresql://joe:{s}%zz@127.0.0.1:1/shop", UsageError, "source-uri-invalid"),
        ("host=x bogus=1 password={s}", UsageError, "source-uri-invalid"),
        ("mysql://joe:{s}@h/shop", UsageError, "source-uri-invalid"),
    ],
)
def test_connections_that_cannot_be(uri: str, kind: type[BravoError], code: str) -> None:
    for attempt in (connect_read_only, lambda uri: SnapshotConnection(uri, "x")):
        with pytest.raises(kind) as caught:
            attempt(uri.format(s=SECRET))
        assert caught.value.code == code
        assert SECRET not in _message(caught.value)


def test_a_missing_database_and_role(pg_database: str) -> None:
    with pytest.raises(UsageError, match="source-database-missing"):
        connect_read_only(psycopg.conninfo.make_conninfo(pg_database, dbname="no such"))
    with pytest.raises(RefusedError, match="source-access-denied"):
        connect_read_only(psycopg.conninfo.make_conninfo(pg_database, user="nobody", password=SECRET))


def test_an_export_of_a_database_that_is_not_there_writes_nothing(tmp_path: Path) -> None:
    source = PostgresSource("postgresql://127.0.0.1:1/x", SourceSection())
    with pytest.raises(FailedError, match="source-unreachable"):
        source.export(tmp_path, snapshot_id="a", created_at="", created_by="")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("sqlstate", "code", "retryable"),
    [
        ("57P01", "source-unreachable", True),
        ("57014", "source-cancelled", True),
        ("55P03", "source-locked", True),
        ("22P02", "source-value-unreadable", False),
        ("XX000", "source-failed", False),
        ("", "source-failed", False),
        ("42501", "source-access-denied", False),
    ],
)
def test_sqlstates(sqlstate: str, code: str, retryable: bool) -> None:
    error = failure(sqlstate, "public.t")
    assert (error.code, error.retryable, error.where) == (code, retryable, "public.t")


def test_texts_of_the_server_are_dropped(pg_database: str) -> None:
    with (
        connect_read_only(pg_database) as connection,
        pytest.raises(FailedError) as caught,
        translated("here"),
    ):
        connection.execute("select 'hunter2'::int4")
    assert "hunter2" not in _message(caught.value)
    assert caught.value.code == "source-value-unreadable"
    assert "22P02" in caught.value.message
