"""The entry in .mcp.json, and the plugin: what is handed to a coding agent."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bravo_agent.config import Config
from bravo_agent.errors import UsageError
from bravo_agent.usecases.mcp_install import install_server
from bravo_agent.workspace import Workspace, make_workspace

PLUGIN = Path(__file__).parents[2] / "examples" / "claude-code-plugin"
ENTRY = {"type": "stdio", "command": "bravo-agent", "args": ["mcp"]}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path, Config(), {})


def test_it_writes_an_entry_once(workspace: Workspace, tmp_path: Path) -> None:
    assert install_server(workspace).status == "written"
    file = tmp_path / ".mcp.json"
    assert json.loads(file.read_text()) == {"mcpServers": {"bravo-agent": ENTRY}}
    before = file.stat().st_mtime_ns
    assert install_server(workspace).status == "already-there"
    assert install_server(workspace, decisions=True).status == "kept"
    assert file.stat().st_mtime_ns == before


def test_it_keeps_what_others_have_there(workspace: Workspace, tmp_path: Path) -> None:
    other = {"command": "x", "env": {"A": "ü"}}
    (tmp_path / ".mcp.json").write_text(json.dumps({"z": 1, "mcpServers": {"other": other}}))
    install_server(workspace, decisions=True, apply=True)
    found = json.loads((tmp_path / ".mcp.json").read_text())
    assert found["z"] == 1
    assert found["mcpServers"]["other"] == other
    assert found["mcpServers"]["bravo-agent"]["args"] == ["mcp", "--allow-decisions", "--allow-apply"]


@pytest.mark.parametrize("text", ["{", "[]", '{"mcpServers": []}', "\xff"])
def test_it_leaves_what_it_cannot_read(workspace: Workspace, tmp_path: Path, text: str) -> None:
    (tmp_path / ".mcp.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match="file-unreadable"):
        install_server(workspace)
    assert (tmp_path / ".mcp.json").read_bytes() == text.encode("latin-1")


def test_the_plugin_is_whole_and_holds_no_secret() -> None:
    plugin = json.loads((PLUGIN / ".claude-plugin" / "plugin.json").read_text())
    assert re.fullmatch(r"[a-z][a-z0-9-]*", plugin["name"])
    assert plugin["version"]
    assert json.loads((PLUGIN / ".mcp.json").read_text()) == {"mcpServers": {"bravo-agent": ENTRY}}
    skill = (PLUGIN / "skills" / "bravo-agent" / "SKILL.md").read_text()
    assert skill.startswith("---\nname: bravo-agent\ndescription: ")
    texts = [path.read_text() for path in PLUGIN.rglob("*") if path.is_file()]
    assert not any(re.search(r"://[^\s/]*@|_URI=|TOKEN=|KEY=", text) for text in texts)


def test_the_skill_names_tools_that_are_there() -> None:
    from mcp_server.server import tools

    skill = (PLUGIN / "skills" / "bravo-agent" / "SKILL.md").read_text()
    named = set(re.findall(r"`([a-z]+_[a-z_]+)`", skill))
    assert named <= set(tools())
