"""Claude Code itself, with a script in place of the model: what reaches the model, and what nobody permitted.

It is no free software and big, so that it is installed by itself: `make claude-code`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from claude_code import FOLDER, LONGEST, play
from instruments_kit import ALL_ALLOWED, HERE, Stdio, stdio_of
from loopback_model import Got, Step, Use, scripted
from mcp import Client
from mcp_scene import Scene, answer

from bravo_agent.usecases.versions import list_versions
from mcp_server.server import INSTRUCTIONS, tools

pytestmark = pytest.mark.instruments

PLUGIN = HERE.parents[2] / "examples" / "claude-code-plugin"
OURS = "mcp__bravo-agent__"
PLUGINS = "mcp__plugin_bravo-agent_bravo-agent__"


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


UP_TO_THE_DEED = (uses("list_changes"), look_at_the_first, answer_it, uses("make_plan"), apply_it)
THE_DEEDS = [OURS + "record_decisions", OURS + "apply_plan"]


def entry(stdio: Stdio) -> dict[str, Any]:
    """The server as a client's settings name it, with every flag."""
    return python(*stdio.arguments, *ALL_ALLOWED, **stdio.environ)


def python(*arguments: str, **environ: str) -> dict[str, Any]:
    return {"type": "stdio", "command": sys.executable, "args": arguments, "env": environ}


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
    assert session.start["mcp_servers"] == [
        {"name": "bravo-agent", "status": "connected", "source": "dynamic"}
    ]
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


@pytest.mark.parametrize(
    "permitted",
    [
        ("--allowedTools", "mcp__bravo-agent"),
        ("--allowedTools", "mcp__bravo-agent", *THE_DEEDS),
        ("--dangerously-skip-permissions",),
        ("--allowedTools", "mcp__bravo-agent", "--permission-prompt-tool", "mcp__permitting__permit"),
    ],
    ids=["the-server", "these-tools", "everything", "by-a-host"],
)
def test_a_standing_permission_is_no_person(scene: Scene, home: Path, permitted: Sequence[str]) -> None:
    """What needs a person does not even get to the server, whatever was permitted once and for all."""
    scene.drift(1)
    before = scene.changed()
    servers = {
        "bravo-agent": entry(stdio_of(scene)),
        "permitting": python(str(HERE / "permitting_server.py")),
    }
    with scripted(*UP_TO_THE_DEED) as model:
        session = play(model, home, scene.project, "--strict-mcp-config", *permitted, servers=servers)
    assert session.denied == THE_DEEDS
    assert [one.error for one in model.got] == [False, False, True, False, True]
    for one in model.got:
        assert not one.error or "requires" in one.text
    assert list_versions(scene.workspace) == ()
    assert (scene.workspace.decisions(), scene.changed()) == ((), before)


def test_nobody_answers_the_servers_question(scene: Scene, home: Path) -> None:
    """The same calls, where nothing but the server's own question stands between them and the deed."""
    scene.drift(1)
    before = scene.changed()
    stdio = stdio_of(scene)
    unmarked = python(str(HERE / "unmarked_server.py"), *stdio.arguments[2:], *ALL_ALLOWED, **stdio.environ)
    with scripted(*UP_TO_THE_DEED) as model:
        session = play(
            model,
            home,
            scene.project,
            *("--strict-mcp-config", "--allowedTools", "mcp__bravo-agent"),
            servers={"bravo-agent": unmarked},
        )
    assert session.denied == []
    recorded, made, applied = (one.document for one in model.got[2:])
    assert (recorded["status"], applied["status"]) == ("needs_confirmation", "needs_confirmation")
    # The client says that it can ask, and cancels: it is not taken for one that cannot, nor for a person's no.
    for one in (recorded, applied):
        assert one["next_steps"][0].startswith("nobody answered the question")
    assert applied["command"] == f"bravo-agent apply {made['plan']}"
    (proposal,) = scene.workspace.decisions()
    assert (proposal.status, proposal.decided_by, proposal.via) == ("proposed", "model", "mcp")
    assert "claude-code" in str(proposal.model)
    assert list_versions(scene.workspace) == ()
    assert scene.changed() == {*before, "bravo.decisions.json"}


def test_the_plugin(drifted: Scene, home: Path) -> None:
    """It brings the server as its reader's shell would start it, and the skill."""
    skill = (PLUGIN / "skills" / "bravo-agent" / "SKILL.md").read_text(encoding="utf-8")
    shell = {**stdio_of(drifted).environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with scripted(
        lambda _: Use(PLUGINS + "get_status"), lambda _: Use("Skill", {"skill": "bravo-agent:bravo-agent"})
    ) as model:
        session = play(
            model,
            home,
            drifted.project,
            *("--plugin-dir", str(PLUGIN), "--allowedTools", PLUGINS.removesuffix("__"), "Skill"),
            **shell,
        )
    assert str(PLUGIN) in [one["path"] for one in session.start["plugins"]]
    offered = {name for name in model.tools if name.startswith("mcp__")}
    assert offered == {PLUGINS + name for name, kind in tools().items() if kind.needs is None}
    assert max(map(len, offered)) < LONGEST
    status = model.got[0].document
    assert (status["status"], status["allowed"]) == ("blocked", [])
    assert INSTRUCTIONS.strip() in model.told
    assert skill.split("---\n", 2)[2].strip() in model.told
    assert session.denied == []
