"""A server whose one tool has a schema that Inspector's --strict must refuse."""

from __future__ import annotations

import anyio
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp_types import ListToolsResult, Tool


async def _tools(*_: object) -> ListToolsResult:
    whatever = {"type": "object", "properties": {"a": False}}
    return ListToolsResult(tools=[Tool(name="t", description="A tool.", input_schema=whatever)])


async def _main() -> None:
    server = Server("unportable", on_list_tools=_tools)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


anyio.run(_main)
