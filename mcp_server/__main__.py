"""``python -m mcp_server``: the server, as ``bravo-agent mcp`` starts it."""

from __future__ import annotations

import sys
from typing import Any

import click

from mcp_server.starting import options, start


@click.command("mcp_server")
@options
def command(**given: Any) -> None:
    """Serves the project's state and plans to an agent over MCP."""
    sys.exit(start(**given))


if __name__ == "__main__":
    command()
