"""A project with two thousand changes: no answer is longer than clients take."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from mcp import Client
from mcp_scene import Scene, answer

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
MOST = 50_000


@pytest.fixture(scope="module")
def wide(make_scene: Callable[[], Scene]) -> Scene:
    """Production grew by two thousand columns with long names and comments; few of them are added by themselves."""
    scene = make_scene()
    names = [f"a_column_with_a_name_as_long_as_one_may_be_{number:04}" for number in range(1_000)]
    for table in ("campaigns", "users"):
        added = ", ".join(f"add column {name} text not null default 'x'" for name in names)
        required = ", ".join(f"alter column {name} drop default" for name in names[20:])
        comments = ";".join(f"comment on column {table}.{name} is '{'much ' * 60}'" for name in names)
        scene.sql(f"alter table {table} {added}; alter table {table} {required}; {comments}")
    return scene


async def test_no_answer_is_too_long(wide: Scene) -> None:
    async with Client(wide.server(), mode="auto") as client:
        listed = await answer(client, "list_changes", limit=200)
        assert listed["total"] >= 2_000
        assert listed["next_cursor"]
        pages = [listed]
        while len(pages) < 3:
            pages.append(await answer(client, "list_changes", limit=200, cursor=pages[-1]["next_cursor"]))
        ids = [one["id"] for page in pages for one in page["changes"]]
        assert len(ids) == len(set(ids))
        sizes = [len(json.dumps(page)) for page in pages]
        for tool, arguments in (
            ("get_status", {}),
            ("get_change", {"change_id": ids[0]}),
            ("preview_cascade", {"limit": 200}),
            ("make_plan", {}),
            ("get_plan", {"limit": 200}),
            ("get_run", {}),
        ):
            sizes.append(len(json.dumps(await answer(client, tool, **arguments))))
        for uri in (
            "bravo://changes",
            "bravo://plan/current",
            "bravo://cascade",
            f"bravo://changes/{ids[0]}",
        ):
            sizes.append(len((await client.read_resource(uri)).contents[0].text))  # type: ignore[union-attr]
        sizes.append(len((await client.get_prompt("review_changes", {})).model_dump_json()))
        unknown = await client.call_tool("get_change", {"change_id": "ffffffffffff"})
        sizes.append(len(unknown.model_dump_json()))
        assert max(sizes) < MOST, sizes
