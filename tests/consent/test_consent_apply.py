"""Applying and rolling back through MCP, on the real servers: once, after a yes, what was planned and nothing else."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import anyio
import pytest
from consent_proxy import Proxy
from consent_scene import BOTH, CANCEL, DECLINE, MODES, NO, Person, call, play, serve, told, workspace
from mcp import Client
from mcp.types import ElicitResult, InputRequiredResult
from runs_scene import Scene

from bravo_agent.events import Event, RowsDone
from bravo_agent.model.version import Version
from bravo_agent.usecases.plan import plan
from bravo_agent.usecases.runs import list_runs
from bravo_agent.usecases.versions import list_versions
from mcp_server._works import Work


def planned(scene: Scene) -> str:
    """The hash of a plan of the source as it is now."""
    return plan(workspace(scene)).plan.hash


def versions(scene: Scene) -> tuple[Version, ...]:
    return list_versions(workspace(scene))


def current(scene: Scene) -> str | None:
    return next((one.id for one in versions(scene) if one.current), None)


@pytest.mark.parametrize("mode", MODES)
def test_only_a_yes_applies_and_only_once(scene: Scene, mode: str) -> None:
    hash_ = planned(scene)
    server = serve(scene)
    for person, status in (
        (None, "needs_confirmation"),
        (Person(CANCEL), "needs_confirmation"),
        (Person(DECLINE), "declined"),
        (Person(NO), "declined"),
    ):
        left = call(server, "apply_plan", mode=mode, person=person, plan=hash_)
        assert (left["status"], left["command"]) == (status, f"bravo-agent apply {hash_}")
        assert (versions(scene), scene.changed()) == ((), set())
    person = Person()
    done = call(server, "apply_plan", mode=mode, person=person, plan=hash_)
    assert (done["status"], done["exit_code"], done["failed_checks"]) == ("applied", 0, [])
    assert done["version"] == current(scene)
    assert done["documents"]["campaigns"] == len(scene.documents()["campaigns"])
    (question,) = person.asked
    assert hash_ in question
    assert str(sum(done["documents"].values())) in question
    for again in (call(server, "apply_plan", mode=mode, person=person, plan=hash_),
                  call(serve(scene), "apply_plan", mode=mode, plan=hash_)):  # fmt: skip
        assert (again["status"], again["version"]) == ("already_applied", done["version"])
    assert (len(person.asked), len(versions(scene))) == (1, 1)
    (run,) = list_runs(workspace(scene))
    assert (run.plan, run.outcome, run.who) == (hash_, "published", "tester")


def test_the_command_is_what_a_person_may_run(scene: Scene) -> None:
    left = call(serve(scene), "apply_plan", plan=planned(scene))
    program, *words = shlex.split(left["command"])
    assert program == "bravo-agent"
    assert scene.json(*words)["status"] == "applied"


@pytest.mark.parametrize("mode", MODES)
def test_two_calls_at_once_apply_once(scene: Scene, mode: str) -> None:
    hash_, person = planned(scene), Person()

    async def work(client: Client) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []

        async def one() -> None:
            found.append(told(await client.call_tool("apply_plan", {"plan": hash_})))

        async with anyio.create_task_group() as group:
            group.start_soon(one)
            group.start_soon(one)
        return found

    done = play(serve(scene), work, mode=mode, person=person)
    assert sorted(one["status"] for one in done) == ["already_applied", "applied"]
    assert len(versions(scene)) == 1


@pytest.mark.parametrize("mode", BOTH)
def test_a_run_is_told_of_however_many_wait(scene: Scene, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve calls are more than the server has threads: one is at work, the others wait without one."""
    hash_, server, noted = planned(scene), serve(scene), Work._note
    opened = threading.Event()

    def note(work: Work, event: Event) -> None:
        noted(work, event)
        if work.tool == "apply_plan" and isinstance(event, RowsDone) and event.stage == "load":
            assert opened.wait(60)

    monkeypatch.setattr(Work, "_note", note)

    async def work(client: Client) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []

        async def one() -> None:
            found.append(told(await client.call_tool("apply_plan", {"plan": hash_})))

        async with anyio.create_task_group() as group:
            for _ in range(12):
                group.start_soon(one)
            with anyio.fail_after(60):
                while [one.state for one in server.desk.works.running()] != ["running"] + ["waiting"] * 11:
                    await anyio.sleep(0.01)
                while server.desk.works.running()[0].stage != "load":
                    await anyio.sleep(0.01)
                seen = told(await client.call_tool("get_run", {}))
                assert (seen["status"], seen["work"]["state"], seen["work"]["tool"]) == (
                    "running",
                    "running",
                    "apply_plan",
                )
                assert told(await client.call_tool("get_plan", {"plan": hash_}))["status"] == "running"
                waiting = server.desk.works.running()[-1]
                assert (
                    told(await client.call_tool("cancel_run", {"run_id": waiting.id}))["status"] == "stopping"
                )
            opened.set()
        return found

    done = play(server, work, mode=mode, person=Person())
    assert sorted(one.get("code", one["status"]) for one in done) == [
        *["already_applied"] * 10,
        "applied",
        "cancelled",
    ]
    assert len(versions(scene)) == 1


