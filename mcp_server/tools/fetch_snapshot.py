"""A shared snapshot, brought here."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bravo_agent.usecases.acquire import fetch_snapshot as fetch
from mcp_server._call import Call
from mcp_server._names import SnapshotId
from mcp_server._results import Foreign, ForeignResult
from mcp_server._tool import Tool


class FetchedSnapshot(ForeignResult):
    """A snapshot that lies here now."""

    status: Literal["fetched"] = Field(description="Every file of it was held against its checksum.")
    snapshot: str = Field(description="Its id.")
    created_at: Foreign = Field(description="When it was taken: what production got since is not in it.")
    tables: int = Field(description="Tables in it.")
    rows: int = Field(description="Rows in it.")


def fetch_snapshot(call: Call, snapshot: SnapshotId = "latest") -> FetchedSnapshot:
    """Downloads a snapshot from the place that the team shares, each file verified by its checksum; what is here
    already is not fetched again. Writes below .bravo alone. Shows progress and can be cancelled.
    """
    found = fetch(call.workspace, snapshot=snapshot, emit=call.work.emit)
    return FetchedSnapshot(
        status="fetched",
        snapshot=found.id,
        created_at=found.created_at,
        tables=len(found.tables),
        rows=found.rows,
        next_steps=(f"make_plan with snapshot={found.id}: work out a run that loads it",),
    )


KIND = Tool(fetch_snapshot, "Fetch a snapshot", reads=False, long=True)
