"""The server as it is, without the mark on its tools that has Claude Code ask a person itself.

So it looks to a client that knows nothing of the mark. What is left between the agent and the deed is the server's own
question.
"""

from __future__ import annotations

from mcp_server.__main__ import command
from mcp_server._tool import Tool

Tool.meta = None  # type: ignore[assignment,method-assign]

if __name__ == "__main__":
    command()
