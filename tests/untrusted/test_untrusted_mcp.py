"""Nothing that a database, a file or a record says leaves its place in what the server tells a client."""

from __future__ import annotations

import inspect
import json
import logging
import shlex
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.types import ElicitRequestFormParams, ElicitResult
from mcp_types import CallToolResult
from untrusted_corpus import MARK, TEXTS, faults, holds, inside, outside, unseen
from untrusted_scene import Scene

from bravo_agent.usecases.decide import record_decision
from bravo_agent.usecases.examine import examine
from mcp_server._answers import decide_command
from mcp_server.server import BravoServer, make_server, tools

_OURS = ("status", "next_steps")
Calls = dict[str, list[dict[str, Any]]]


def serve(hostile: Scene) -> BravoServer:
    return make_server(hostile.workspace, allow_decisions=True, allow_apply=True, allow_samples=True)


class Session:
    """A client that allows nothing and remembers what it was asked, told and shown."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.calls: Calls = {}
        self.errors: dict[str, list[str]] = {}
        self.faults: list[str] = []

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The structured result, {} for an error; what leaves its place is noted."""
        found = await self.client.call_tool(tool, arguments)
        if found.is_error:
            self._error(tool, found)
            return {}
        content = found.structured_content
        assert content is not None
        result = inspect.signature(tools()[tool].work, eval_str=True).return_annotation.model_validate(
            content
        )
        self.faults += [f"{tool}{one}" for one in faults(result)]
        self.calls.setdefault(tool, []).append(content)
        [block] = found.content
        assert json.loads(block.text) == content  # type: ignore[union-attr]
        assert unseen(block.text) == ""  # type: ignore[union-attr]
        return dict(content)

    def _error(self, tool: str, found: CallToolResult) -> None:
        [block] = found.content
        text = block.text  # type: ignore[union-attr]
        self.errors.setdefault(tool, []).append(text)
        document = json.loads(text)
        wrong = unseen(text) or "<" in text or ">" in text
        if wrong or holds(" ".join(str(document.get(key)) for key in ("status", "code"))):
            self.faults.append(f"{tool} error: {ascii(text)[:200]}")
        if holds(text) and not document.get("notice"):
            self.faults.append(f"{tool} error without a notice: {ascii(text)[:200]}")


def play(hostile: Scene, work: Any) -> tuple[Session, list[str]]:
    """``work(session)`` with a person who says no; what they were asked."""
    asked: list[str] = []

    async def person(context: Any, params: Any) -> ElicitResult:
        assert isinstance(params, ElicitRequestFormParams)
        asked.append(params.message + json.dumps(params.requested_schema))
        return ElicitResult(action="decline")

    async def run() -> Session:
        async with Client(serve(hostile), elicitation_callback=person) as client:
            session = Session(client)
            await work(session)
            return session

    return anyio.run(run), asked


async def _all_pages(session: Session, tool: str, **arguments: Any) -> None:
    page = await session.call(tool, **arguments)
    while page.get("next_cursor"):
        page = await session.call(tool, cursor=page["next_cursor"], **arguments)


async def _everything(session: Session) -> None:
    """Every tool, with every change and every answer that it takes."""
    await session.call("get_status")
    await _all_pages(session, "list_changes")
    changes = [one for page in session.calls["list_changes"] for one in page["changes"]]
    seen: set[str] = set()
    for one in changes:
        found = await session.call("get_change", change_id=one["id"])
        if one["table"].endswith((".t", ".valued")):
            await session.call("sample_values", change_id=one["id"])
        for option in found["options"]:
            params = dict.fromkeys(option["params"], TEXTS["json"])
            if option["name"] not in seen:
                seen.add(option["name"])
                await session.call(
                    "preview_cascade", change_id=one["id"], option=option["name"], params=params
                )
    await session.call("list_changes", table=TEXTS["ansi"])
    made = await session.call("make_plan", snapshot="latest", edit_code=False)
    await _all_pages(session, "get_plan")
    await _all_pages(session, "preview_cascade", limit=200)
    await session.call("apply_plan", plan=made["plan"])
    await _decisions(session, changes)
    versions = await session.call("list_versions")
    current = versions["versions"][0]["id"]
    await session.call("rollback_version", version="2020-01-01-001", current=current)
    await session.call("list_snapshots")
    await session.call("fetch_snapshot")
    run = await session.call("get_run")
    await session.call("get_run", run_id=run["runs"][0] if run["runs"] else "x")
    await session.call("get_run", run_id=TEXTS["closing"])
    await session.call("validate_target")
    await session.call("cancel_run", run_id="make_plan-99")


async def _decisions(session: Session, changes: list[dict[str, Any]]) -> None:
    code = f"def transform(value):\n    # {MARK}\n    return value\n"
    for one in {one["kind"]: one for one in changes if one["options"]}.values():
        if "custom" in one["options"]:
            drafted = await session.call(
                "draft_transform", change_id=one["id"], code=code, rationale=TEXTS["closing"]
            )
            if drafted.get("sha256"):
                await session.call("approve_transform", change_id=one["id"], sha256=drafted["sha256"])
        answer = {"change_id": one["id"], "option": one["options"][0], "rationale": TEXTS["selectors"]}
        await session.call("record_decisions", answers=[answer])


