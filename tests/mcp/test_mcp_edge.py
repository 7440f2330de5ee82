"""The edge alone: threads that stop, exceptions that say nothing, results that are bounded."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import anyio
import pytest
from anyio import CapacityLimiter
from mcp import Client
from mcp.server.elicitation import AcceptedElicitation, ElicitationResult
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.resolve import Elicit, Resolve
from mcp_scene import MODES, Mode, answer, refusal
from mcp_types import ElicitResult
from pydantic import BaseModel

from bravo_agent.config import Config
from bravo_agent.errors import BlockedError
from bravo_agent.events import RowsDone, StepReached
from bravo_agent.workspace import make_workspace
from mcp_server._boundary import NOTICE
from mcp_server._call import Call, Desk
from mcp_server._edge import edge
from mcp_server._results import Result
from mcp_server._tool import Tool
from mcp_server.consent import Allowed
from mcp_server.tools.cancel_run import KIND as CANCEL_RUN

pytestmark = pytest.mark.anyio


def endless(call: Call) -> Result:
    """Emits until somebody stops it."""
    while True:
        call.work.emit(RowsDone("load", "public.a", 1))
        time.sleep(0.01)


def publishing(call: Call) -> Result:
    """Is asked to stop between two steps of a publish, and goes on."""
    call.work.stop.set()
    call.work.emit(StepReached("publish", "switch"))
    return Result(status="published", next_steps=())


def crash(call: Call) -> Result:
    """Fails with what nobody expected."""
    raise ValueError("row 7 holds s3cret")


def refuse(call: Call) -> Result:
    """Fails as told."""
    raise BlockedError("blocked", "no\u202e way <b>", hint="ask", details=("one",), where="x\ny")


def flood(call: Call) -> Result:
    """Answers too much."""
    return Result(status="x" * 60_000, next_steps=())


def secretly(call: Call) -> Result:
    """Needs a flag."""
    return Result(status="ran", next_steps=())


class Yes(BaseModel):
    """The form of a question."""

    agreed: bool = False


def question(ctx: Context) -> Elicit[Yes] | Yes:
    """Asked where the client can ask; else nobody agreed."""
    asks = ctx.client_capabilities and ctx.client_capabilities.elicitation
    return Elicit("Agreed?", Yes) if asks else Yes()


def asking(call: Call, answer: Annotated[ElicitationResult[Yes], Resolve(question)]) -> Result:
    """Does what a person agrees to."""
    agreed = isinstance(answer, AcceptedElicitation) and answer.data.agreed
    return Result(status="agreed" if agreed else "needs_confirmation", next_steps=())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "bravo.toml").write_text("")
    return Desk(make_workspace(tmp_path, Config(), {}), Allowed())


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> Mode:
    found: Mode = request.param
    return found


@pytest.fixture
def server(desk: Desk) -> Iterator[MCPServer[Any]]:
    made = MCPServer[Any]("edge", log_level="WARNING")
    works = (endless, publishing, crash, refuse, flood, asking)
    kinds = [Tool(work, work.__name__, long=True) for work in works]
    for kind in (*kinds, Tool(secretly, "secretly", needs="apply"), CANCEL_RUN):
        made.add_tool(edge(kind, desk, CapacityLimiter(2)), name=kind.name, structured_output=True)
    yield made
    assert not desk.works.running()


async def test_a_client_that_gives_up_stops_the_work(server: MCPServer[Any], desk: Desk, mode: Mode) -> None:
    async with Client(server, mode=mode) as client:
        with anyio.move_on_after(0.5) as scope:
            await client.call_tool("endless", {})
        assert scope.cancelled_caught
        with anyio.fail_after(5):
            while desk.works.running():
                await anyio.sleep(0.01)
        [work] = desk.works.all()
        assert (work.state, work.error) == ("cancelled", "cancelled")
        assert work.rows > 0


async def test_cancel_run_stops_it_and_its_own_call_says_so(
    server: MCPServer[Any], desk: Desk, mode: Mode
) -> None:
    heard: list[str | None] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append(message)

    async with Client(server, mode=mode) as client, anyio.create_task_group() as group:

        async def stop() -> None:
            while not heard:
                await anyio.sleep(0.01)
            [work] = desk.works.running()
            assert (await answer(client, "cancel_run", run_id=work.id))["status"] == "stopping"

        group.start_soon(stop)
        found = await client.call_tool("endless", {}, progress_callback=hear)
        assert found.is_error
        again = await answer(client, "cancel_run", run_id=desk.works.all()[0].id)
        assert (again["status"], again["state"]) == ("not-running", "cancelled")
    assert all(message and message.startswith("load: ") and "public" not in message for message in heard)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (ElicitResult(action="accept", content={"agreed": True}), "agreed"),
        (ElicitResult(action="accept", content={"agreed": False}), "needs_confirmation"),
        (ElicitResult(action="decline"), "needs_confirmation"),
        (ElicitResult(action="cancel"), "needs_confirmation"),
        (None, "needs_confirmation"),
    ],
)
async def test_a_question_goes_through_the_edge(
    server: MCPServer[Any], mode: Mode, said: ElicitResult | None, status: str
) -> None:
    async def ask(context: Any, parameters: Any) -> ElicitResult:
        assert said is not None
        return said

    async with Client(server, mode=mode, elicitation_callback=ask if said else None) as client:
        assert (await answer(client, "asking"))["status"] == status


async def test_errors(
    server: MCPServer[Any], desk: Desk, mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    async with Client(server, mode=mode) as client:
        crashed = await refusal(client, "crash")
        assert (crashed["code"], "ValueError" in crashed["message"]) == ("internal", True)
        told = await refusal(client, "refuse")
        assert told == {
            "status": "error",
            "code": "blocked",
            "message": "no way <b>",
            "hint": "ask",
            "retryable": False,
            "where": "x y",
            "details": ["one"],
            "notice": NOTICE,
        }
        assert (await refusal(client, "flood"))["code"] == "result-too-long"
        refused = await refusal(client, "secretly")
        assert (refused["code"], "--allow-apply" in refused["message"]) == ("not-allowed", True)
        assert (await answer(client, "publishing"))["status"] == "published"
    assert [work.state for work in desk.works.all()] == ["done", "failed", "failed", "failed"]
    assert "s3cret" not in caplog.text + repr(crashed)
