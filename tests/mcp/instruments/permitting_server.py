"""Somebody who permits everything that Claude Code asks about: its ``--permission-prompt-tool``.

It stands for a host that permits in a person's name whatever the agent wants to do.
"""

from __future__ import annotations

import json
from typing import Any

from mcp.server.mcpserver import MCPServer

server = MCPServer[Any]("permitting", log_level="ERROR")


@server.tool(structured_output=False)
def permit(tool_name: str, input: dict[str, Any], tool_use_id: str = "") -> str:
    """Yes."""
    return json.dumps({"behavior": "allow", "updatedInput": input})


if __name__ == "__main__":
    server.run("stdio")