def test_no_tool_lets_a_text_out(hostile: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    session, asked = play(hostile, _everything)
    assert session.faults == []
    assert set(session.calls) | set(session.errors) == set(tools())
    told = json.dumps(session.calls)
    assert holds(told), "nothing hostile was shown at all: this proves nothing"
    assert len(session.calls["sample_values"]) > 1
    assert len(session.calls["preview_cascade"]) > 10
    marks = [mark for calls in session.calls.values() for one in calls for _, text in _strings(one)
             for mark, _ in inside(text)]  # fmt: skip
    assert len(marks) > 20
    assert len(set(marks)) == len(marks), "a mark that was used twice can be known"
    assert asked
    for text in asked:
        assert text.isascii(), text
        assert not holds(text)
        assert unseen(text) == ""
    for record in caplog.records:
        assert "\n" not in record.getMessage(), record
        assert unseen(record.getMessage()) == ""


def _strings(value: Any, path: str = "") -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, dict):
        return [one for key, inner in value.items() for one in _strings(inner, f"{path}.{key}")]
    return [one for inner in value for one in _strings(inner, path)] if isinstance(value, list) else []


def test_what_a_client_is_told_of_tools_is_ours_alone(hostile: Scene) -> None:
    async def work(session: Session) -> None:
        client = session.client
        told = [
            client.instructions or "",
            (await client.list_tools()).model_dump_json(),
            (await client.list_resources()).model_dump_json(),
            (await client.list_resource_templates()).model_dump_json(),
            (await client.list_prompts()).model_dump_json(),
        ]
        assert all(told)
        assert not any(map(holds, told))
        assert "".join(map(unseen, told)) == ""

    play(hostile, work)


def test_resources_and_prompts_keep_texts_where_data_stands(hostile: Scene) -> None:
    async def work(session: Session) -> None:
        client = session.client
        for one in (await client.list_resources()).resources:
            await _read(session, str(one.uri))
        ids = [one["id"] for one in (await session.call("list_changes", limit=200))["changes"]]
        for change in ids[::5]:
            await _read(session, f"bravo://changes/{change}")
        await _ask(session, "review_changes", {})
        await _ask(session, "explain_run", {})
        for change in ids:
            await _ask(session, "decide_change", {"change_id": change})

    session, _ = play(hostile, work)
    assert session.faults == []


async def _read(session: Session, uri: str) -> None:
    [content] = (await session.client.read_resource(uri)).contents
    text = content.text  # type: ignore[union-attr]
    assert unseen(text) == ""
    document = json.loads(text)
    for path, one in _strings(document):
        if path.removeprefix(".") in _OURS:
            assert not holds(one), (uri, path)
    assert document["notice"]


async def _ask(session: Session, name: str, arguments: dict[str, str]) -> None:
    messages = (await session.client.get_prompt(name, arguments)).messages
    system, data = (one.content.text for one in messages)  # type: ignore[union-attr]
    assert not holds(system + outside(data)), name
    [(_, held)] = inside(data)
    assert unseen(system + data) == ""
    assert not any(sign in held for sign in "<>")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_command_to_run_is_what_it_looks_like(text: str) -> None:
    command = decide_command("0123456789ab", "default", {"value": text})
    assert unseen(command, also="") == ""
    words = shlex.split(command)
    assert words[:3] == ["bravo-agent", "decide", "0123456789ab"]
    assert words[3:] in ([], ["default", "--param", f"value={text}"])


def test_a_record_of_a_hostile_hand_is_shown_as_data(hostile: Scene) -> None:
    """bravo.decisions.json is a file that anybody may write into."""
    workspace = hostile.workspace
    found = examine(workspace, stale="ask", write_report=False).found
    change = next(one for one in found.changes if one.question and not one.question.options[0].params)
    assert change.question
    path = hostile.project / "bravo.decisions.json"
    before = path.read_text() if path.exists() else None
    try:
        record_decision(
            workspace, found, change.id, change.question.options[0].name, params={}, rationale=TEXTS["lines"]
        )
        document = json.loads(path.read_text())
        for one in document["decisions"]:
            one.update(who=TEXTS["ansi"], rationale=TEXTS["closing"] + TEXTS["tags"], option=TEXTS["bidi"])
        path.write_text(json.dumps(document))

        async def work(session: Session) -> None:
            await session.call("get_change", change_id=change.id)
            await session.call("get_status")
            await session.call("list_changes")

        session, _ = play(hostile, work)
        assert session.faults == []
        told = hostile.cli("decide", "--list", code=None)
        assert unseen(told.out + told.err) == ""
    finally:
        path.unlink() if before is None else path.write_text(before)
