"""One hostile production for all who only read, made once."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import boto3.session
import psycopg
import pytest
from psycopg import sql
from pymongo import MongoClient
from secrets_corpus import PASSWORD, PLANTED, QUOTED
from untrusted_corpus import TEXTS
from untrusted_scene import Scene, after, application, before

from bravo_agent.stores.servers import S3Access, ServerSet

# What the model's tests know of its API: a transport that lets nothing out.
sys.path.insert(0, str(Path(__file__).parents[1] / "decider"))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def hostile(servers: ServerSet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
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
    found = Scene(project, environ["BRAVO_SOURCE_URI"], f"bravo-{name}", environ)
    _make(found)
    yield found
    with MongoClient[dict[str, object]](servers.mongodb_uri) as client:
        for database in client.list_database_names():
            if database.startswith(found.database):
                client.drop_database(database)
    with psycopg.connect(servers.postgres_uri, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _make(found: Scene) -> None:
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


@pytest.fixture(scope="session")
def production(
    servers: ServerSet, s3_server: S3Access, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """A source that really asks for its password, a shared place that asks for keys, and secrets all around."""
    assert servers.postgres_uri is not None
    assert servers.mongodb_uri is not None
    name = f"p_{uuid.uuid4().hex[:10]}"
    base = urlsplit(servers.postgres_uri)
    project = tmp_path_factory.mktemp("house")
    subprocess.run(["git", "init", "-q", "-b", "main", str(project)], check=True)
    with _role_with_password(servers.postgres_uri, name):
        environ = {
            **PLANTED,
            "BRAVO_SOURCE_URI": f"postgresql://{name}:{QUOTED}@{base.hostname}:{base.port}/{name}",
            "BRAVO_TARGET_URI": servers.mongodb_uri,
            "BRAVO_SNAPSHOT_URI": f"s3://{name.replace('_', '-')}/x",
            "BRAVO_S3_ENDPOINT": s3_server.endpoint,
            "AWS_ACCESS_KEY_ID": s3_server.access_key,
            "AWS_SECRET_ACCESS_KEY": s3_server.secret_key,
            "AWS_DEFAULT_REGION": s3_server.region,
            "BRAVO_USER": "tester",
            "CI": "",
        }
        del environ["AWS_SESSION_TOKEN"]  # the S3 server of these tests takes none
        _bucket(s3_server, name.replace("_", "-"))
        found = Scene(project, environ["BRAVO_SOURCE_URI"], f"bravo-{name}", environ)
        found.sql("create table people (id int primary key, name text, age int)")
        found.sql("insert into people select n, 'n' || n, n from generate_series(1, 20) n")
        found.cli("init", "--from-database", "--privacy", "mask")
        found.edit('database = "bravo-1"', f'database = "{found.database}"')
        (project / ".gitignore").write_text("__pycache__/\n")
        found.commit()
        yield found
    with MongoClient[dict[str, object]](servers.mongodb_uri) as client:
        client.drop_database(found.database)


def _bucket(access: S3Access, name: str) -> None:
    keys = {"aws_access_key_id": access.access_key, "aws_secret_access_key": access.secret_key}
    session = boto3.session.Session(**keys, region_name=access.region)
    session.client("s3", endpoint_url=access.endpoint).create_bucket(Bucket=name)


@contextmanager
def _role_with_password(uri: str, name: str) -> Iterator[None]:
    """A database of a role that the server lets in by its password alone, unlike everybody else."""
    with psycopg.connect(uri, autocommit=True) as admin:
        admin.execute(
            sql.SQL("create role {} login password {}").format(sql.Identifier(name), sql.Literal(PASSWORD))
        )
        admin.execute(
            sql.SQL("create database {} owner {}").format(sql.Identifier(name), sql.Identifier(name))
        )
        row = admin.execute("show hba_file").fetchone()
        assert row
        rules = Path(row[0])
        before = rules.read_text()
        rules.write_text(f"host all {name} all scram-sha-256\n{before}")
        admin.execute("select pg_reload_conf()")
        try:
            yield
        finally:
            rules.write_text(before)
            admin.execute("select pg_reload_conf()")
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
            admin.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))
