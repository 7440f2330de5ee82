"""Requests that fit nothing this server offers: told in its own way, where the SDK would let them through."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, Prompt, Tool
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
    return _refused(
        UsageError("tool-unknown", "this server has no tool of that name", hint="tools/list names them.")
    )


def check_prompt(known: Sequence[Prompt], name: str, given: Collection[str]) -> None:
    """Raises ``MCPError`` where there is no such prompt, or its arguments are not those that it takes.

    The library calls both an unexpected failure of the server, and logs a traceback.
    """
    prompt = next((one for one in known if one.name == name), None)
    if prompt is None:
        raise _refused(
            UsageError(
                "prompt-unknown", "this server has no prompt of that name", hint="prompts/list names them."
            )
        )
    takes = prompt.arguments or ()
    missing = [one.name for one in takes if one.required and one.name not in given]
    if missing or set(given) - {one.name for one in takes}:
        raise _refused(
            UsageError(
                "arguments-invalid",
                f"the prompt takes {', '.join(one.name for one in takes) or 'no arguments'}",
                hint=f"Give {', '.join(missing)}." if missing else "Leave out the others.",
            )
        )


def _refused(error: UsageError) -> MCPError:
    return MCPError(code=INVALID_PARAMS, message=error_text(error))


def closed(tool: Tool) -> Tool:
    """With a schema that says what holds: there are no other arguments. The library leaves that open."""
    return tool.model_copy(update={"input_schema": {**tool.input_schema, "additionalProperties": False}})


def arguments_strange(names: Collection[str]) -> UsageError:
    """The library drops what a tool does not take. Whoever gave it meant something by it (``dry_run``)."""
    return UsageError(
        "arguments-invalid",
        "the tool does not take all of these arguments",
        hint="details names those that it does not take; call again without them.",
        details=tuple(f"{name}: is no argument of this tool" for name in sorted(names)),
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
