"""A stand-in for production, for the demo alone: a database of its own on the embedded server."""

from __future__ import annotations

from bravo_agent.stores.postgres.scratch import create, execute


def create_database(uri: str, name: str) -> None:
    """An empty database ``name`` on the server at ``uri``; one that is there already is replaced."""
    create(uri, name)


def run_sql(uri: str, script: str) -> None:
    """Runs a script of several statements."""
    execute(uri, script)
