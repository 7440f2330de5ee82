"""A consistent copy of the source's rows in files, and how it is cut."""

from __future__ import annotations

from dataclasses import dataclass

from bravo_agent.model.catalog import Catalog


@dataclass(frozen=True)
class DataFile:
    """One Parquet file; row group n is chunk n. ``sha256`` is of the file's bytes, ``size`` in bytes."""

    path: str
    rows: int
    size: int
    sha256: str
    chunks: int


@dataclass(frozen=True)
class TableData:
    """The rows of one table: the files' rows add up to ``rows``, which is count(*) in the same snapshot."""

    table: str
    rows: int
    files: tuple[DataFile, ...]


@dataclass(frozen=True)
class Snapshot:
    """The manifest: written last, so that a snapshot without one does not exist."""

    id: str
    catalog: Catalog
    fingerprint: str
    tables: tuple[TableData, ...]
    created_at: str
    created_by: str
    lsn: str | None = None
    source: str = ""
    """Host and database of the source, without credentials."""
    format_version: int = 1

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)

    def data(self, table: str) -> TableData | None:
        """The data of table ``schema.name``, or None."""
        return next((found for found in self.tables if found.table == table), None)
