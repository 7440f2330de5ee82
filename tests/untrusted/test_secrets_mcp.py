"""No tool, resource or prompt tells a secret, nor do the errors and the log of the server."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.types import ElicitResult
from secrets_corpus import SIGN, Leaks, shared_places, sources, targets
from untrusted_scene import Scene

from mcp_server.server import make_server, tools

_READING = ("get_status", "list_changes", "list_versions", "list_snapshots")
_CHANGE = {"change_id": "0123456789ab"}
# What each tool is called with where its arguments are demanded; {} for the others.
_ARGUMENTS: dict[str, dict[str, Any]] = {
    "get_change": _CHANGE,
    "sample_values": _CHANGE,
    "draft_transform": {**_CHANGE, "code": "def transform(value):\n    return value\n"},
    "approve_transform": {**_CHANGE, "sha256": "0" * 64},
    "record_decisions": {"answers": [{**_CHANGE, "option": "ignore"}]},
    "apply_plan": {"plan": "0" * 64},
    "rollback_version": {"version": "2020-01-01-001", "current": "2020-01-02-001"},
    "cancel_run": {"run_id": "make_plan-1"},
}


async def _person(context: Any, params: Any) -> ElicitResult:
    return ElicitResult(action="accept", content={"confirm": True})


def _all_said(scene: Scene, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(name, everything that was said) of the tools, and of every resource and prompt."""

    async def run() -> list[tuple[str, str]]:
        server = make_server(scene.workspace, allow_decisions=True, allow_apply=True, allow_samples=True)
        async with Client(server, elicitation_callback=_person) as client:
            said = []
            for name in names:
                said.append((name, await _tool(client, name, arguments.get(name, {}))))
                if name == "make_plan" and (made := re.search(r'"plan":"([0-9a-f]{64})"', said[-1][1])):
                    arguments["apply_plan"] = {"plan": made[1]}
            for one in (await client.list_resources()).resources if len(names) > len(_READING) else ():
                said.append((str(one.uri), await _tried(client.read_resource(str(one.uri)))))
            for name, given in (("review_changes", {}), ("decide_change", _CHANGE), ("explain_run", {})):
                said.append((name, await _tried(client.get_prompt(name, given))))
            return said

    arguments = dict(_ARGUMENTS)
    changes = scene.json("detect", code=None).get("changes", ())
    if found := next((one["id"] for one in changes if one["state"] == "open"), None):
        arguments = json.loads(json.dumps(arguments).replace(_CHANGE["change_id"], found))
    yield from anyio.run(run)


async def _tool(client: Client, name: str, arguments: dict[str, Any]) -> str:
    return (await client.call_tool(name, arguments)).model_dump_json()


async def _tried(answer: Any) -> str:
    try:
        return str((await answer).model_dump_json())
    except Exception as error:
        return f"{type(error).__name__} {error} {getattr(error, 'error', '')}"


def test_no_tool_tells_one_where_all_works(
    production: Scene, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Drivers look for what is theirs in the process's own environment.
    for name, value in production.environ.items():
        monkeypatch.setenv(name, value)
    caplog.set_level(logging.INFO)
    leaks = Leaks(production.environ["AWS_SECRET_ACCESS_KEY"])
    production.sql("alter table people add if not exists phone text not null default 'x'")
    production.sql("alter table people alter phone drop default")
    said = dict(_all_said(production, ("make_plan", *sorted(tools()), "apply_plan")))
    assert set(tools()) <= set(said)
    for name, text in said.items():
        leaks.search(name, text)
    leaks.search("log", caplog.text)
    leaks.search_tree(production.project)
    leaks.search_target(production.environ["BRAVO_TARGET_URI"], production.database)
    assert leaks.found == []
    for name in ("get_status", "get_change", "apply_plan", "validate_target", "list_snapshots"):
        assert '"is_error":false' in said[name], (name, said[name])


@pytest.mark.slow
def test_no_tool_tells_one_where_a_server_fails(production: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    leaks = Leaks(production.environ["AWS_SECRET_ACCESS_KEY"])
    at = urlsplit(production.source_uri)
    assert at.hostname
    assert at.port
    assert at.username
    wrong = [
        *(
            ({"BRAVO_SOURCE_URI": uri}, n)
            for n, uri in sources(at.hostname, at.port, at.username, at.path[1:])
        ),
        *(({"BRAVO_TARGET_URI": uri}, n) for n, uri in targets(production.environ["BRAVO_TARGET_URI"])),
        *((environ, n) for n, environ in shared_places(production.environ)),
    ]
    for environ, name in wrong:
        scene = replace(production, environ={**production.environ, **environ})
        for tool, text in _all_said(scene, _READING):
            leaks.search((name, tool), text)
    leaks.search("log", caplog.text)
    assert leaks.found == []


def test_a_server_of_its_own_says_none_on_stderr(production: Scene, tmp_path: Path) -> None:
    errors = tmp_path / "stderr"
    uri = f"postgresql://u:x@{SIGN}@127.0.0.1:1/d"
    target = f"mongodb://me:{SIGN}@127.0.0.1:1/?serverSelectionTimeoutMS=200"
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "mcp_server", "-C", str(production.project)],
        env=production.outside(BRAVO_SOURCE_URI=uri, BRAVO_TARGET_URI=target, BRAVO_DEBUG="1"),
    )
    said: list[str] = []

    async def run(log: Any) -> None:
        async with Client(stdio_client(parameters, errlog=log)) as client:
            for tool in (
                "get_status",
                "list_changes",
                "list_versions",
                "get_run",
                "make_plan",
                "validate_target",
            ):
                said.append(await _tool(client, tool, {}))
            said.append(await _tried(client.read_resource("bravo://changes")))
            said.append(await _tried(client.get_prompt("review_changes", {})))

    with errors.open("w") as log:
        anyio.run(run, log)
    leaks = Leaks()
    leaks.search("stdio", *said, errors.read_text())
    assert leaks.found == []
    assert "source-unreachable" in "".join(said)
    assert "target-unreachable" in "".join(said)
