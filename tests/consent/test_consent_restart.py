"""The server dies in the middle of the work: whoever comes back to another one finds out what became of it."""

from __future__ import annotations

import signal
import sys
import time
from dataclasses import dataclass

import anyio
import psutil
import pytest
from consent_scene import MODES, Person, call, serve, workspace
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters, stdio_client
from runs_scene import Scene

from bravo_agent.usecases.plan import plan
from bravo_agent.usecases.versions import list_versions

WORDS = ("--allow-apply",)


@dataclass
class Victim:
    """The server in a process of its own, which is killed once a version is being built."""

    scene: Scene

    def parameters(self) -> StdioServerParameters:
        words = ["-m", "mcp_server", "-C", str(self.scene.project), *WORDS]
        return StdioServerParameters(command=sys.executable, args=words, env=self.scene.outside())

    def kill(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with self.scene.client() as client:
                found = client[self.scene.database]["_bravo_versions"].find_one({"state": "building"})
            if found:
                break
            time.sleep(0.01)
        (server,) = (
            one for one in psutil.Process().children() if str(self.scene.project) in " ".join(one.cmdline())
        )
        server.send_signal(signal.SIGKILL)


@pytest.mark.parametrize("mode", MODES)
def test_killed_while_it_applied(scene: Scene, mode: str) -> None:
    hash_, victim = plan(workspace(scene)).plan.hash, Victim(scene)

    async def die() -> None:
        async with (
            Client(
                stdio_client(victim.parameters()),
                mode=mode,
                elicitation_callback=Person(),
                read_timeout_seconds=60,
            ) as client,
            anyio.create_task_group() as group,
        ):
            group.start_soon(anyio.to_thread.run_sync, victim.kill)
            with pytest.raises(MCPError):
                await client.call_tool("apply_plan", {"plan": hash_})

    anyio.run(die)
    assert [one.state for one in list_versions(workspace(scene))] == ["building"]
    assert scene.documents() == {}
    person = Person()
    told = call(serve(scene), "get_plan", mode=mode, plan=hash_)
    assert told["status"] == "interrupted"
    assert any("apply_plan with the whole hash" in step for step in told["next_steps"])
    done = call(serve(scene), "apply_plan", mode=mode, person=person, plan=hash_)
    assert (done["status"], len(person.asked)) == ("applied", 1)
    assert [one.state for one in list_versions(workspace(scene))] == ["published"]
    assert scene.json("validate")


def test_a_start_without_flags_offers_nothing_that_writes(scene: Scene) -> None:
    """As ``bravo-agent mcp`` without a word is started."""

    async def names(*words: str) -> set[str]:
        command = [
            "-c",
            "from bravo_agent.cli.main import main; main()",
            "mcp",
            "-C",
            str(scene.project),
            *words,
        ]
        started = StdioServerParameters(command=sys.executable, args=command, env=scene.outside())
        async with Client(stdio_client(started)) as client:
            return {one.name for one in (await client.list_tools()).tools}

    offered: dict[str, set[str]] = {}

    async def all_at_once() -> None:
        async def one(*words: str) -> None:
            offered["".join(words)] = await names(*words)

        async with anyio.create_task_group() as group:
            for words in ((), ("--allow-decisions",), ("--allow-apply",)):
                group.start_soon(one, *words)

    anyio.run(all_at_once)
    plain, decides, applies = (offered[word] for word in ("", "--allow-decisions", "--allow-apply"))
    assert decides - plain == {"record_decisions", "draft_transform", "approve_transform"}
    assert applies - plain == {"apply_plan", "rollback_version"}
    assert plain == decides & applies
