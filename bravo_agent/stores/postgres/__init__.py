"""The production database: read-only connections, its catalog, and the export of a consistent snapshot."""

from bravo_agent.stores.postgres.catalog import read_catalog
from bravo_agent.stores.postgres.connection import connect_read_only
from bravo_agent.stores.postgres.source import PostgresSource

__all__ = ["PostgresSource", "connect_read_only", "read_catalog"]
