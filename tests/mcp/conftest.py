"""Production once per session; a project, initialised, with snapshot and drift, for whoever only reads."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from mcp_scene import SECRET, Scene
from psycopg import sql
from pymongo import MongoClient

from bravo_agent.stores.servers import ServerSet
from bravo_agent.usecases.demo import copy_example, generator

_KEPT = ("public.users.locale", "public.users.notifications")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def make_scene(servers: ServerSet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Scene]]:
    """Makes scenes: initialised, published once, committed."""
    assert servers.postgres_uri is not None
    assert servers.mongodb_uri is not None
    made: list[str] = []
    base = servers.postgres_uri.rpartition("/")[0]
    template = _template(servers, tmp_path_factory.mktemp("mcp-template"), base)

    def make() -> Scene:
        name = f"m_{uuid.uuid4().hex[:10]}"
        made.append(name)
        _admin(servers, "create database {} template {} strategy file_copy", name, template.database)
        project = tmp_path_factory.mktemp("mcp") / name
        shutil.copytree(template.project, project)
        _replace(project / "bravo.toml", 'database = "bravo-1"', f'database = "bravo-{name}"')
        _replace(project / "bravo.catalog.json", template.database, name)
        environ = {**template.environ, "BRAVO_SOURCE_URI": f"{base}/{name}"}
        scene = Scene(project, f"{base}/{name}", f"bravo-{name}", environ)
        scene.commit()
        return scene

    yield make
    with MongoClient[dict[str, Any]](servers.mongodb_uri) as client:
        for database in client.list_database_names():
            if any(database.startswith(f"bravo-{name}") for name in made):
                client.drop_database(database)
    for name in (*made, template.database):
        _admin(servers, "drop database if exists {} with (force)", name)


def _template(servers: ServerSet, folder: Path, base: str) -> Scene:
    assert servers.mongodb_uri is not None
    name = f"mt_{uuid.uuid4().hex[:10]}"
    _admin(servers, "create database {}", name)
    project = copy_example(folder / "campaigns")
    generator(project).generate(f"{base}/{name}", rows=400, seed=7)
    environ = {
        "BRAVO_TARGET_URI": servers.mongodb_uri,
        "BRAVO_SOURCE_URI": f"{base}/{name}",
        "BRAVO_MASK_KEY": SECRET,
        "BRAVO_USER": "tester",
        "BRAVO_SNAPSHOT_URI": "",
        "CI": "",
    }
    scene = Scene(project, f"{base}/{name}", name, environ)
    (project / ".gitignore").write_text("__pycache__/\n.pytest_cache/\n")
    scene.cli("init")
    config = (project / "bravo.toml").read_text()
    for column in _KEPT:
        config = config.replace(f'"{column}" = "mask"', f'"{column}" = "keep"')
    (project / "bravo.toml").write_text(config)
    scene.git("init", "-q", "-b", "main")
    scene.commit()
    return scene


def _admin(servers: ServerSet, statement: str, *names: str) -> None:
    assert servers.postgres_uri is not None
    with psycopg.connect(servers.postgres_uri, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _replace(path: Path, old: str, new: str) -> None:
    found = path.read_text(encoding="utf-8")
    assert old in found, (path, old)
    path.write_text(found.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="session")
def drifted(make_scene: Callable[[], Scene]) -> Scene:
    """Published once, then production drifted and a snapshot of it was taken. Only to be read."""
    return _drifted(make_scene())


@pytest.fixture(scope="module")
def planning(make_scene: Callable[[], Scene]) -> Scene:
    """The same, for tests that make plans and look at nothing that is left of them."""
    return _drifted(make_scene())


def _drifted(scene: Scene) -> Scene:
    scene.cli("run", code=0)
    scene.drift(1, 2, 3, 4, 5, 7)
    scene.sql("alter table ad_groups alter column frequency_cap type text")
    scene.cli("snapshot", "export")
    return scene


@pytest.fixture
def scene(make_scene: Callable[[], Scene]) -> Scene:
    """One of the test's own."""
    return make_scene()
