"""The example application as a newcomer has it on the first day: in git, with production beside it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from docs_scene import Newcomer
from psycopg import sql
from pymongo import MongoClient

from bravo_agent.stores.servers import ServerSet
from bravo_agent.usecases.demo import copy_example, generator


@pytest.fixture
def newcomer(servers: ServerSet, pg_database: str, tmp_path: Path) -> Iterator[Newcomer]:
    """Not initialised yet."""
    assert servers.mongodb_uri is not None
    project = copy_example(tmp_path / "campaigns")
    generator(project).generate(pg_database, rows=1_000, seed=1)
    found = Newcomer(project, pg_database, servers.mongodb_uri, f"bravo-docs-{uuid.uuid4().hex[:8]}")
    found.git("init", "-q", "-b", "main")
    found.commit()
    yield found
    with MongoClient[dict[str, Any]](servers.mongodb_uri) as client:
        client.drop_database(found.database)


@pytest.fixture
def running(newcomer: Newcomer) -> Newcomer:
    """After the first day: initialised, proposals read, loaded once, committed."""
    newcomer.first_day()
    assert newcomer.shell("bravo-agent run").code == 0
    return newcomer


def grant_reading(uri: str, role: str) -> str:
    """The URI of ``role``, which may read and nothing else."""
    with psycopg.connect(uri, autocommit=True) as connection:
        name = sql.Identifier(role)
        connection.execute(sql.SQL("create role {} login").format(name))
        connection.execute(sql.SQL("grant usage on schema public to {}").format(name))
        connection.execute(sql.SQL("grant select on all tables in schema public to {}").format(name))
    return uri.replace("//postgres@", f"//{role}@")


@pytest.fixture
def reader_uri(newcomer: Newcomer) -> Iterator[str]:
    """Production as a role with SELECT only sees it."""
    role = f"reader_{uuid.uuid4().hex[:8]}"
    yield grant_reading(newcomer.source_uri, role)
    with psycopg.connect(newcomer.source_uri, autocommit=True) as connection:
        connection.execute(sql.SQL("drop owned by {}").format(sql.Identifier(role)))
        connection.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))
