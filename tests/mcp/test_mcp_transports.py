"""The server in a process of its own: on stdio, and over HTTP on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import AsyncExitStack

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_scene import MODES, Mode, Scene, answer, refusal
from mcp_serving import CLI, MODULE, TOKEN, serving
from runs_fixtures import MASK_KEY

from bravo_agent.errors import BravoError
from mcp_server.http import loopback, token_of


@pytest.mark.anyio
@pytest.mark.parametrize(("start", "mode"), [(CLI, "legacy"), (MODULE, "auto")], ids=["command", "module"])
async def test_stdio(drifted: Scene, mode: Mode, start: tuple[str, ...]) -> None:
    parameters = StdioServerParameters(
        command=sys.executable, args=[*start, "-C", str(drifted.project)], env=drifted.outside()
    )
    async with Client(stdio_client(parameters), mode=mode) as client:
        assert (await answer(client, "get_status"))["status"] in ("open", "blocked")
        [change, *_] = (await answer(client, "list_changes"))["changes"]
        assert (await answer(client, "get_change", change_id=change["id"]))["id"] == change["id"]
        assert (await refusal(client, "sample_values", change_id=change["id"]))["code"] == "not-allowed"


def test_stdout_holds_the_protocol_alone(drifted: Scene) -> None:
    ask = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "t", "version": "1"},
        },
    }
    done = subprocess.run(
        [sys.executable, *CLI, "-C", str(drifted.project)],
        env=drifted.outside(),
        input=json.dumps(ask) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    [line] = done.stdout.splitlines()
    assert json.loads(line)["result"]["serverInfo"]["name"] == "bravo-agent"
    assert MASK_KEY not in done.stdout + done.stderr


@pytest.mark.anyio
async def test_http(drifted: Scene) -> None:
    """Two hundred calls at once, half of them in each era of the protocol."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with serving(drifted, BRAVO_MCP_TOKEN=TOKEN) as (url, _):
        async with AsyncExitStack() as stack:
            clients = []
            for mode in MODES:
                http = await stack.enter_async_context(httpx2.AsyncClient(headers=headers, timeout=60))
                transport = streamable_http_client(url, http_client=http)
                client = await stack.enter_async_context(Client(transport, mode=mode))
                assert (await answer(client, "list_changes"))["total"] > 5
                contents = (await client.read_resource("bravo://run/latest")).contents
                assert json.loads(contents[0].text)["status"] == "finished"  # type: ignore[union-attr]
                clients.append(client)
            async with anyio.create_task_group() as group:
                for number in range(200):
                    group.start_soon(answer, clients[number % 2], "list_changes")


def test_http_lets_in_nobody_else(drifted: Scene) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    with serving(drifted, BRAVO_MCP_TOKEN=TOKEN) as (url, _), httpx2.Client() as http:
        accept = {"Accept": "application/json, text/event-stream"}

        def post(**headers: str) -> int:
            return http.post(url, json=body, headers={**accept, **headers}).status_code

        assert post() == post(Authorization="Bearer wrong") == post(Authorization=TOKEN) == 401
        bearer = f"Bearer {TOKEN}"
        assert post(Authorization=bearer, Host="evil.example:80") == 421
        assert post(Authorization=bearer, Origin="http://evil.example") == 403


def test_a_token_is_made_where_none_is_given(drifted: Scene) -> None:
    with serving(drifted, BRAVO_MCP_TOKEN="") as (url, started):
        assert started.stderr is not None
        token = started.stderr.readline().rpartition(" ")[2].strip()
        headers = {"Authorization": f"Bearer {token}"}
        assert len(token) > 30
        assert httpx2.post(url, json={}, headers=headers).status_code != 401


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("0.0.0.0:80", "host-not-loopback"),
        ("192.168.1.2:80", "host-not-loopback"),
        ("example.com:80", "host-not-loopback"),
        ("localhost.evil.example:80", "host-not-loopback"),
        ("127.0.0.1", "http-address-invalid"),
        ("127.0.0.1:99999", "http-address-invalid"),
    ],
)
def test_it_listens_on_this_machine_alone(address: str, code: str) -> None:
    with pytest.raises(BravoError) as caught:
        loopback(address)
    assert caught.value.code == code


def test_addresses_and_tokens_that_are_fine() -> None:
    assert loopback("127.0.0.1:8765") == ("127.0.0.1", 8765)
    assert loopback("[::1]:1") == ("::1", 1)
    assert loopback("localhost:0") == ("localhost", 0)
    assert token_of({"BRAVO_MCP_TOKEN": TOKEN}) == (TOKEN, False)
    assert token_of({})[0] != token_of({})[0]
    with pytest.raises(BravoError, match="token-too-short"):
        token_of({"BRAVO_MCP_TOKEN": "short"})
