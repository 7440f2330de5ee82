"""Asking a person through their client, in both eras of the protocol; whatever is not a plain yes is none.

Before 2026-07-28 the server sends the question while the call waits. Since then it cannot: the call ends with the
question, and the client calls again with the answer. The SDK does both for a parameter that a resolver fills. The
question is bound to the arguments of the call and to its exact text, and the text is ours alone: ids, hashes, counts,
names of options. So an answer never counts for anything else than what was shown.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from anyio import CapacityLimiter
from mcp.server.elicitation import AcceptedElicitation, DeclinedElicitation, ElicitationResult
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.resolve import Elicit, Resolve
from mcp_types.version import is_version_at_least
from pydantic import BaseModel, Field, StrictBool

from bravo_agent.errors import BravoError
from mcp_server._call import Call, Desk
from mcp_server._threads import in_thread
from mcp_server._tool import Tool
from mcp_server._works import Work
from mcp_server.consent import Consent

CONSENT = "consent"
"""The parameter that holds the answer; no client sees it."""
_RIDES_ON_RESULTS = "2026-07-28"


class Confirmation(BaseModel):
    """The form of the answer."""

    confirm: StrictBool = Field(title="Confirm", description="Yes: do what the question says. No: leave it.")


@dataclass(frozen=True)
class Unasked:
    """In place of an answer: nobody was asked."""

    consent: Literal["unavailable", "not-asked"]


def consent_parameter(
    tool: Tool, desk: Desk, own: Sequence[inspect.Parameter], threads: CapacityLimiter
) -> inspect.Parameter:
    """The parameter of the tool's function that the SDK fills by asking, with the tool's ``own`` at hand."""
    annotation = Annotated[ElicitationResult[Confirmation], Resolve(_resolver(tool, desk, own, threads))]
    return inspect.Parameter(CONSENT, inspect.Parameter.KEYWORD_ONLY, annotation=annotation)


def consent_of(outcome: object) -> Consent:
    """What the outcome of asking is worth."""
    if isinstance(outcome, AcceptedElicitation):
        if isinstance(outcome.data, Unasked):
            return outcome.data.consent
        said = isinstance(outcome.data, Confirmation) and outcome.data.confirm
        return "given" if said else "declined"
    return "declined" if isinstance(outcome, DeclinedElicitation) else "cancelled"


def can_ask(ctx: Context) -> bool:
    """Whether the client declared forms (an empty declaration is one), and a question can reach it."""
    declared = ctx.client_capabilities.elicitation if ctx.client_capabilities else None
    if declared is None or (declared.form is None and declared.url is not None):
        return False
    return is_version_at_least(ctx.protocol_version or "", _RIDES_ON_RESULTS) or ctx.session.can_send_request


def _resolver(
    tool: Tool, desk: Desk, own: Sequence[inspect.Parameter], threads: CapacityLimiter
) -> Callable[..., Awaitable[Elicit[Confirmation] | Unasked]]:
    async def ask(ctx: Context, **arguments: Any) -> Elicit[Confirmation] | Unasked:
        if not can_ask(ctx):
            return Unasked("unavailable")
        work = Work("", tool.name)
        text = await in_thread(lambda: _text(tool, desk.call(work), arguments), work, threads)
        # Nothing to ask, or nothing that could be done after a yes: the tool itself says which.
        if text is None or isinstance(text, BravoError):
            return Unasked("not-asked")
        return Elicit(text, Confirmation)

    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=Context)
    keywords = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
    returns = Elicit[Confirmation] | Unasked
    ask.__signature__ = inspect.Signature([*keywords, context], return_annotation=returns)  # type: ignore[attr-defined]
    ask.__annotations__ = {one.name: one.annotation for one in (*own, context)} | {"return": returns}
    ask.__qualname__ = f"ask.{tool.name}"
    return ask


def _text(tool: Tool, call: Call, arguments: dict[str, Any]) -> str | None:
    assert tool.asks is not None
    call.desk.allowed.check(tool.needs)
    return tool.asks(call, **arguments)
