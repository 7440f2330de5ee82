"""The server's entry in a project's .mcp.json, where coding agents look for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bravo_agent.errors import UsageError
from bravo_agent.workspace import Workspace, write_text

FILE = ".mcp.json"
NAME = "bravo-agent"


@dataclass(frozen=True)
class Installed:
    """``kept``: an entry of that name says something else, and stays as it is."""

    status: Literal["written", "already-there", "kept"]
    file: str
    note: str = ""


def install_server(workspace: Workspace, *, decisions: bool = False, apply: bool = False) -> Installed:
    """Writes the entry, keeps all others; no secret stands in it: the server reads the environment it is started in.

    Raises ``UsageError`` ``file-unreadable``.
    """
    path = workspace.project / FILE
    document = _read(path)
    servers = document.setdefault("mcpServers", {})
    if not isinstance(servers, dict):
        raise _unreadable(path)
    wanted = _entry(decisions=decisions, apply=apply)
    if NAME in servers:
        if servers[NAME] == wanted:
            return Installed("already-there", FILE)
        return Installed(
            "kept", FILE, f"the entry {NAME} says something else; remove it to have it written anew"
        )
    servers[NAME] = wanted
    write_text(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    return Installed(
        "written", FILE, "commit it; the agent asks each developer once before it starts the server"
    )


def _entry(*, decisions: bool, apply: bool) -> dict[str, Any]:
    flags = [*(["--allow-decisions"] if decisions else []), *(["--allow-apply"] if apply else [])]
    return {"type": "stdio", "command": "bravo-agent", "args": ["mcp", *flags]}


def _read(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError):
        raise _unreadable(path) from None
    if not isinstance(found, dict):
        raise _unreadable(path)
    return found


def _unreadable(path: Path) -> UsageError:
    return UsageError(
        "file-unreadable",
        f"{path.name} is not a file of MCP servers",
        hint="Mend it or move it away; nothing was written.",
        where=str(path),
    )
