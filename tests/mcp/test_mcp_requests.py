"""Requests that fit nothing the server offers are refused in its own way; no project is looked at for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_scene import MODES, Mode, refusal
from mcp_types import INVALID_PARAMS

from bravo_agent.config import Config
from bravo_agent.workspace import make_workspace
from mcp_server.server import BravoServer, make_server

pytestmark = pytest.mark.anyio


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> Mode:
    found: Mode = request.param
    return found


@pytest.fixture
def server(tmp_path: Path) -> BravoServer:
    return make_server(make_workspace(tmp_path, Config(), {}))


LISTS: tuple[Callable[[Client], Awaitable[Any]], ...] = (
    lambda client: client.list_tools(cursor="made-up"),
    lambda client: client.list_resources(cursor="made-up"),
    lambda client: client.list_resource_templates(cursor="made-up"),
    lambda client: client.list_prompts(cursor="made-up"),
)


@pytest.mark.parametrize("ask", LISTS, ids=["tools", "resources", "templates", "prompts"])
async def test_a_cursor_that_no_list_gave(
    server: BravoServer, mode: Mode, ask: Callable[[Client], Awaitable[Any]]
) -> None:
    async with Client(server, mode=mode) as client:
        with pytest.raises(MCPError) as caught:
            await ask(client)
        assert caught.value.code == INVALID_PARAMS


async def test_a_tool_that_is_not_there(server: BravoServer, mode: Mode) -> None:
    async with Client(server, mode=mode) as client:
        with pytest.raises(MCPError, match="tool-unknown") as caught:
            await client.call_tool("drop_everything", {})
        assert caught.value.code == INVALID_PARAMS
        assert "drop_everything" not in caught.value.message


async def test_arguments_that_do_not_fit(server: BravoServer, mode: Mode) -> None:
    async with Client(server, mode=mode) as client:
        for tool, arguments, place in (
            ("get_change", {}, "change_id: "),
            ("get_change", {"change_id": "s3cret; drop"}, "change_id: "),
            ("list_changes", {"limit": "s3cret"}, "limit: "),
        ):
            found = await refusal(client, tool, **arguments)
            assert (found["status"], found["code"]) == ("error", "arguments-invalid")
            assert found["details"][0].startswith(place)
            assert "s3cret" not in str(found)


async def test_an_argument_that_no_tool_has_is_not_dropped(server: BravoServer, mode: Mode) -> None:
    """An agent that asks for a dry run must not get a real one."""
    async with Client(server, mode=mode) as client:
        for tool, arguments in (
            ("apply_plan", {"plan": "0" * 64, "dry_run": True}),
            ("make_plan", {"dry_run": True}),
            (
                "record_decisions",
                {"answers": [], "dry_run": True, "consent": "given", "ctx": None, "call": 1},
            ),
        ):
            found = await refusal(client, tool, **arguments)
            assert (found["status"], found["code"]) == ("error", "arguments-invalid")
            assert "dry_run: is no argument of this tool" in found["details"]
            assert not set(arguments) & {"consent"} or len(found["details"]) == 4
        listed = (await client.list_tools()).tools
        assert all(one.input_schema["additionalProperties"] is False for one in listed)


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("s3cret", {}, "prompt-unknown"),
        ("decide_change", {}, "Give change_id."),
        ("review_changes", {"s3cret": "1"}, "no arguments"),
    ],
)
async def test_prompts_that_are_not_there(
    server: BravoServer, mode: Mode, name: str, arguments: dict[str, str], said: str
) -> None:
    async with Client(server, mode=mode) as client:
        with pytest.raises(MCPError, match=said) as caught:
            await client.get_prompt(name, arguments)
        assert caught.value.code == INVALID_PARAMS
        assert "s3cret" not in caught.value.message
