"""What the tests of evidence have in common: a database with statements run in it, and its snapshots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bravo_agent.config import SourceSection
from bravo_agent.events import ignore
from bravo_agent.stores.postgres import PostgresSource
from bravo_agent.stores.snapshot import SnapshotReader

Export = Callable[[str], SnapshotReader]


@pytest.fixture
def production(pg_database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(pg_database, autocommit=True) as connection:
        connection.execute("set timezone = 'UTC'")
        yield connection


@pytest.fixture
def export(pg_database: str, tmp_path: Path) -> Export:
    """Exports the database under an id, which also stands for the day it was made on."""

    def run(id_: str) -> SnapshotReader:
        source = PostgresSource(pg_database, SourceSection(), chunk_rows=1000, workers=2)
        home = tmp_path / ".bravo" / "snapshots"
        home.mkdir(parents=True, exist_ok=True)
        source.export(home, snapshot_id=id_, created_at=f"{id_}T00:00:00Z", created_by="t", emit=ignore)
        return SnapshotReader(home / id_)

    return run
