"""Requests that fit nothing this server offers: told in its own way, where the SDK would let them through."""

from __future__ import annotations

from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS
from pydantic import ValidationError

from bravo_agent.errors import UsageError
from mcp_server._errors import error_text

_ON_ONE_PAGE = frozenset({"tools/list", "resources/list", "resources/templates/list", "prompts/list"})


async def refuse_cursors(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """What the server offers comes on one page, so no cursor of these lists is one that it gave."""
    if ctx.method in _ON_ONE_PAGE and (ctx.params or {}).get("cursor") is not None:
        raise MCPError(code=INVALID_PARAMS, message="this list has one page, and no cursor leads into it")
    return await call_next(ctx)


def unknown_tool() -> MCPError:
    """A name that is no tool's is an error of the protocol: nothing was carried out that could have failed."""
    return MCPError(
        code=INVALID_PARAMS,
        message=error_text(
            UsageError("tool-unknown", "this server has no tool of that name", hint="tools/list names them.")
        ),
    )


def arguments_invalid(error: ValidationError) -> UsageError:
    """Which arguments do not fit and why, without the values that were given."""
    wrong = tuple(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return UsageError(
        "arguments-invalid",
        "the arguments do not fit the tool's input schema",
        hint="details names each; call again with arguments that fit.",
        details=wrong,
    )
