"""Connections to the source that can only read, and whose output does not depend on anybody's settings."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import adbc_driver_manager
import adbc_driver_postgresql.dbapi
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bravo_agent.errors import UsageError
from bravo_agent.stores.postgres.errors import connection_failure, translated
from bravo_agent.stores.postgres.sql import literal
from bravo_agent.types import SESSION

_APPLICATION = "bravo-agent"
_OLDEST = 140000  # pg_range.rngmultitypid, subscript handlers and TID range scans came with 14
_LOCK_TIMEOUT = "30s"  # who waits for a lock makes others wait behind him: give up early

_SETTINGS = {
    "default_transaction_read_only": "on",
    **SESSION,
    "lock_timeout": _LOCK_TIMEOUT,
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "transaction_timeout": "0",
    # A policy that would hide rows from us must fail the query, not shorten the copy.
    "row_security": "off",
}

# Settings that a server does not know (transaction_timeout before 17) are passed over.
_APPLY = (
    "select pg_catalog.set_config(name, wanted, false) from pg_catalog.pg_settings "
    "join (values {pairs}) given(known, wanted) on known = lower(name)"
)


def connect_read_only(uri: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection in autocommit whose every transaction is read only, in UTC and ISO, without timeouts.

    Raises ``source-unreachable``, ``source-access-denied``, ``source-database-missing``,
    ``source-uri-invalid``, ``source-too-old``; they name host, port, database and user, never the password.
    """
    try:
        connection = psycopg.connect(_named(uri), autocommit=True)
    except psycopg.Error as error:
        raise connection_failure(error, place(uri)) from None
    try:
        _check_version(connection.info.server_version)
        connection.read_only = True
        with translated(place(uri)):
            connection.execute(_settings().encode())
    except BaseException:
        connection.close()
        raise
    return connection


def place(uri: str) -> str:
    """``user@host:port/database`` of a connection URI, as far as given; never its password."""
    try:
        parts = conninfo_to_dict(uri)
    except psycopg.Error:
        return "source"
    # What libpq took for these may be a piece of a password with signs that are not percent-encoded.
    if any("@" in str(parts.get(name) or "") for name in ("host", "port", "dbname")):
        return "source"
    user = f"{parts['user']}@" if parts.get("user") else ""
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"{user}{parts.get('host') or 'localhost'}{port}/{parts.get('dbname') or ''}"


def address(connection: psycopg.Connection[Any]) -> str:
    """``host:port/database``, also where they come from PGHOST and the like."""
    info = connection.info
    return f"{info.host}:{info.port}/{info.dbname}"


class SnapshotConnection:
    """An ADBC connection whose one transaction sees the exported snapshot ``snapshot``."""

    def __init__(self, uri: str, snapshot: str) -> None:
        try:
            self._connection = adbc_driver_postgresql.dbapi.connect(_named(uri), autocommit=True)
        except adbc_driver_manager.Error as error:
            raise connection_failure(error, place(uri)) from None
        try:
            with translated(place(uri)):
                self.run(_settings())
                self.run("begin isolation level repeatable read read only")
                self.run(f"set transaction snapshot {literal(snapshot)}")
        except BaseException:
            self._connection.close()
            raise

    def run(self, statement: str) -> None:
        """Runs a statement without a result that matters."""
        with self.cursor() as cursor:
            cursor.execute(statement)

    def cursor(self) -> Any:
        """A new cursor of ADBC's DBAPI."""
        return self._connection.cursor()

    def __enter__(self) -> SnapshotConnection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()


def _named(uri: str) -> str:
    try:
        return make_conninfo(uri, application_name=_APPLICATION)
    except psycopg.Error as error:
        raise connection_failure(error, "source") from None


def _settings() -> str:
    pairs = ", ".join(f"({literal(name)}, {literal(value)})" for name, value in _SETTINGS.items())
    return _APPLY.format(pairs=pairs)


def _check_version(version: int) -> None:
    if version < _OLDEST:
        raise UsageError(
            "source-too-old",
            f"the source is PostgreSQL {version // 10000}; 14 or later is needed",
            hint="Export from a restored copy of the database on a newer server.",
        )
