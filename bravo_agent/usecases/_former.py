"""Earlier snapshots that lie here: they still have what the source has lost."""

from __future__ import annotations

from collections.abc import Iterator

from bravo_agent.changes._subjects import innermost
from bravo_agent.model.catalog import Catalog, Column
from bravo_agent.planning.identity import same_database
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.workspace import Workspace

MOST = 20  # that are looked through, newest first


class FormerSnapshots:
    """Those older than ``reader``'s; their manifests are read when something is looked for, each once."""

    def __init__(self, workspace: Workspace, reader: SnapshotReader) -> None:
        self._catalog: Catalog = reader.snapshot.catalog
        self._local = workspace.snapshots()
        self._opened: dict[str, SnapshotReader] = {}
        own = reader.snapshot.id
        self._ids = [one for one in reversed(self._local.ids()) if one < own][:MOST]

    def with_column(
        self, table: str, name: str, number: int | None, labels: tuple[str, ...] = ()
    ) -> SnapshotReader | None:
        """The newest one that has the column, with all ``labels``; not another column that had its name."""
        for reader in self._newest_first():
            found = reader.snapshot.catalog.table(table)
            column = found.column(name) if found else None
            if (
                column
                and self._is(column, reader, number)
                and set(labels) <= set(innermost(column.type).labels)
            ):
                return reader
        return None

    def _is(self, column: Column, reader: SnapshotReader, number: int | None) -> bool:
        known = number is not None and column.number is not None
        return (
            column.number == number or not known or not same_database(reader.snapshot.catalog, self._catalog)
        )

    def _newest_first(self) -> Iterator[SnapshotReader]:
        for one in self._ids:
            if one not in self._opened:
                self._opened[one] = SnapshotReader(self._local.path / one)
            yield self._opened[one]
