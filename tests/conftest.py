"""Embedded servers for the tests: one set for a whole run, shared by the workers of pytest-xdist."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from pymongo import MongoClient

from bravo_agent.stores.servers import S3Access, ServerSet, start_servers, stop_servers

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The project and production of tests/runs, which consent, loop and plans play with too: made once for all of them.
sys.path.insert(0, str(Path(__file__).with_name("runs")))
pytest_plugins = ["runs_fixtures"]
# No test is about time: what a loaded machine does slowly is right all the same.
settings.register_profile("bravo", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bravo")
FOLDER = pytest.StashKey[Path]()
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_configure(config: pytest.Config) -> None:
    """Name a short folder for this run; a worker of pytest-xdist is told that of its controller."""
    told = getattr(config, "workerinput", {}).get("bravo_folder")
    config.stash[FOLDER] = Path(told or tempfile.mkdtemp(prefix="bravo-", dir="/tmp"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist the folder."""
    node.workerinput["bravo_folder"] = str(node.config.stash[FOLDER])


@pytest.fixture(scope="session", autouse=True)
def _one_cache_of_mypy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The projects of the tests are new each time, what they import is not; a worker has a cache of its own."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("MYPY_CACHE_DIR", str(tmp_path_factory.mktemp("mypy-cache")))
        yield


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers and remove the folder, after the last worker has ended."""
    folder = config.stash.get(FOLDER, None)
    if folder is None or hasattr(config, "workerinput"):
        return
    for part in ("main", "s3"):
        stop_servers(folder / part)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Iterator[ServerSet]:
    """PostgreSQL and MongoDB, started at the first use."""
    with start_servers(pytestconfig.stash[FOLDER] / "main") as started:
        yield started


@pytest.fixture(scope="session")
def s3_server(pytestconfig: pytest.Config) -> Iterator[S3Access]:
    """S3 without a bucket, started at the first use."""
    folder = pytestconfig.stash[FOLDER] / "s3"
    with start_servers(folder, postgres=False, mongodb=False, s3=True) as started:
        assert started.s3 is not None
        yield started.s3


@pytest.fixture
def pg_database(servers: ServerSet) -> Iterator[str]:
    """The URI of an empty PostgreSQL database of the test's own, dropped after it with its slots."""
    assert servers.postgres_uri is not None
    name = f"t_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(servers.postgres_uri, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    start, _, _ = servers.postgres_uri.rpartition("/")
    yield f"{start}/{name}"
    with psycopg.connect(servers.postgres_uri, autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(active_pid, 5000) from pg_replication_slots"
            " where database = %s and active",
            [name],
        )
        admin.execute(
            "select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = %s", [name]
        )
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def mongo_database_name(servers: ServerSet) -> Iterator[str]:
    """The name of an empty MongoDB database of the test's own, dropped after it."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    yield name
    with MongoClient[dict[str, Any]](servers.mongodb_uri) as client:
        client.drop_database(name)


@pytest.fixture
def mongo_uri(servers: ServerSet, mongo_database_name: str) -> str:
    """The URI of the replica set, with the test's own database as the default one."""
    assert servers.mongodb_uri is not None
    return servers.mongodb_uri.replace("/?", f"/{mongo_database_name}?", 1)


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A folder for servers that a test starts itself; they are stopped and it is removed after the test."""
    folder = Path(tempfile.mkdtemp(prefix=f"bravo-{os.getpid()}-", dir="/tmp"))
    yield folder
    for state in folder.rglob("state.json"):
        stop_servers(state.parent)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real Chromium. For one module: as long as it is there, no other test of this process can start a loop."""
    program = shutil.which("chromium")
    if program is None:
        message = "no chromium on PATH: `make browser` installs Debian's"
        if os.environ.get("BRAVO_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()
