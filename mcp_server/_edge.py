"""The one edge between a tool and the protocol: threads, progress, stopping, errors, sizes.

A tool is a plain function. It runs in a worker thread, and the call lasts until that thread has ended: a client that
gives up sets the work's stop flag, which is looked at with every event, and nothing goes on behind its back.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import anyio
import anyio.lowlevel
import anyio.to_thread
from anyio import CapacityLimiter
from mcp.server.mcpserver import Context
from mcp_types import CallToolResult, TextContent

from bravo_agent.errors import BravoError
from bravo_agent.planning.untrusted import visible
from mcp_server._asking import CONSENT, consent_of, consent_parameter
from mcp_server._call import Desk
from mcp_server._errors import StoppedError, error_result, known, tried
from mcp_server._results import Result, within_bounds
from mcp_server._tool import Tool
from mcp_server._works import Work
from mcp_server.consent import Consent

_NAME = 60
_BEAT = 0.25
"""Seconds between two looks at how far a work is; a client needs no message per chunk."""


def edge(tool: Tool, desk: Desk, threads: CapacityLimiter) -> Callable[..., Any]:
    """The tool as the SDK takes it: the same parameters, with a context in place of the call."""
    signature = inspect.signature(tool.work, eval_str=True)
    own = [one for name, one in signature.parameters.items() if name != "call"]
    returns = Annotated[CallToolResult, signature.return_annotation]

    asked = [consent_parameter(tool, desk, own, threads)] if tool.asks else []

    async def answer(ctx: Context, **arguments: Any) -> CallToolResult:
        consent = consent_of(arguments.pop(CONSENT)) if tool.asks else "not-asked"
        found = await _worked(tool, desk, ctx, arguments, threads, consent)
        if isinstance(found, BravoError):
            return error_result(found)
        return found

    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=Context)
    keywords = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
    parameters = [*keywords, *asked, context]
    answer.__signature__ = inspect.Signature(parameters, return_annotation=returns)  # type: ignore[attr-defined]
    answer.__annotations__ = {one.name: one.annotation for one in parameters} | {"return": returns}
    answer.__name__ = tool.name
    return answer


async def _worked(
    tool: Tool,
    desk: Desk,
    ctx: Context,
    arguments: dict[str, Any],
    threads: CapacityLimiter,
    consent: Consent,
) -> CallToolResult | BravoError:
    client = ctx.session.client_params
    name = visible(client.client_info.name, _NAME) if client else None
    work = desk.works.begin(tool.name, listed=tool.long)

    def do() -> CallToolResult:
        desk.allowed.check(tool.needs)
        return _bounded(tool.work(desk.call(work, consent, name), **arguments))

    try:
        return await watched(work, ctx, do, None if tool.at_once else threads)
    finally:
        if work.state == "running":
            work.state = "cancelled"


async def watched(
    work: Work, ctx: Context, do: Callable[[], CallToolResult], threads: CapacityLimiter | None
) -> CallToolResult | BravoError:
    """What ``do`` gave, or its failure; its progress is told meanwhile, and giving up stops it."""
    async with anyio.create_task_group() as group:
        group.start_soon(_tell, work, ctx)
        # Shielded by anyio: the call waits for its thread even when nobody waits for the call any more.
        found = await anyio.to_thread.run_sync(tried, lambda: _noted(work, do), limiter=threads)
        group.cancel_scope.cancel()
    # A client that gave up gets no answer, not even that it was cancelled.
    await anyio.lowlevel.checkpoint_if_cancelled()
    await _report(work, ctx)
    return found


def _noted(work: Work, do: Callable[[], CallToolResult]) -> CallToolResult:
    try:
        if work.stop.is_set():
            raise StoppedError
        found = do()
    except Exception as error:
        failure = known(error)
        work.error = failure.code
        work.state = "cancelled" if isinstance(error, StoppedError) else "failed"
        raise
    work.state = "done"
    return found


async def _tell(work: Work, ctx: Context) -> None:
    try:
        while True:
            await anyio.sleep(_BEAT)
            await _report(work, ctx)
    finally:
        if work.state == "running":
            work.stop.set()


async def _report(work: Work, ctx: Context) -> None:
    # The protocol wants each to be more than the last one.
    if work.steps > work.told:
        work.told = work.steps
        await ctx.report_progress(work.steps, None, work.message)


def _bounded(result: Result) -> CallToolResult:
    text = within_bounds(result).model_dump_json(by_alias=True)
    content = [TextContent(type="text", text=text)]
    return CallToolResult(
        content=list(content), structured_content=result.model_dump(mode="json", by_alias=True)
    )
