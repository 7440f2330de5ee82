"""What an agent reads through the server, in both eras of the protocol."""

from __future__ import annotations

import anyio
import pytest
from mcp import Client
from mcp_scene import MODES, Mode, Scene, answer, refusal

pytestmark = pytest.mark.anyio


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> Mode:
    found: Mode = request.param
    return found


async def test_from_status_to_the_diff(drifted: Scene, mode: Mode) -> None:
    before = drifted.changed()
    async with Client(drifted.server(), mode=mode) as client:
        status = await answer(client, "get_status")
        assert status["status"] in ("open", "blocked")
        assert {one["mark"] for one in status["parts"]} <= {"ok", "warning"}
        assert status["current_version"]
        listed = await answer(client, "list_changes", limit=3)
        assert (len(listed["changes"]), listed["next_cursor"] is not None) == (3, True)
        ids = [one["id"] for one in listed["changes"]]
        while listed["next_cursor"]:
            listed = await answer(client, "list_changes", limit=3, cursor=listed["next_cursor"])
            ids += [one["id"] for one in listed["changes"]]
        assert len(ids) == len(set(ids)) == listed["total"]
        opened = await answer(client, "list_changes", state="open")
        renamed = next(one for one in opened["changes"] if one["kind"] == "renamed_field")
        found = await answer(client, "get_change", change_id=renamed["id"][:12])
        assert found["status"] == "open"
        assert found["evidence"]["identity"]
        assert {one["name"] for one in found["options"]} >= {"rename"}
        assert found["uses_total"] >= len(found["uses"]) > 0
        assert "<data-" in found["data"]
        measured = [await answer(client, "get_change", change_id=one["id"]) for one in opened["changes"]]
        assert any(one["evidence"]["rows"] for one in measured)
        shown = await answer(client, "preview_cascade", change_id=renamed["id"], option="rename")
        assert shown["status"] == "edits"
        assert shown["files"]
        assert f"+++ b/{shown['files'][0]}" in shown["diff"]
        assert (await answer(client, "list_versions"))["versions"][0]["current"]
        assert (await answer(client, "list_snapshots"))["total"] == 2
        run = await answer(client, "get_run")
        assert (run["status"], run["run"]["outcome"]) == ("finished", "published")
        assert (await answer(client, "get_run", run_id=run["runs"][0]))["run"] == run["run"]
    assert drifted.changed() == before


async def test_what_is_not_there_is_an_error_with_a_hint(drifted: Scene, mode: Mode) -> None:
    async with Client(drifted.server(), mode=mode) as client:
        for tool, arguments, code in (
            ("get_change", {"change_id": "0123456789ab"}, "change-unknown"),
            ("get_plan", {"plan": "0123456789ab"}, "plan-unknown"),
            ("get_run", {"run_id": "nothing"}, "run-unknown"),
            ("cancel_run", {"run_id": "make_plan-9"}, "run-unknown"),
            ("list_changes", {"cursor": "x"}, "cursor-invalid"),
            ("list_changes", {"cursor": "1.abcdef"}, "cursor-stale"),
            ("list_changes", {"table": "public.nothing"}, "table-unknown"),
            ("preview_cascade", {"option": "rename"}, "arguments-together"),
            ("sample_values", {"change_id": "0123456789ab"}, "not-allowed"),
        ):
            found = await refusal(client, tool, **arguments)
            assert (found["status"], found["code"]) == ("error", code)
            assert found["hint"]


async def test_a_plan_is_made_and_read(scene: Scene, mode: Mode) -> None:
    scene.drift(1)
    heard: list[tuple[float, str | None]] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        heard.append((progress, message))

    before = scene.changed()
    async with Client(scene.server(), mode=mode) as client:
        done = await client.call_tool("make_plan", {}, progress_callback=hear)
        assert not done.is_error, done.content
        made = done.structured_content
        assert made is not None
        assert (made["status"], made["steps"][-1]) == ("planned", "publish")
        read = await answer(client, "get_plan", limit=2)
        assert (read["status"], read["plan"]) == ("ready", made["plan"])
        assert read["next_cursor"]
        assert (await answer(client, "get_plan", plan=made["plan"][:12], limit=200))["total"] == read["total"]
        scene.json("apply", made["plan"][:12], code=made["exit_code"])
        assert (await answer(client, "get_plan"))["status"] == "applied"
        assert (await answer(client, "validate_target"))["status"] == "valid"
    assert scene.changed() - before <= {"bravo.catalog.json"} | {
        one for one in scene.changed() if one.endswith(".py")
    }
    assert [step for step, _ in heard] == sorted(step for step, _ in heard)
    assert heard


async def test_many_readers_at_once(drifted: Scene) -> None:
    """Two hundred calls to one server, half of them in each era of the protocol."""
    tools = ("list_changes", "get_status", "list_versions", "get_run", "list_snapshots")
    server = drifted.server()
    async with (
        Client(server, mode="auto") as now,
        Client(server, mode="legacy") as before,
        anyio.create_task_group() as group,
    ):
        for number in range(200):
            group.start_soon(_ask, (now, before)[number % 2], tools[number % len(tools)])


async def _ask(client: Client, tool: str) -> None:
    assert (await answer(client, tool))["status"]
