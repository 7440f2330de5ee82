"""Marking a database that holds something already as one that may be written to."""

from __future__ import annotations

from bravo_agent.workspace import Workspace


def adopt(workspace: Workspace, *, database: str | None = None) -> str:
    """The database's name, marked; its collections stay as they are, and are nobody's but their owner's.

    Raises ``target-not-allowed`` for a name that bravo.toml does not allow.
    """
    name = database or workspace.config.target.database
    with workspace.target(name) as target:
        target.adopt()
    return name
