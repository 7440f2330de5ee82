"""One table's project, production database and target, on the servers of a folder."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from pymongo import MongoClient

from benchmarks.tables import TABLES
from bravo_agent.config import Config
from bravo_agent.stores.servers import ServerSet
from bravo_agent.usecases import demo
from bravo_agent.usecases.initialise import initialise
from bravo_agent.usecases.production import create_database
from bravo_agent.workspace import Workspace, make_workspace, open_workspace

DATABASE = "bravo-1"
_METRICS_DELTA = (
    "update daily_metrics set clicks = clicks + 1 where (ad_id * 31 + (day - date '2000-01-01')) % 1000 "
    "between {low} and {high}"
)


@dataclass(frozen=True)
class Scene:
    """Everything a measuring process has to be told: plain text, so that it travels as JSON."""

    table: str
    rows: int
    home: str
    postgres_uri: str
    mongodb_uri: str

    def plain(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)

    @property
    def project(self) -> Path:
        """The application's folder."""
        return Path(self.home) / self.table

    @property
    def servers(self) -> Path:
        """The servers' folder."""
        return Path(self.home) / "servers"

    @property
    def environ(self) -> dict[str, str]:
        """What bravo-agent reads from the environment."""
        return {
            "BRAVO_SOURCE_URI": self.postgres_uri,
            "BRAVO_TARGET_URI": self.mongodb_uri,
            "BRAVO_MASK_KEY": "the benchmark's own key, which protects nothing",
            "BRAVO_USER": "benchmark",
        }

    def workspace(self) -> Workspace:
        """The project, ready to be run."""
        return open_workspace(self.project, self.environ)

    def execute(self, *statements: str) -> None:
        """Changes production."""
        with psycopg.connect(self.postgres_uri, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def change(self, turn: int) -> None:
        """Lets production change 1 % of its rows."""
        if TABLES[self.table].create:
            self.execute(*TABLES[self.table].delta(self.rows, turn))
        else:
            self.execute(_METRICS_DELTA.format(low=10 * turn, high=10 * turn + 9))

    def clear(self) -> None:
        """Drops what was loaded, so that the tables do not share the servers' memory and disk."""
        with MongoClient[dict[str, Any]](self.mongodb_uri) as client:
            client.drop_database(DATABASE)


def make_scene(home: Path, servers: ServerSet, table: str, rows: int) -> Scene:
    """A filled production database and an initialised project."""
    assert servers.postgres_uri is not None
    assert servers.mongodb_uri is not None
    name = f"bench_{table}"
    uri = urlsplit(servers.postgres_uri)._replace(path=f"/{name}").geturl()
    scene = Scene(table, rows, str(home), uri, servers.mongodb_uri)
    create_database(servers.postgres_uri, name)
    one = TABLES[table]
    if one.create:
        scene.project.mkdir(parents=True)
        scene.execute(one.create, one.filling(1, rows), "vacuum analyze", "checkpoint")
    else:
        demo.copy_example(scene.project)
        demo.generator(scene.project).generate(uri, rows=rows, seed=1)
        scene.execute("vacuum analyze", "checkpoint")
    made = make_workspace(scene.project, Config(), scene.environ)
    initialise(made, from_database=bool(one.create), privacy="keep" if one.create else "mask")
    return scene
