"""The whole decision loop through MCP: both transports, both eras of the protocol, the real servers."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from decimal import Decimal
from pathlib import Path

import anyio
import httpx2
import pytest
from loop_play import CENTS, FUNCTION, Person, Play, play
from loop_transcript import Transcript, comparable
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import Implementation
from runs_scene import Documents, Scene

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mcp-transcript.md"
FLAGS = ("--allow-decisions", "--allow-apply")
AGENT = Implementation(name="an-agent", version="1")
TOKEN = "a-token-of-this-very-test"


@pytest.fixture
def drifted(scene: Scene) -> Scene:
    """Published once; then a rename, a required column, a finer number, bids in cents, and a snapshot of that."""
    scene.json("--auto")
    scene.commit()
    scene.drift(2, 3, 4)
    scene.sql(CENTS)
    scene.json("snapshot", "export")
    return scene


@asynccontextmanager
async def on_stdio(scene: Scene, mode: str, person: Person) -> AsyncIterator[Client]:
    """``python -m mcp_server`` as a client starts it."""
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "mcp_server", "-C", str(scene.project), *FLAGS],
        env=scene.outside(),
    )
    async with Client(
        stdio_client(parameters), mode=mode, elicitation_callback=person, client_info=AGENT
    ) as client:
        yield client


@contextmanager
def serving(scene: Scene) -> Iterator[str]:
    """The address of a server in a process of its own."""
    words = ("-m", "mcp_server", "-C", str(scene.project), "--http", "127.0.0.1:0", *FLAGS)
    started = subprocess.Popen(
        [sys.executable, *words], env=scene.outside(BRAVO_MCP_TOKEN=TOKEN), stderr=subprocess.PIPE, text=True
    )
    assert started.stderr is not None
    try:
        found = re.search(r"http://\S+", started.stderr.readline())
        assert found
        yield found[0]
    finally:
        started.send_signal(signal.SIGTERM)
        started.communicate(timeout=30)


@asynccontextmanager
async def on_http(scene: Scene, mode: str, person: Person) -> AsyncIterator[Client]:
    """The same over streamable HTTP."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with serving(scene) as url:
        async with (
            httpx2.AsyncClient(headers=headers, timeout=120) as http,
            Client(
                streamable_http_client(url, http_client=http),
                mode=mode,
                elicitation_callback=person,
                client_info=AGENT,
            ) as client,
        ):
            yield client


def played(scene: Scene, transport: str, mode: str) -> Play:
    """The whole play, every step of it held against what it says."""
    production = scene.source_uri.rpartition("/")[2]
    names = {
        str(scene.project): "/home/tester/campaigns",
        scene.database: "bravo-1",
        production: "production",
    }
    transcript = Transcript(names)
    person = Person(transcript)

    async def run() -> Play:
        way = on_stdio if transport == "stdio" else on_http
        async with way(scene, mode, person) as client:
            to = Play(client, person, transcript)
            await play(to)
            return to

    return anyio.run(run)


def holds(scene: Scene, to: Play, before: Documents) -> None:
    """What is there in the end: answers that somebody stands behind, the audit, the code, the data."""
    recorded = json.loads((scene.project / "bravo.decisions.json").read_text())["decisions"]
    assert {one["kind"]: one["option"] for one in recorded} == {
        "renamed_field": "rename",
        "new_field": "default",
        "precision_change": "follow",
        "type_change": "custom",
    }
    for one in recorded:
        whose = (one["decided_by"], one["via"], one["status"], one["who"], one["model"])
        assert whose == ("person", "elicitation", "accepted", "tester", AGENT.name)
        assert one["decided_at"]
        assert one["rationale"]
    assert all(one["change_id"] in "".join(to.person.asked) for one in recorded)
    runs = scene.json("runs")
    assert [(one["what"], one["outcome"]) for one in runs] == [
        ("rollback", "done"),
        ("run", "published"),
        ("run", "published"),
    ]
    assert {one["who"] for one in runs} == {"tester"}
    assert runs[1]["plan"] == to.seen["make_plan"]["plan"]
    assert scene.documents() == before
    assert (scene.project / "bravo_transforms").is_dir()
    changed = scene.changed()
    assert {"bravo.decisions.json", "bravo.catalog.json", "campaigns/models/campaigns.py"} <= changed
    assert FUNCTION in {
        path.read_text() for path in (scene.project / "bravo_transforms").glob("ad_groups*.py")
    }
    assert to.progress


def forward_again(scene: Scene, to: Play) -> None:
    """The version that the plan made, as a reader finds it."""
    scene.json("rollback", "--version", to.seen["apply_plan"]["version"])
    documents = scene.documents()
    cents = dict(scene.query("select id, bid_amount from ad_groups"))
    bids = {one["_id"]: one["bid_amount"].to_decimal() for one in documents["ad_groups"].values()}
    assert bids == {key: Decimal(value) / 100 for key, value in cents.items()}
    assert all(
        "daily_budget_amount" in one and "daily_budget" not in one for one in documents["campaigns"].values()
    )


@pytest.mark.parametrize(
    ("transport", "mode"),
    [
        ("stdio", "auto"),
        pytest.param("stdio", "legacy", marks=pytest.mark.slow),
        pytest.param("http", "auto", marks=pytest.mark.slow),
        pytest.param("http", "legacy", marks=pytest.mark.slow),
    ],
)
def test_the_whole_loop(drifted: Scene, transport: str, mode: str) -> None:
    before = drifted.documents()
    to = played(drifted, transport, mode)
    holds(drifted, to, before)
    if wanted := os.environ.get("BRAVO_TRANSCRIPT"):
        Path(wanted).write_text(to.transcript.text, encoding="utf-8")
    forward_again(drifted, to)
    assert (
        comparable(to.transcript.text).splitlines()
        == comparable(PAGE.read_text(encoding="utf-8")).splitlines()
    )
