"""Claude Code itself, with a script in place of the model: what reaches the model, and what nobody permitted.

It is no free software and big, so that it is installed by itself: `make claude-code`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from claude_code import FOLDER, LONGEST, play
from instruments_kit import ALL_ALLOWED, HERE, Stdio
from loopback_model import Got, Step, Use, scripted
from mcp import Client
from mcp_scene import Scene, answer

from mcp_server.server import INSTRUCTIONS, tools

pytestmark = pytest.mark.instruments

PLUGIN = HERE.parents[2] / "examples" / "claude-code-plugin"
OURS = "mcp__bravo-agent__"
PERSONS = tuple(name for name, kind in tools().items() if kind.person)
"""The tools that need a person."""


@pytest.fixture(scope="session", autouse=True)
def _installed() -> None:
    """In place of the other instruments, which this one does not need."""
    if not (FOLDER / ".installed").exists():
        pytest.skip("Claude Code is not installed: make claude-code")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    return made


def uses(name: str, **arguments: Any) -> Step:
    """A call of a tool of ours, whatever came before."""
    return lambda _: Use(OURS + name, arguments)


def found(got: Sequence[Got], key: str) -> Any:
    """What the last result that has such a key says."""
    return next(one.document[key] for one in reversed(got) if key in one.document)


def look_at_the_first(got: Sequence[Got]) -> Use:
    return Use(OURS + "get_change", {"change_id": found(got, "changes")[0]["id"]})


def answer_it(got: Sequence[Got]) -> Use:
    """With the first of its options that takes no parameters."""
    option = next(one["name"] for one in found(got, "options") if not one["params"])
    return Use(OURS + "record_decisions", {"answers": [{"change_id": found(got, "id"), "option": option}]})


def apply_it(got: Sequence[Got]) -> Use:
    return Use(OURS + "apply_plan", {"plan": found(got, "plan")})


def entry(stdio: Stdio) -> dict[str, Any]:
    """The server as a client's settings name it, with every flag."""
    return {
        "type": "stdio",
        "command": sys.executable,
        "args": [*stdio.arguments, *ALL_ALLOWED],
        "env": stdio.environ,
    }


@pytest.mark.anyio
async def test_what_reaches_the_model(drifted: Scene, stdio: Stdio, home: Path) -> None:
    steps = (uses("get_status"), uses("list_changes", limit=200), look_at_the_first)
    with scripted(*steps) as model:
        session = play(
            model,
            home,
            drifted.project,
            *("--strict-mcp-config", "--allowedTools", "mcp__bravo-agent"),
            servers={"bravo-agent": entry(stdio)},
        )
    assert session.start["mcp_servers"] == [{"name": "bravo-agent", "status": "connected", "source": "dynamic"}]
    offered = {name for name in model.tools if name.startswith("mcp__")}
    assert offered == {OURS + name for name in tools()}
    assert max(map(len, offered)) < LONGEST
    for name, kind in tools().items():
        assert model.tools[OURS + name]["description"] == kind.description
    assert INSTRUCTIONS.strip() in model.told
    status, changes, change = model.got
    assert [one.error for one in model.got] == [False] * 3
    assert status.document["allowed"] == list(ALL_ALLOWED)
    async with Client(drifted.server(), mode="legacy") as client:
        assert changes.document == await answer(client, "list_changes", limit=200)
    assert change.document["id"] == changes.document["changes"][0]["id"]
    assert session.denied == []
