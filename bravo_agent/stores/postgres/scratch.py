"""The only place that writes to PostgreSQL: databases of the demo, on a server that bravo-agent started itself."""

from __future__ import annotations

import psycopg
from psycopg import sql


def create(uri: str, name: str) -> None:
    """An empty database ``name``; one that is there already is dropped first."""
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def execute(uri: str, script: str) -> None:
    """Runs a script of several statements, each by itself as psql does."""
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(script.encode())