def test_two_servers_at_once_apply_once(scene: Scene) -> None:
    hash_ = planned(scene)
    found: list[dict[str, Any]] = []

    async def one() -> None:
        async with Client(serve(scene), elicitation_callback=Person()) as client:
            while not found or found[-1]["status"] not in ("applied", "already_applied"):
                found.append(told(await client.call_tool("apply_plan", {"plan": hash_})))

    async def both() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(one)
            group.start_soon(one)

    anyio.run(both)
    assert [one["status"] for one in found].count("applied") == 1
    assert {one["status"] for one in found} <= {"applied", "already_applied", "running", "error"}
    assert all(one["code"] in ("target-busy", "project-busy") for one in found if one["status"] == "error")
    assert len(versions(scene)) == 1


@pytest.mark.parametrize("mode", BOTH)
def test_what_drifted_while_a_person_thought(scene: Scene, mode: str) -> None:
    hash_ = planned(scene)
    person = Person(before=lambda: scene.edit('mode = "mask"', 'mode = "keep"'))
    done = call(serve(scene), "apply_plan", mode=mode, person=person, plan=hash_)
    assert (done["status"], done["exit_code"], len(person.asked)) == ("stale", 5, 1)
    assert any("privacy.mode" in line for line in done["drifted"])
    assert versions(scene) == ()


@pytest.mark.parametrize(
    ("hash_", "code"), [("0" * 64, "plan-unknown"), ("latest", None), ("0" * 12, None), ("../../x", None)]
)
def test_a_hash_and_nothing_else(scene: Scene, hash_: str, code: str | None) -> None:
    person = Person()
    result = play(serve(scene), lambda client: client.call_tool("apply_plan", {"plan": hash_}), person=person)
    assert (result.is_error, person.asked) == (True, [])
    assert code is None or told(result)["code"] == code


@pytest.mark.parametrize("mode", BOTH)
def test_a_target_that_may_not_be_written_to(scene: Scene, mode: str) -> None:
    """By its name, or for want of the marker: nobody is even asked."""
    hash_, person = planned(scene), Person()
    scene.edit('allow = ["bravo-*"]', 'allow = ["other-*"]')
    done = call(serve(scene), "apply_plan", mode=mode, person=person, plan=hash_)
    assert (done["code"], person.asked) == ("target-not-allowed", [])
    back = {"version": "2026-01-01-001", "current": "2026-01-01-002"}
    assert (
        call(serve(scene), "rollback_version", mode=mode, person=person, **back)["code"]
        == "target-not-allowed"
    )
    scene.edit('allow = ["other-*"]', 'allow = ["bravo-*"]')
    with scene.client() as client:
        client[scene.database]["theirs"].insert_one({"kept": True})
    done = call(serve(scene), "apply_plan", mode=mode, person=person, plan=hash_)
    assert (done["code"], person.asked) == ("target-not-marked", [])
    assert (
        call(serve(scene), "rollback_version", mode=mode, person=person, **back)["code"]
        == "target-not-marked"
    )
    with scene.client() as client:
        assert client[scene.database].list_collection_names() == ["theirs"]


def test_without_the_flag_it_is_not_there(scene: Scene) -> None:
    hash_, person = planned(scene), Person()
    server = serve(scene, allow_apply=False)
    listed = play(server, lambda client: client.list_tools())
    assert not {one.name for one in listed.tools} & {"apply_plan", "rollback_version"}
    for tool, given in (
        ("apply_plan", {"plan": hash_}),
        ("rollback_version", {"version": "2026-01-01-001", "current": "2026-01-01-002"}),
    ):
        refused = call(server, tool, person=person, **given)
        assert (refused["code"], person.asked) == ("not-allowed", [])
        assert "--allow-apply" in refused["message"]
    assert versions(scene) == ()


def test_clients_are_told_to_ask_at_every_call(scene: Scene) -> None:
    listed = play(serve(scene), lambda client: client.list_tools()).tools
    asks = {one.name for one in listed if (one.meta or {}).get("anthropic/requiresUserInteraction") is True}
    assert asks == {"apply_plan", "rollback_version", "approve_transform", "record_decisions"}
    writes = {one.name for one in listed if one.annotations and not one.annotations.read_only_hint}
    assert asks < writes


