"""Calls that look tell how far they are, and stop at the next border once nobody waits for them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
from anyio import CapacityLimiter
from mcp import Client
from mcp.server.mcpserver import MCPServer
from mcp_scene import MODES, Mode, Scene, answer

from bravo_agent.config import Config
from bravo_agent.events import Event
from bravo_agent.workspace import make_workspace
from mcp_server._call import Call, Desk
from mcp_server._edge import edge
from mcp_server._results import Result
from mcp_server._tool import Tool
from mcp_server._works import Work
from mcp_server.consent import Allowed, Consent
from mcp_server.server import THREADS
from mcp_server.tools.cancel_run import KIND as CANCEL_RUN

pytestmark = pytest.mark.anyio
WAITED = 20


@dataclass
class Gate:
    """Notes what every work emits, and holds those up that come to ``stage``, until it is opened."""

    stage: str = ""
    events: list[Event] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    @property
    def stages(self) -> list[str]:
        """Of all events that have one, in their order."""
        return [one.stage for one in self.events if hasattr(one, "stage")]


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    made, noted = Gate(), Work._note

    def note(work: Work, event: Event) -> None:
        noted(work, event)
        made.events.append(event)
        made.works.append(work)
        if getattr(event, "stage", None) == made.stage:
            made.reached.set()
            assert made.opened.wait(WAITED)

    monkeypatch.setattr(Work, "_note", note)
    return made


async def reached(gate: Gate) -> None:
    """Waits in a thread."""
    assert await anyio.to_thread.run_sync(gate.reached.wait, WAITED)


@dataclass
class Heard:
    """What a client was told of a call."""

    told: list[float] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    async def __call__(self, progress: float, total: float | None, message: str | None) -> None:
        self.told.append(progress)
        self.messages.append(message or "")


@pytest.mark.parametrize("mode", MODES)
async def test_every_look_tells_how_far_it_is(
    planning: Scene, mode: Mode, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mcp_server._edge._BEAT", 0.01)
    calls: tuple[tuple[str, dict[str, Any], set[str]], ...] = (
        ("get_status", {}, {"doctor", "source", "models", "decide"}),
        ("list_changes", {}, {"source", "models", "evidence", "decide"}),
        ("preview_cascade", {}, {"source", "cascade", "artifacts"}),
        ("make_plan", {}, {"export", "models", "decide", "cascade", "artifacts"}),
        ("validate_target", {}, {"validate", "models", "decide"}),
    )
    # The other calls that look do it with the same function, and both eras tell it in the same way.
    for tool, arguments, stages in calls[1:2] if mode == "legacy" else (calls[0], *calls[2:]):
        heard = Heard()
        gate.events.clear()
        async with Client(planning.server(), mode=mode) as client:
            found = await client.call_tool(tool, arguments, progress_callback=heard)
        assert not found.is_error
        assert stages <= set(gate.stages), tool
        assert len(heard.told) >= 2, tool
        assert heard.told == sorted(set(heard.told)), tool
        assert not any("public." in one or "campaigns" in one for one in heard.messages), heard.messages


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("tool", "stage", "later"),
    [
        ("list_changes", "models", {"uses", "evidence", "decide"}),
        ("get_status", "evidence", {"decide"}),
        ("preview_cascade", "cascade", {"artifacts"}),
        ("make_plan", "evidence", {"decide", "cascade", "artifacts"}),
    ],
)
async def test_a_look_that_nobody_waits_for_stops_at_the_border(
    planning: Scene, mode: Mode, gate: Gate, tool: str, stage: str, later: set[str]
) -> None:
    gate.stage = stage
    async with Client(planning.server(), mode=mode) as client, anyio.create_task_group() as group:

        async def stop() -> None:
            await reached(gate)
            scope.cancel()
            with anyio.fail_after(WAITED):
                while not gate.works[-1].stop.is_set():
                    await anyio.sleep(0.01)
            gate.opened.set()

        group.start_soon(stop)
        with anyio.CancelScope() as scope:
            await client.call_tool(tool, {})
        assert scope.cancelled_caught
        work = gate.works[-1]
        with anyio.fail_after(WAITED):
            while not work.ended:
                await anyio.sleep(0.01)
        assert (work.state, work.error) == ("cancelled", "cancelled")
        # A cascade comes to its stage once for each change.
        assert gate.stages.count(stage) == 1
        assert not later & set(gate.stages)
        gate.stage = ""
        assert (await answer(client, "list_changes"))["total"] > 0


async def test_who_waited_for_a_look_that_was_stopped_gets_one(planning: Scene, gate: Gate) -> None:
    gate.stage = "models"
    answers: list[int] = []
    async with Client(planning.server()) as client, anyio.create_task_group() as group:

        async def wait() -> None:
            answers.append((await answer(client, "list_changes"))["total"])

        async def stop() -> None:
            await reached(gate)
            first = gate.works[-1]
            group.start_soon(wait)
            with anyio.fail_after(WAITED):
                while gate.works[-1] is first:
                    await anyio.sleep(0.01)
                scope.cancel()
                while not first.stop.is_set():
                    await anyio.sleep(0.01)
            gate.opened.set()

        group.start_soon(stop)
        with anyio.CancelScope() as scope:
            await client.call_tool("list_changes", {})
        assert scope.cancelled_caught
    assert answers
    assert answers[0] > 0


async def test_a_snapshot_that_is_here_is_verified_with_progress(
    planning: Scene, tmp_path: Path, gate: Gate
) -> None:
    scene = replace(planning, environ={**planning.environ, "BRAVO_SNAPSHOT_URI": str(tmp_path)})
    scene.json("snapshot", "upload")
    heard = Heard()
    async with Client(scene.server()) as client:
        found = await client.call_tool("fetch_snapshot", {}, progress_callback=heard)
        assert not found.is_error
        assert set(gate.stages) == {"verify"}
        assert len(gate.events) > 5
        assert heard.messages[-1].startswith("verify: ")
        gate.stage = "verify"
        seen = len(gate.events)
        async with anyio.create_task_group() as group:

            async def stop() -> None:
                await reached(gate)
                work = gate.works[-1]
                assert (await answer(client, "cancel_run", run_id=work.id))["status"] == "stopping"
                gate.opened.set()

            group.start_soon(stop)
            stopped = await client.call_tool("fetch_snapshot", {})
        assert stopped.is_error
        assert len(gate.events) == seen + 1


@pytest.mark.parametrize("mode", MODES)
async def test_whoever_waits_for_a_look_leaves_its_seat(planning: Scene, mode: Mode, gate: Gate) -> None:
    """More than the server has seats wait for one detection, or to be told of a cascade; others are answered."""
    gate.stage = "models"
    totals: list[int] = []
    async with Client(planning.server(), mode=mode) as client, anyio.create_task_group() as group:

        async def look(tool: str) -> None:
            totals.append((await answer(client, tool))["total"])

        group.start_soon(look, "list_changes")
        await reached(gate)
        for _ in range(THREADS):
            group.start_soon(look, "list_changes")
            group.start_soon(look, "preview_cascade")
        with anyio.move_on_after(0.3) as scope:
            await client.call_tool("list_changes", {})
        assert scope.cancelled_caught
        with anyio.fail_after(WAITED):
            while len({id(work) for work in gate.works}) < 2 * THREADS + 2:
                await anyio.sleep(0.01)
            assert (await answer(client, "list_versions"))["total"] > 0
            assert (await answer(client, "list_snapshots"))["total"] > 0
        assert not totals
        gate.opened.set()
    assert len(totals) == 2 * THREADS + 1
    # The first one, and one for all that asked after it had begun.
    assert gate.stages.count("source") == 3


# -- waiting for another call ---------------------------------------------------------------------------------


@dataclass
class Slow:
    """A tool that only one call at a time may carry out."""

    begun: int = 0
    most: int = 0
    at_work: int = 0
    opened: threading.Event = field(default_factory=threading.Event)

    def slow(self, call: Call) -> Result:
        """Holds its thread until it is let go."""
        self.begun += 1
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        assert self.opened.wait(WAITED)
        self.at_work -= 1
        return Result(status="done", next_steps=())


def quick(call: Call) -> Result:
    """Needs a thread of the eight."""
    return Result(status="quick", next_steps=())


@pytest.mark.parametrize("mode", MODES)
async def test_whoever_waits_holds_no_thread(
    tmp_path: Path, mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bravo.toml").write_text("")
    desk, slow = Desk(make_workspace(tmp_path, Config(), {}), Allowed()), Slow()

    def agreed(outcome: object) -> Consent:
        return "given"

    monkeypatch.setattr("mcp_server._edge.consent_of", agreed)
    server, threads = MCPServer[Any]("edge", log_level="WARNING"), CapacityLimiter(2)
    kinds = (
        Tool(slow.slow, "slow", long=True, alone=True, asks=lambda call: None),
        Tool(quick, "quick"),
        CANCEL_RUN,
    )
    for kind in kinds:
        server.add_tool(edge(kind, desk, threads), name=kind.name, structured_output=True)
    done: list[bool] = []
    async with Client(server, mode=mode) as client, anyio.create_task_group() as group:

        async def one() -> None:
            done.append((await client.call_tool("slow", {})).is_error)

        for _ in range(12):
            group.start_soon(one)
        with anyio.fail_after(WAITED):
            while len([work for work in desk.works.all() if work.state == "waiting"]) < 11 or not slow.begun:
                await anyio.sleep(0.01)
            assert (await answer(client, "quick"))["status"] == "quick"
            assert threads.borrowed_tokens == 1
            at_work, *waiting = desk.works.running()
            assert (at_work.state, {work.state for work in waiting}) == ("running", {"waiting"})
            for work in waiting[:3]:
                assert (await answer(client, "cancel_run", run_id=work.id))["state"] == "waiting"
            while len(done) < 3:
                await anyio.sleep(0.01)
        assert slow.begun == 1
        slow.opened.set()
    assert sorted(done) == [False] * 9 + [True] * 3
    assert (slow.begun, slow.most) == (9, 1)
    assert not desk.works.running()
