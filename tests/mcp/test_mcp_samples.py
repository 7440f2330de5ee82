"""Values of rows: masked, unless a person said that the column may be kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from mcp import Client
from mcp_scene import Scene, answer, refusal

pytestmark = pytest.mark.anyio


@pytest.fixture
def valued(make_scene: Callable[[], Scene]) -> Scene:
    """Production got a column with values, and a table."""
    scene = make_scene()
    scene.sql(
        "create table more (id int primary key); alter table campaigns add column plain text default 'planted';"
        "update campaigns set plain = 'planted ' || id"
    )
    scene.json("snapshot", "export")
    return scene


async def test_values_are_masked_unless_a_person_said_keep(valued: Scene) -> None:
    async with Client(valued.server(allow_samples=True), mode="auto") as client:
        changes = (await answer(client, "list_changes"))["changes"]
        plain = next(one for one in changes if one["column"] == "plain")
        found = await answer(client, "sample_values", change_id=plain["id"], limit=3)
        assert (found["status"], found["masked"], found["count"]) == ("values", True, 3)
        assert "planted" not in found["values"].partition("\n<data-")[2]
        assert "masked-" in found["values"]
        table = next(one for one in changes if one["column"] is None)
        nothing = await refusal(client, "sample_values", change_id=table["id"])
        assert nothing["code"] == "samples-not-possible"
        config = (valued.project / "bravo.toml").read_text()
        kept = config.replace("[privacy.columns]", '[privacy.columns]\n"public.campaigns.plain" = "keep"')
        (valued.project / "bravo.toml").write_text(kept)
        shown = await answer(client, "sample_values", change_id=plain["id"], limit=20)
        (valued.project / "bravo.toml").write_text(config)
        assert not shown["masked"]
        assert shown["count"] > 3
        assert "planted" in shown["values"].partition("\n<data-")[2]
