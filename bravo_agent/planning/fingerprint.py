"""Which part of a catalog is structure, and its fingerprint."""

from __future__ import annotations

from dataclasses import replace

from bravo_agent import wire
from bravo_agent.model.catalog import Catalog, Column, Table


def structure_fingerprint(catalog: Catalog) -> str:
    """sha256 of the structure alone: equal for a database and its restored copy on another server.

    Left out are identities (oids, column numbers, cluster, database name) and the server's version.
    """
    return wire.fingerprint(Catalog(tables=tuple(_table(table) for table in catalog.tables)))


def _table(table: Table) -> Table:
    return replace(table, oid=None, columns=tuple(_column(column) for column in table.columns))


def _column(column: Column) -> Column:
    return replace(column, number=None)
