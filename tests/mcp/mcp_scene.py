"""The example application with a production that has drifted: what the server is asked about."""

from __future__ import annotations

import json
from typing import Any, Literal

import runs_scene
from mcp import Client
from mcp_types import CallToolResult

from bravo_agent.workspace import Workspace, open_workspace
from mcp_server.server import BravoServer, make_server

Mode = Literal["auto", "legacy"]
MODES: tuple[Mode, ...] = ("auto", "legacy")


class Scene(runs_scene.Scene):
    """A project with databases of its own, and what is served of it."""

    @property
    def workspace(self) -> Workspace:
        return open_workspace(self.project, self.environ)

    def server(self, **flags: Any) -> BravoServer:
        """A server in this process."""
        return make_server(self.workspace, **flags)


async def answer(client: Client, tool: str, /, **arguments: Any) -> dict[str, Any]:
    """The tool's structured result."""
    found = await client.call_tool(tool, arguments)
    assert not found.is_error, text(found)
    assert found.structured_content is not None
    content: dict[str, Any] = found.structured_content
    assert json.loads(text(found)) == content
    return content


async def refusal(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """The tool's error."""
    found = await client.call_tool(tool, arguments)
    assert found.is_error, text(found)
    document: dict[str, Any] = json.loads(text(found))
    return document


def text(found: CallToolResult) -> str:
    """What stands in its one block of text."""
    [block] = found.content
    assert block.type == "text"
    return block.text
