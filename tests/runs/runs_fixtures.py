"""Production once per session, copied by PostgreSQL for each test; the project likewise. A plugin of all tests."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from pymongo import MongoClient
from runs_scene import ROWS, Scene, git

from bravo_agent.stores.servers import S3Access, ServerSet
from bravo_agent.usecases.demo import copy_example, generator

MASK_KEY = "a-mask-key-that-no-output-may-show"
# What a developer corrects of init's proposals on the first day: see examples/campaigns/README.md.
_KEPT = ("public.users.locale", "public.users.notifications")


@dataclass(frozen=True)
class Template:
    """Production and the initialised project that every test gets a copy of."""

    database: str
    server_uri: str
    target_uri: str
    project: Path

    @property
    def environ(self) -> dict[str, str]:
        return {
            "BRAVO_TARGET_URI": self.target_uri,
            "BRAVO_MASK_KEY": MASK_KEY,
            "BRAVO_USER": "tester",
            "BRAVO_SNAPSHOT_URI": "",
            "CI": "",
            "BRAVO_DEBUG": "1",
        }

    def uri(self, database: str) -> str:
        return f"{self.server_uri.rpartition('/')[0]}/{database}"


@pytest.fixture(scope="session")
def template(servers: ServerSet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    assert servers.postgres_uri is not None
    assert servers.mongodb_uri is not None
    project = copy_example(tmp_path_factory.mktemp("template") / "campaigns")
    name = f"tpl_{uuid.uuid4().hex[:10]}"
    made = Template(name, servers.postgres_uri, servers.mongodb_uri, project)
    _admin(made, sql.SQL("create database {}").format(sql.Identifier(name)))
    generator(project).generate(made.uri(name), rows=ROWS, seed=7)
    scene = Scene(
        project, made.uri(name), made.target_uri, "", {**made.environ, "BRAVO_SOURCE_URI": made.uri(name)}
    )
    (project / ".gitignore").write_text("__pycache__/\n.pytest_cache/\n")
    scene.json("init")
    config = project / "bravo.toml"
    text = config.read_text()
    for column in _KEPT:
        text = text.replace(f'"{column}" = "mask"', f'"{column}" = "keep"')
    config.write_text(text)
    git(project, "init", "-q", "-b", "main")
    scene.commit()
    yield made
    _admin(made, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _admin(template: Template, statement: sql.Composed) -> None:
    with psycopg.connect(template.server_uri, autocommit=True) as connection:
        connection.execute(statement)


@dataclass
class Copies:
    """Scenes that are made of the template, each with a project, a production and a target of its own."""

    template: Template
    names: list[str] = field(default_factory=list)

    def make(self, folder: Path) -> Scene:
        """One with its project in ``folder``."""
        name = f"r_{uuid.uuid4().hex[:10]}"
        self.names.append(name)
        _admin(
            self.template,
            sql.SQL("create database {} template {} strategy file_copy").format(
                sql.Identifier(name), sql.Identifier(self.template.database)
            ),
        )
        database = f"bravo-{name}"
        project = folder / name
        shutil.copytree(self.template.project, project)
        _replace(project / "bravo.toml", 'database = "bravo-1"', f'database = "{database}"')
        # CREATE DATABASE ... TEMPLATE keeps the tables' identities; the copy is production under another name.
        _replace(project / "bravo.catalog.json", self.template.database, name)
        uri = self.template.uri(name)
        environ = {**self.template.environ, "BRAVO_SOURCE_URI": uri}
        scene = Scene(project, uri, self.template.target_uri, database, environ)
        scene.commit()
        return scene

    def end(self) -> None:
        """Their databases go."""
        with MongoClient[dict[str, Any]](self.template.target_uri) as client:
            for database in client.list_database_names():
                if any(database.startswith(f"bravo-{name}") for name in self.names):
                    client.drop_database(database)
        for name in self.names:
            statement = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            _admin(self.template, statement)


@pytest.fixture
def new_scene(template: Template, tmp_path: Path) -> Iterator[Callable[[], Scene]]:
    """Makes scenes."""
    copies = Copies(template)
    yield lambda: copies.make(tmp_path)
    copies.end()


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def scene(new_scene: Callable[[], Scene]) -> Scene:
    return new_scene()


@pytest.fixture
def shared(scene: Scene, s3_server: S3Access) -> Scene:
    """The scene with a shared place on S3."""
    bucket = f"b-{uuid.uuid4().hex[:12]}"
    return Scene(
        scene.project,
        scene.source_uri,
        scene.target_uri,
        scene.database,
        {
            **scene.environ,
            "BRAVO_SNAPSHOT_URI": f"s3://{bucket}/campaigns",
            "BRAVO_S3_ENDPOINT": s3_server.endpoint,
            "AWS_ACCESS_KEY_ID": s3_server.access_key,
            "AWS_SECRET_ACCESS_KEY": s3_server.secret_key,
            "AWS_DEFAULT_REGION": s3_server.region,
        },
    )
