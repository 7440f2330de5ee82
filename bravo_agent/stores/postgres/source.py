"""The production database as a `Source`."""

from __future__ import annotations

from pathlib import Path

from bravo_agent.config import SourceSection
from bravo_agent.events import Emit, ignore
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.snapshot import Snapshot
from bravo_agent.stores.postgres.catalog import read_catalog
from bravo_agent.stores.postgres.connection import connect_read_only
from bravo_agent.stores.postgres.export import Export


class PostgresSource:
    """The database at ``uri``, read only; an export uses ``workers`` + 1 connections."""

    def __init__(self, uri: str, config: SourceSection, chunk_rows: int = 50_000, workers: int = 2) -> None:
        self._uri = uri
        self._config = config
        self._chunk_rows = chunk_rows
        self._workers = workers

    def catalog(self) -> Catalog:
        """The structure of the configured schemas; rights to the rows are not needed."""
        with connect_read_only(self._uri) as connection:
            section = self._config
            return read_catalog(connection, section.schemas, section.exclude, views=section.views)

    def export(
        self, into: Path, *, snapshot_id: str, created_at: str, created_by: str, emit: Emit = ignore
    ) -> Snapshot:
        """Writes a consistent snapshot to ``into/snapshot_id``, at most ``chunk_rows`` rows a row group.

        Raises ``source-access-denied`` with all tables at fault, ``source-locked``, ``source-changing``,
        ``export-incomplete``, ``snapshot-exists``.
        """
        export = Export(self._uri, self._config, self._chunk_rows, self._workers)
        return export.run(
            into, snapshot_id=snapshot_id, created_at=created_at, created_by=created_by, emit=emit
        )
