"""What the tests of the source have in common: an export in one call, and a bucket of the test's own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest
from source_scene import Exporter

from bravo_agent.config import SourceSection
from bravo_agent.events import Emit, ignore
from bravo_agent.stores.postgres import PostgresSource
from bravo_agent.stores.servers import S3Access
from bravo_agent.stores.snapshot import SnapshotReader


@pytest.fixture
def admin(pg_database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(pg_database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def export(pg_database: str, tmp_path: Path) -> Exporter:
    """Exports the test's database (or ``uri``) and opens the result."""

    def run(
        id_: str = "2026-01-01-001",
        *,
        chunk_rows: int = 1000,
        workers: int = 2,
        schemas: tuple[str, ...] = ("public",),
        exclude: tuple[str, ...] = (),
        emit: Emit = ignore,
        uri: str = pg_database,
        views: bool = False,
    ) -> SnapshotReader:
        section = SourceSection(schemas=schemas, exclude=exclude, views=views)
        source = PostgresSource(uri, section, chunk_rows=chunk_rows, workers=workers)
        source.export(tmp_path, snapshot_id=id_, created_at="2026-01-01T00:00:00Z", created_by="t", emit=emit)
        return SnapshotReader(tmp_path / id_)

    return run


@pytest.fixture
def bucket(s3_server: S3Access, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty bucket; its keys are where boto3 looks for them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3_server.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3_server.secret_key)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    name = f"t-{uuid.uuid4().hex[:12]}"
    boto3.client("s3", endpoint_url=s3_server.endpoint).create_bucket(Bucket=name)
    return name
