"""What the server offers is what was reviewed, and fits what clients take."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from mcp_surface import FILE, surface, whole_surface

from mcp_server.server import INSTRUCTIONS, tools

WHOLE = json.loads(FILE.read_text(encoding="utf-8"))
WRITERS = {name for name, kind in tools().items() if kind.needs}


def test_the_surface_is_the_committed_one() -> None:
    assert whole_surface() == FILE.read_text(encoding="utf-8"), (
        "python tests/mcp/mcp_surface.py writes it anew"
    )


@pytest.mark.anyio
async def test_what_a_flag_allows_is_not_offered_without_it() -> None:
    offered = {one["name"] for one in (await surface())["tools"]}
    assert offered == set(tools()) - WRITERS
    assert "sample_values" in WRITERS


def test_sizes() -> None:
    assert len(INSTRUCTIONS.encode()) < 2_048
    assert len(WHOLE["tools"]) < 20
    for one in (*WHOLE["tools"], *WHOLE["prompts"], *WHOLE["resources"], *WHOLE["templates"]):
        assert re.fullmatch(r"[a-z_]{1,99}", one["name"])
        assert 0 < len(one["description"]) < 4_096


@pytest.mark.parametrize("tool", WHOLE["tools"], ids=lambda one: one["name"])
def test_every_tool_says_what_it_takes_and_gives(tool: dict[str, Any]) -> None:
    assert {"status", "next_steps"} <= set(tool["outputSchema"]["properties"])
    assert {"title", "readOnlyHint", "destructiveHint", "idempotentHint"} <= set(tool["annotations"])
    for place, one in (*_fields(tool["inputSchema"]), *_fields(tool["outputSchema"])):
        assert one.get("description"), place
    # A page has all three, or it is none.
    paging = {"total", "limit", "next_cursor"} & set(tool["outputSchema"]["properties"])
    assert len(paging) in (0, 3)
    assert ("cursor" in tool["inputSchema"]["properties"]) == bool(paging)


@pytest.mark.parametrize("tool", WHOLE["tools"], ids=lambda one: one["name"])
def test_no_tool_takes_what_only_a_person_may_say(tool: dict[str, Any]) -> None:
    names = set(tool["inputSchema"]["properties"])
    assert not names & {
        "sql",
        "query",
        "path",
        "file",
        "folder",
        "url",
        "uri",
        "dsn",
        "command",
        "source",
        "host",
    }
    for _, one in _fields(tool["inputSchema"]):
        for kind in (one, *one.get("anyOf", ())):
            bounded = {"pattern", "maxLength", "enum", "const"} & set(kind)
            assert kind.get("type") != "string" or bounded, one


def _fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for part in (schema, *schema.get("$defs", {}).values()):
        yield from part.get("properties", {}).items()


def test_the_page_has_every_tool_resource_and_prompt() -> None:
    page = (FILE.parents[2] / "docs" / "mcp.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z_]+)` \|.*\| (yes|no) \|$", page, re.M))
    assert {name: one == "yes" for name, one in rows.items()} == {
        one["name"]: one["annotations"]["readOnlyHint"] for one in WHOLE["tools"]
    }
    named = {one["uri"] for one in WHOLE["resources"]} | {one["uriTemplate"] for one in WHOLE["templates"]}
    assert set(re.findall(r"`(bravo://[^`]+)`", page)) == named
    assert all(f"`{one['name']}`" in page for one in WHOLE["prompts"])


def test_reading_tools_are_told_as_such() -> None:
    writing = {"make_plan", "fetch_snapshot", "cancel_run"}
    reading = {one["name"] for one in WHOLE["tools"] if one["annotations"]["readOnlyHint"]}
    assert reading == set(tools()) - writing - {name for name in WRITERS if not tools()[name].reads}
    for name, kind in tools().items():
        if kind.needs == "apply" or name == "approve_transform" or name == "record_decisions":
            assert kind.meta == {"anthropic/requiresUserInteraction": True}, name
