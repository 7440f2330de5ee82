"""Claude Code, run without a person and without a network: its model is a script, its home and settings are empty."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from instruments_kit import INSTALLED, Done, run
from loopback_model import NAME, Model

FOLDER = INSTALLED / "claude-code"
LONGEST = 128
"""What the Messages API takes as a name of a tool."""
_QUIET = ("DISABLE_TELEMETRY", "DISABLE_ERROR_REPORTING", "DISABLE_AUTOUPDATER",
          "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "IS_SANDBOX")  # fmt: skip
"""IS_SANDBOX: as root it refuses --dangerously-skip-permissions without it."""


@dataclass(frozen=True)
class Session:
    """What a run of the client told on its stdout."""

    done: Done

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.done.out.splitlines()]

    @property
    def start(self) -> dict[str, Any]:
        """Its first message: version, servers, tools, plugins."""
        return next(one for one in self.lines if one.get("subtype") == "init")

    @property
    def end(self) -> dict[str, Any]:
        """Its last message: how it ended, and what was denied."""
        return self.lines[-1]

    @property
    def denied(self) -> list[str]:
        """The tools that nobody permitted."""
        return [one["tool_name"] for one in self.end["permission_denials"]]


def client() -> Path:
    """The program itself: npm brings the one of this platform, and nothing of it is run at the installation."""
    [found] = FOLDER.glob("node_modules/@anthropic-ai/claude-code-*/claude")
    return found


def version() -> str:
    """The one that package.json pins."""
    pinned = json.loads((Path(__file__).parent / "claude-code" / "package.json").read_text(encoding="utf-8"))
    return str(pinned["dependencies"]["@anthropic-ai/claude-code"])


def play(
    model: Model,
    home: Path,
    project: Path,
    *arguments: str,
    servers: Mapping[str, Mapping[str, Any]] | None = None,
    **environ: str,
) -> Session:
    """The script, played to its end in the project's folder."""
    told = home / "servers.json"
    told.write_text(json.dumps({"mcpServers": servers or {}}), encoding="utf-8")
    done = run(
        (str(client()), "--print", "--output-format", "stream-json", "--verbose", "--model", NAME),
        *("--mcp-config", str(told), *arguments),
        home=home,
        cwd=project,
        stdin="Go on.",
        ANTHROPIC_BASE_URL=model.url,
        ANTHROPIC_API_KEY="not-a-key",
        ENABLE_TOOL_SEARCH="false",
        CLAUDE_CODE_MCP_STARTUP_WAIT_MS="60000",
        **dict.fromkeys(_QUIET, "1"),
        **environ,
    )
    assert done.code == 0, done
    session = Session(done)
    assert (session.end["subtype"], session.end["is_error"], session.end["result"]) == (
        "success",
        False,
        "Done.",
    )
    assert session.start["claude_code_version"] == version()
    return session
