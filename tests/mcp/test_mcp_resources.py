"""Resources, completions and prompts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from mcp import Client, MCPError
from mcp_scene import MODES, Mode, Scene, answer
from mcp_types import PromptReference, ResourceTemplateReference

pytestmark = pytest.mark.anyio


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> Mode:
    found: Mode = request.param
    return found


async def test_resources_say_what_the_tools_say(drifted: Scene, mode: Mode) -> None:
    async with Client(drifted.server(), mode=mode) as client:
        for uri, tool in (
            ("bravo://changes", "list_changes"),
            ("bravo://versions", "list_versions"),
            ("bravo://snapshots", "list_snapshots"),
            ("bravo://run/latest", "get_run"),
            ("bravo://plan/current", "get_plan"),
        ):
            assert await read(client, uri) == await answer(client, tool)
        assert (await read(client, "bravo://status"))["status"] in ("open", "blocked")
        assert (await read(client, "bravo://cascade"))["status"] == "edits"


async def test_templates_and_their_completions(drifted: Scene, mode: Mode) -> None:
    async with Client(drifted.server(), mode=mode) as client:
        changes = (await answer(client, "list_changes"))["changes"]
        ref = ResourceTemplateReference(type="ref/resource", uri="bravo://changes/{id}")
        for given in (ref, PromptReference(type="ref/prompt", name="decide_change")):
            name = "id" if given is ref else "change_id"
            found = (await client.complete(given, {"name": name, "value": ""})).completion
            assert set(found.values) == {one["id"][:12] for one in changes}
        first = found.values[0]
        narrowed = (await client.complete(ref, {"name": "id", "value": first[:10]})).completion
        assert first in narrowed.values
        assert (await read(client, f"bravo://changes/{first}"))["id"].startswith(first)
        plan = await read(client, "bravo://plan/current")
        assert (await read(client, f"bravo://plan/{plan['plan']}"))["plan"] == plan["plan"]
        for uri in (
            "bravo://changes/ffffffffffff",
            "bravo://changes/..%2f..%2fetc",
            "bravo://plan/x",
            "bravo://no",
        ):
            with pytest.raises(MCPError) as caught:
                await client.read_resource(uri)
            assert caught.value.error.code == -32602


async def read(client: Client, uri: str) -> Any:
    """The resource's document."""
    [content] = (await client.read_resource(uri)).contents
    assert content.mime_type == "application/json"
    return json.loads(content.text)  # type: ignore[union-attr]


async def test_prompts(drifted: Scene, mode: Mode) -> None:
    async with Client(drifted.server(), mode=mode) as client:
        changes = (await answer(client, "list_changes", state="open"))["changes"]
        retyped = next(one for one in changes if one["kind"] == "type_change")
        told: dict[str, dict[str, str]] = {
            "review_changes": {},
            "decide_change": {"change_id": retyped["id"]},
            "write_transform": {"change_id": retyped["id"][:12]},
            "explain_run": {},
        }
        for name, arguments in told.items():
            first, again = [await messages(client, name, arguments) for _ in range(2)]
            assert first[0] == again[0]
            # The data stand between marks that are others each time.
            assert first[1] != again[1]
            assert "<data-" in first[1]
            assert "<data-" not in first[0]
            assert "public." not in first[0]
        with pytest.raises(MCPError) as caught:
            await client.get_prompt("decide_change", {"change_id": "ffffffffffff"})
        assert json.loads(caught.value.error.message)["code"] == "change-unknown"


async def messages(client: Client, name: str, arguments: dict[str, str]) -> list[str]:
    """The two texts of a prompt: instruction and data."""
    found = (await client.get_prompt(name, arguments)).messages
    assert [one.role for one in found] == ["user", "user"]
    return [one.content.text for one in found]  # type: ignore[union-attr]
