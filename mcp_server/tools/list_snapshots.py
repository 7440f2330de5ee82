"""Snapshots here and in the shared place."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bravo_agent.model.snapshot import Snapshot
from bravo_agent.usecases.acquire import list_snapshots as snapshots_of
from mcp_server._call import Call
from mcp_server._results import LIMIT, Cursor, Foreign, Limit, PagedResult, Shown, page_of, shown_as
from mcp_server._tool import Tool


class SnapshotLine(Shown):
    """One snapshot."""

    id: str = Field(description="What other tools name it by.")
    where: Literal["local", "shared"] = Field(
        description="local: it lies here; shared: fetch_snapshot brings it."
    )
    created_at: Foreign = Field(description="When it was taken.")
    created_by: Foreign = Field(description="By whom.")
    tables: int = Field(description="Tables in it.")
    rows: int = Field(description="Rows in it.")
    structure: str = Field(description="Fingerprint of the structure it shows.")


class SnapshotsResult(PagedResult):
    """A page of snapshots, the newest first."""

    status: Literal["snapshots", "no-snapshots"] = Field(description="no-snapshots: there is none anywhere.")
    snapshots: tuple[SnapshotLine, ...] = Field(description="The snapshots of this page.")


def list_snapshots(call: Call, limit: Limit = LIMIT, cursor: Cursor = None) -> SnapshotsResult:
    """Snapshots of production: those that lie here, and those that the team shares, newest first. Reads only."""
    found = snapshots_of(call.workspace)
    both = [_line(one, "local") for one in found.local] + [_line(one, "shared") for one in found.shared]
    both.sort(key=lambda one: (one.created_at, one.id, one.where), reverse=True)
    page = page_of(both, lambda one: one, key=lambda one: one.where + one.id, cursor=cursor, limit=limit)
    here = any(one.where == "local" for one in both)
    return SnapshotsResult(
        status="snapshots" if both else "no-snapshots",
        snapshots=page.items,
        total=page.total,
        limit=page.limit,
        next_cursor=page.next_cursor,
        next_steps=(
            *(["list_snapshots with cursor: the next page"] if page.next_cursor else []),
            *(["fetch_snapshot: bring the newest shared one here"] if both and not here else []),
            "make_plan: work out a run",
        ),
    )


def _line(one: Snapshot, where: Literal["local", "shared"]) -> SnapshotLine:
    return shown_as(SnapshotLine, one, where=where, tables=len(one.tables), structure=one.fingerprint)


KIND = Tool(list_snapshots, "List snapshots")
