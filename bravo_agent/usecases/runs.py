"""What was done to a database: the lines of its audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bravo_agent.workspace import Workspace


def list_runs(workspace: Workspace, *, database: str | None = None) -> tuple[Mapping[str, Any], ...]:
    """The last runs and rollbacks, newest first, as ``etl_audit`` holds them."""
    with workspace.target(database) as target:
        return target.runs()
