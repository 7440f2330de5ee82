"""An answer counts once. A call that brings one a second time is a new call: it is asked anew, or finds it done."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import replace
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerRequestContext

_KEPT = 10_000


class AnswersOnce:
    """Middleware before the SDK's own that opens the sealed state.

    A state is sealed with a key of this process and for ten minutes, so nothing has to be remembered for longer.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, None] = OrderedDict()

    async def __call__(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Passes a first use on as it is, and a second one without state and answer."""
        state = (ctx.params or {}).get("requestState")
        if isinstance(state, str) and self._used(state):
            left = {key: value for key, value in (ctx.params or {}).items() if key not in _ANSWER}
            ctx = replace(ctx, params=left)
        return await call_next(ctx)

    def _used(self, state: str) -> bool:
        key = hashlib.sha256(state.encode("utf-8", "surrogatepass")).digest()
        if key in self._seen:
            return True
        self._seen[key] = None
        while len(self._seen) > _KEPT:
            self._seen.popitem(last=False)
        return False


_ANSWER = ("requestState", "inputResponses")