@pytest.mark.parametrize("mode", BOTH)
def test_rolled_back_once_and_only_from_what_was_current(scene: Scene, mode: str) -> None:
    scene.json("--auto")
    first = str(current(scene))
    scene.json("--auto")
    second = str(current(scene))
    server, back = serve(scene), {"version": first, "current": second}
    for says, status in ((DECLINE, "declined"), (CANCEL, "needs_confirmation")):
        left = call(server, "rollback_version", mode=mode, person=Person(says), **back)
        assert (left["status"], left["command"]) == (status, f"bravo-agent rollback --version {first}")
        assert current(scene) == second
    person = Person()
    stale = call(
        server, "rollback_version", mode=mode, person=person, version=first, current="2026-01-01-001"
    )
    assert (stale["code"], person.asked) == ("rollback-stale", [])
    unknown = {"version": "2026-01-01-001", "current": second}
    for asked in (person, None):
        nowhere = call(server, "rollback_version", mode=mode, person=asked, **unknown)
        assert (nowhere["code"], person.asked) == ("version-unknown", [])
    done = call(server, "rollback_version", mode=mode, person=person, **back)
    assert (done["status"], done["before"], current(scene)) == ("rolled_back", second, first)
    assert (first in person.asked[0], second in person.asked[0]) == (True, True)
    again = call(server, "rollback_version", mode=mode, person=person, **back)
    assert (again["status"], len(person.asked)) == ("already_current", 1)
    assert [one.what for one in list_runs(workspace(scene))].count("rollback") == 1
    forward = call(server, "rollback_version", mode=mode, person=person, version=second, current=first)
    assert (forward["status"], current(scene)) == ("rolled_back", second)


def test_a_yes_is_not_used_again_when_the_world_has_turned(scene: Scene) -> None:
    """Back, and forward again: the first answer, sent once more, takes nobody back a second time."""
    scene.json("--auto")
    first = str(current(scene))
    scene.json("--auto")
    second = str(current(scene))
    back = {"version": first, "current": second}

    async def work(client: Client) -> None:
        session = client.session
        asked = await session.call_tool("rollback_version", back, allow_input_required=True)
        assert isinstance(asked, InputRequiredResult)
        yes = {
            key: ElicitResult(action="accept", content={"confirm": True})
            for key in asked.input_requests or ()
        }

        async def answer() -> Any:
            return await session.call_tool(
                "rollback_version",
                back,
                input_responses=yes,
                request_state=asked.request_state,
                allow_input_required=True,
            )

        assert told(await answer())["status"] == "rolled_back"
        assert told(await answer())["status"] == "already_current"
        scene.json("rollback", "--version", second)
        assert isinstance(await answer(), InputRequiredResult)

    play(serve(scene), work, person=Person())
    assert current(scene) == second


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("how", ["client", "cancel_run"])
def test_stopped_at_a_chunk_and_gone_on_with(scene: Scene, mode: str, how: str) -> None:
    """The client gives up, or cancels by the work's id: readers see nothing of it, and the same call goes on."""
    scene.edit("[privacy]", "[load]\nchunk_rows = 100\n\n[privacy]")
    hash_, server = planned(scene), serve(scene)

    async def work(client: Client) -> dict[str, Any] | None:
        async def stop() -> None:
            while not any(one.stage == "load" for one in server.desk.works.running()):
                await anyio.sleep(0.001)
            if how == "client":
                scope.cancel()
            else:
                (running,) = server.desk.works.running()
                stopped = told(await client.call_tool("cancel_run", {"run_id": running.id}))
                assert stopped["status"] == "stopping"

        found = None
        async with anyio.create_task_group() as group:
            group.start_soon(stop)
            with anyio.CancelScope() as scope:
                found = told(await client.call_tool("apply_plan", {"plan": hash_}))
        return found

    done = play(server, work, mode=mode, person=Person())
    assert done is None or (done["code"], done["retryable"]) == ("cancelled", True)
    assert current(scene) is None
    assert [one.state for one in versions(scene)] == ["building"]
    again = call(server, "apply_plan", mode=mode, person=Person(), plan=hash_)
    assert (again["status"], again["version"]) == ("applied", current(scene))
    assert scene.json("validate")


@pytest.fixture
def proxied(scene: Scene) -> Iterator[tuple[Scene, Proxy]]:
    proxy = Proxy(scene.target_uri)
    environ = {**scene.environ, "BRAVO_TARGET_URI": proxy.uri}
    yield replace(scene, environ=environ), proxy
    proxy.close()


def test_a_connection_that_is_lost_leaves_the_outcome_open(proxied: tuple[Scene, Proxy]) -> None:
    scene, proxy = proxied
    scene.edit("[privacy]", "[load]\nchunk_rows = 100\n\n[privacy]")
    hash_, server = planned(scene), serve(scene)

    async def work(client: Client) -> dict[str, Any]:
        async def progress(done: float, total: float | None, message: str | None) -> None:
            await anyio.to_thread.run_sync(proxy.cut)

        return told(await client.call_tool("apply_plan", {"plan": hash_}, progress_callback=progress))

    done = play(server, work, person=Person())
    assert (done["status"], done["version"]) == ("outcome_unknown", None)
    assert "apply_plan with the same hash" in done["next_steps"][0]
    proxy.mend()
    again = call(server, "apply_plan", person=Person(), plan=hash_)
    assert again["status"] in ("applied", "already_applied")
    assert (again["version"], len(versions(scene))) == (current(scene), 1)
