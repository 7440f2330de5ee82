"""A client with a person behind it, or with nobody, in both eras of the protocol."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.types import CallToolResult, ElicitRequestFormParams, ElicitResult
from runs_scene import Scene

from bravo_agent.model.change import Change, Decision
from bravo_agent.usecases.examine import examine
from bravo_agent.workspace import Workspace, open_workspace
from mcp_server.server import BravoServer, make_server

MODES = ("auto", "legacy")
BOTH = ("auto", pytest.param("legacy", marks=pytest.mark.slow))
"""The older era in the slow suite, for what a quick test shows of both already."""
YES, NO, DECLINE, CANCEL = "yes", "no", "decline", "cancel"


@dataclass
class Person:
    """Answers every question in one way, and remembers what was asked."""

    says: str = YES
    asked: list[str] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    """Happens while they think."""

    async def __call__(self, context: Any, params: Any) -> ElicitResult:
        assert isinstance(params, ElicitRequestFormParams)
        self.asked.append(params.message)
        await anyio.to_thread.run_sync(self.before)
        if self.says in (DECLINE, CANCEL):
            return ElicitResult(action=self.says)  # type: ignore[arg-type]
        return ElicitResult(action="accept", content={"confirm": self.says == YES})


def serve(scene: Scene, **flags: bool) -> BravoServer:
    """A server of the project that may do everything but show samples, unless told."""
    return make_server(workspace(scene), **({"allow_decisions": True, "allow_apply": True} | flags))


def workspace(scene: Scene) -> Workspace:
    """The project's."""
    return open_workspace(scene.project, scene.environ)


def play(
    server: BravoServer,
    work: Callable[[Client], Awaitable[Any]],
    *,
    mode: str = "auto",
    person: Person | None = None,
) -> Any:
    """What ``work`` gives; without a person the client says that it cannot ask."""

    async def run() -> Any:
        async with Client(server, mode=mode, elicitation_callback=person) as client:
            return await work(client)

    return anyio.run(run)


def call(
    server: BravoServer, tool: str, *, mode: str = "auto", person: Person | None = None, **arguments: Any
) -> dict[str, Any]:
    """The structured result of one call, or the error as the tool tells it."""
    return told(play(server, lambda client: client.call_tool(tool, arguments), mode=mode, person=person))


def told(result: CallToolResult) -> dict[str, Any]:
    """What a client that reads structured results alone reads; an error's text is JSON as well."""
    found = json.loads(result.content[0].text) if result.is_error else result.structured_content  # type: ignore[union-attr]
    assert isinstance(found, dict)
    assert found["status"]
    return found


def changes(scene: Scene) -> dict[str, Change]:
    """By kind; those that ask nothing left out."""
    found = examine(workspace(scene), stale="ask", write_report=False).found
    return {one.kind: one for one in found.changes if one.question}


def decisions(scene: Scene) -> tuple[Decision, ...]:
    """What bravo.decisions.json says."""
    return workspace(scene).decisions()
