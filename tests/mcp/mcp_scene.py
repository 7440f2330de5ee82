"""The example application with a production that has drifted: what the server is asked about."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psycopg
from click.testing import CliRunner
from mcp import Client
from mcp_types import CallToolResult

from bravo_agent.cli.main import group
from bravo_agent.usecases.demo import drift_script
from bravo_agent.workspace import Workspace, open_workspace
from mcp_server.server import BravoServer, make_server

Mode = Literal["auto", "legacy"]
MODES: tuple[Mode, ...] = ("auto", "legacy")
SECRET = "s3cret-that-no-output-may-show"


@dataclass(frozen=True)
class Scene:
    """One project with databases of its own."""

    project: Path
    source_uri: str
    database: str
    environ: Mapping[str, str]

    @property
    def workspace(self) -> Workspace:
        return open_workspace(self.project, self.environ)

    def server(self, **flags: Any) -> BravoServer:
        """A server in this process."""
        return make_server(self.workspace, **flags)

    def cli(self, *arguments: str, code: int = 0) -> Any:
        """The command's document."""
        done = CliRunner().invoke(
            group, [*arguments, "--json", "-C", str(self.project)], env=dict(self.environ)
        )
        assert done.exit_code == code, (done.stdout, done.stderr, done.exception)
        return json.loads(done.stdout)

    def outside(self, **more: str) -> dict[str, str]:
        """The environment of a process."""
        return {**os.environ, **self.environ, **more}

    def sql(self, script: str) -> None:
        with psycopg.connect(self.source_uri, autocommit=True) as connection:
            connection.execute(script.encode())

    def drift(self, *numbers: int) -> None:
        for number in numbers:
            self.sql(drift_script(self.project, number))

    def git(self, *arguments: str) -> str:
        own = ("-c", "user.name=Team", "-c", "user.email=team@example.com", "-c", "core.hooksPath=/dev/null")
        done = subprocess.run(
            ["git", "-C", str(self.project), *own, *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "work")

    def changed(self) -> set[str]:
        """Files that differ from the commit."""
        return {line[3:] for line in self.git("status", "--porcelain", "-uall").splitlines()}


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
