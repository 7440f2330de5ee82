"""One hostile production for all who only read, made once."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from pymongo import MongoClient
from untrusted_corpus import TEXTS
from untrusted_scene import Hostile, after, application, before

from bravo_agent.stores.servers import ServerSet


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def hostile(servers: ServerSet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    """Published once, drifted, a snapshot of the drifted production taken, one answer recorded."""
    assert servers.postgres_uri is not None
    assert servers.mongodb_uri is not None
    name = f"u_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(servers.postgres_uri, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    project = tmp_path_factory.mktemp("untrusted")
    subprocess.run(["git", "init", "-q", "-b", "main", str(project)], check=True)
    environ = {
        "BRAVO_SOURCE_URI": f"{servers.postgres_uri.rpartition('/')[0]}/{name}",
        "BRAVO_TARGET_URI": servers.mongodb_uri,
        "BRAVO_MASK_KEY": "k" * 40,
        "BRAVO_USER": TEXTS["ansi"],
        "BRAVO_SNAPSHOT_URI": "",
        "CI": "",
        "COLUMNS": "200",
    }
    found = Hostile(project, environ["BRAVO_SOURCE_URI"], f"bravo-{name}", environ)
    _make(found)
    yield found
    with MongoClient[dict[str, object]](servers.mongodb_uri) as client:
        for database in client.list_database_names():
            if database.startswith(found.database):
                client.drop_database(database)
    with psycopg.connect(servers.postgres_uri, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _make(found: Hostile) -> None:
    found.sql(*before())
    found.cli("init", "--from-database", "--privacy", "mask")
    found.edit('database = "bravo-1"', f'database = "{found.database}"')
    found.edit('"public.t.clicks" = "keep"', '"public.t.clicks" = "mask"')
    found.commit()
    found.cli("run", "--auto", code=None)
    found.commit()
    application(found.project)
    found.commit()
    found.sql(*after())
    found.cli("snapshot", "export")
