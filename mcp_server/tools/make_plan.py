"""Working out a run, and keeping it under a hash."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bravo_agent.planning.exit_code import BLOCKED
from bravo_agent.usecases.plan import plan
from mcp_server._call import Call
from mcp_server._names import Refreshes, SnapshotId
from mcp_server._results import Foreign, Result
from mcp_server._tool import Tool


class MadePlan(Result):
    """A plan that waits to be read and applied."""

    status: Literal["planned", "blocked"] = Field(description="blocked: an open change stops every run.")
    plan: str = Field(description="The hash that names it from now on.")
    database: Foreign = Field(description="The target database.")
    snapshot: str = Field(description="The snapshot that it is pinned to.")
    steps: tuple[str, ...] = Field(description="Its kinds of steps, in order; none where it is blocked.")
    rows: int = Field(description="Rows that it loads.")
    files: int = Field(description="Files of the application that it edits.")
    open_changes: int = Field(description="Changes that stay open and out of the load.")
    exit_code: int = Field(
        description="What applying it ends with when every check passes; 3: something stays open."
    )


def make_plan(
    call: Call,
    snapshot: Annotated[
        SnapshotId | None, Field(description="A snapshot to load; leave out to take a new one of the source.")
    ] = None,
    refresh: Refreshes = "full",
    edit_code: Annotated[
        bool, Field(description="False: the plan writes a patch file instead of editing the application.")
    ] = True,
) -> MadePlan:
    """Works out what a run would do and keeps it under a hash. Takes a snapshot of the source for it (reads production,
    may take minutes). Writes below .bravo and the change report, and nothing in the code, the decisions or the target:
    nothing happens until a person has the plan applied. Shows progress and can be cancelled.
    """
    made = plan(
        call.workspace,
        source=call.desk.source,
        snapshot=snapshot or "latest",
        refresh=refresh,
        code="apply" if edit_code else "patch",
        emit=call.work.emit,
    ).plan
    blocked = made.exit_code == BLOCKED
    patches = [step.patch for step in made.steps if step.tag in ("edit-code", "save-patch")]
    return MadePlan(
        status="blocked" if blocked else "planned",
        plan=made.hash,
        database=made.inputs.database,
        snapshot=made.inputs.snapshot,
        steps=tuple(step.tag for step in made.steps),
        rows=sum(rows for _, rows in made.load.rows) if made.load else 0,
        files=sum(len(patch.edits) for patch in patches),
        open_changes=sum(change.state == "open" for change in made.changes),
        exit_code=made.exit_code,
        next_steps=(
            ("list_changes with verdict=block: what has to be decided first",)
            if blocked
            else (f"get_plan with {made.hash[:12]}: read it", "preview_cascade: the diff of the code")
        ),
    )


KIND = Tool(make_plan, "Make a plan", reads=False, repeats=False, long=True)
