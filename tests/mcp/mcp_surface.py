"""Everything that a client sees of the server before it calls anything, as one document.

Run as a script it writes ``surface.json`` anew: look at the difference before you commit it.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from mcp import Client

from bravo_agent.config import Config
from bravo_agent.workspace import make_workspace
from mcp_server.server import make_server

FILE = Path(__file__).with_name("surface.json")


async def surface(**flags: bool) -> dict[str, Any]:
    """By kind and name; no project is looked at for it."""
    server = make_server(make_workspace(Path("/nonexistent"), Config(), {}), **flags)
    async with Client(server, mode="legacy") as client:
        templates = await client.list_resource_templates()
        return {
            "instructions": server.instructions,
            "tools": [_plain(one) for one in (await client.list_tools()).tools],
            "resources": [_plain(one) for one in (await client.list_resources()).resources],
            "templates": [_plain(one) for one in templates.resource_templates],
            "prompts": [_plain(one) for one in (await client.list_prompts()).prompts],
        }


def whole_surface() -> str:
    """With every flag given."""
    found = asyncio.run(surface(allow_decisions=True, allow_apply=True, allow_samples=True))
    return json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _plain(one: Any) -> dict[str, Any]:
    found: dict[str, Any] = one.model_dump(mode="json", by_alias=True, exclude_none=True)
    return found


if __name__ == "__main__":
    FILE.write_text(whole_surface(), encoding="utf-8")
