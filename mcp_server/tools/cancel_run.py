"""Stopping work of this server at its next chunk."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bravo_agent.errors import UsageError
from mcp_server._call import Call
from mcp_server._results import Result
from mcp_server._tool import Tool


class Cancelled(Result):
    """What became of the wish."""

    status: Literal["stopping", "not-running"] = Field(
        description="stopping: it ends at its next chunk, and its own call says so; not-running: it had ended before."
    )
    id: str = Field(description="The work that was meant.")
    state: str = Field(description="Its state at this moment.")


def cancel_run(
    call: Call,
    run_id: Annotated[
        str,
        Field(max_length=80, pattern="^[a-z_]+-[0-9]+$", description="The work's id, as get_run gives it."),
    ],
) -> Cancelled:
    """Stops work that is under way in this server, at the border of its next chunk: what is done is kept, and a publish
    that has begun is brought to its end. Work of other processes is not touched.
    """
    work = call.desk.works.find(run_id)
    if work is None:
        raise UsageError(
            "run-unknown",
            "this server has no such work",
            hint="get_run without an id shows what is under way here.",
        )
    running = not work.ended
    work.stop.set()
    return Cancelled(
        status="stopping" if running else "not-running",
        id=work.id,
        state=work.state,
        next_steps=(f"get_run with {work.id}: see how it ended",),
    )


KIND = Tool(cancel_run, "Cancel a run", reads=False, outside=False, at_once=True)
