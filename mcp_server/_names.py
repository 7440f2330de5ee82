"""How a call names things: by ids that this server gave out. Nothing is a path, a URL, SQL or a shell line."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

ChangeId = Annotated[
    str,
    Field(
        min_length=8,
        max_length=64,
        pattern="^[0-9a-f]+$",
        description="The change's id as list_changes gives it, or 8 or more digits of it.",
    ),
]
PlanId = Annotated[
    str,
    Field(
        max_length=64,
        pattern="^(latest|[0-9a-f]{8,64})$",
        description="The plan's hash, 8 or more digits of it, or latest: the one made last.",
    ),
]
SnapshotId = Annotated[
    str,
    Field(
        max_length=80,
        pattern="^[A-Za-z0-9][A-Za-z0-9._-]*$",
        description="A snapshot's id as list_snapshots gives it, or latest.",
    ),
]
RunId = Annotated[
    Annotated[str, Field(max_length=200)] | None,
    Field(description="A run's id as get_run gives it; leave out for the latest."),
]
Refreshes = Annotated[
    Literal["full", "incremental", "parallel"],
    Field(
        description="full: a new version from all rows; incremental: what changed since the last one, in place; "
        "parallel: a database of its own beside the one that is read."
    ),
]
