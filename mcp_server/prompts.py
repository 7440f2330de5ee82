"""Prompts, from the templates that the API's model gets too: the instruction, then the data between two marks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from anyio import CapacityLimiter
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.prompts.base import Message, UserMessage
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS
from pydantic import Field

from bravo_agent.errors import BravoError, UsageError
from bravo_agent.usecases import briefings
from bravo_agent.usecases.briefings import Prompt
from bravo_agent.usecases.runs import list_runs
from mcp_server._boundary import new_boundary
from mcp_server._call import Call, Desk
from mcp_server._errors import error_text
from mcp_server._threads import in_thread
from mcp_server._works import Work

Id = Annotated[str, Field(description="The change's id as list_changes gives it, or 8 or more digits of it.")]
Run = Annotated[str, Field(description="A run's id as get_run gives it; leave out for the latest.")]


def add_prompts(server: MCPServer[Any], desk: Desk, threads: CapacityLimiter) -> None:
    """The four of them."""

    async def messages(brief: Callable[[Call], Prompt]) -> list[Message]:
        work = Work("", "prompt")
        found = await in_thread(lambda: brief(desk.call(work)), work, threads)
        if isinstance(found, BravoError):
            raise MCPError(code=INVALID_PARAMS, message=error_text(found))
        return [UserMessage(found.system), UserMessage(found.text(new_boundary()))]

    @server.prompt(
        title="Review all changes", description="Go through what changed, one change after the other."
    )
    async def review_changes() -> list[Message]:
        return await messages(lambda call: briefings.review_changes(call.found()))

    @server.prompt(title="Judge one change", description="What one change should be answered with, and why.")
    async def decide_change(change_id: Id) -> list[Message]:
        return await messages(lambda call: briefings.decide_change(call.found(), change_id))

    @server.prompt(
        title="Write a transformation", description="A Python function that converts one column's values."
    )
    async def write_transform(change_id: Id) -> list[Message]:
        return await messages(lambda call: briefings.write_transform(call.found(), change_id))

    @server.prompt(title="Explain a run", description="What a run did, told to a developer.")
    async def explain_run(run_id: Run = "") -> list[Message]:
        return await messages(lambda call: _run(call, run_id))


def _run(call: Call, run_id: str) -> Prompt:
    runs = list_runs(call.workspace)
    found = next((one for one in runs if run_id in ("", one.run)), None)
    if found is None:
        raise UsageError(
            "run-unknown",
            "the target's audit trail does not know that run",
            hint="get_run lists the last ones; make_plan works out the first.",
        )
    return briefings.explain_run(found)
