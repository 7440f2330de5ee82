"""The one edge between a tool and the protocol: threads, progress, stopping, errors, sizes.

A tool is a plain function. It runs in a worker thread, and the call lasts until that thread has ended: a client that
gives up sets the work's stop flag, which is looked at with every event, and nothing goes on behind its back.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import anyio
from anyio import CapacityLimiter
from mcp.server.mcpserver import Context
from mcp_types import CallToolResult, TextContent

from bravo_agent.errors import BravoError, StoppedError
from bravo_agent.events import Noted
from bravo_agent.planning.untrusted import visible
from mcp_server._asking import CONSENT, consent_of, consent_parameter
from mcp_server._call import Desk
from mcp_server._errors import error_result, known
from mcp_server._results import Result, within_bounds
from mcp_server._threads import in_thread
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

    turn = desk.writing if tool.alone and consent == "given" else None
    try:
        return await watched(work, ctx, do, None if tool.at_once else threads, turn)
    finally:
        if not work.ended:
            work.state = "cancelled"


async def watched(
    work: Work,
    ctx: Context,
    do: Callable[[], CallToolResult],
    threads: CapacityLimiter | None,
    turn: anyio.Lock | None = None,
) -> CallToolResult | BravoError:
    """What ``do`` gave, or its failure; its progress is told meanwhile, and giving up stops it.

    ``turn``: held meanwhile, and waited for without a thread.
    """
    async with _held(turn, work, ctx):
        found = await in_thread(lambda: _noted(work, do), work, threads, lambda: _tell(work, ctx))
    await _report(work, ctx)
    return found


@asynccontextmanager
async def _held(turn: anyio.Lock | None, work: Work, ctx: Context) -> AsyncIterator[None]:
    """The turn, or without it where the work is to stop: ``_noted`` looks at that first."""
    if turn is None:
        yield
        return
    work.state = "waiting"
    held = False
    while not held and not work.stop.is_set():
        with anyio.move_on_after(_BEAT):
            await turn.acquire()
            held = True
        if not held and not work.stop.is_set():
            work.emit(Noted("info", "waits for another call"))
            await _report(work, ctx)
    work.state = "running"
    try:
        yield
    finally:
        if held:
            turn.release()


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
    while True:
        await anyio.sleep(_BEAT)
        await _report(work, ctx)


async def _report(work: Work, ctx: Context) -> None:
    # The protocol wants each to be more than the last one; the work's thread counts on meanwhile.
    steps = work.steps
    if steps > work.told:
        work.told = steps
        await ctx.report_progress(steps, None, work.message)


def _bounded(result: Result) -> CallToolResult:
    text = within_bounds(result).model_dump_json(by_alias=True)
    content = [TextContent(type="text", text=text)]
    return CallToolResult(
        content=list(content), structured_content=result.model_dump(mode="json", by_alias=True)
    )
