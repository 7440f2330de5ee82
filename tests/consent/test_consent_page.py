"""What docs/consent.md promises: its tables against the tools, its role against PostgreSQL."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from consent_scene import Person, call, serve
from runs_scene import Scene

from mcp_server.consent import FLAGS
from mcp_server.server import tools

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "consent.md").read_text(encoding="utf-8")


def test_every_tool_that_needs_consent_has_a_row() -> None:
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| `(--[a-z-]+)` \|", PAGE, re.MULTILINE))
    needing = {
        name: FLAGS[kind.needs] for name, kind in tools().items() if kind.needs in ("decisions", "apply")
    }
    assert rows == needing
    asking = {name for name, kind in tools().items() if kind.asks}
    assert asking == {name for name, kind in tools().items() if kind.person}
    assert {name for name in rows if f"| `{name}` | `{rows[name]}` | not asked" in PAGE} == set(rows) - asking


@pytest.fixture
def reader(scene: Scene) -> Iterator[str]:
    """The role of the page, under a name of this test's own."""
    name = f"reader_{uuid.uuid4().hex[:8]}"
    (script,) = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    scene.sql(script.replace("bravo_reader", name))
    yield name
    scene.sql(f"drop owned by {name}; drop role {name}")


def test_the_role_of_the_page_reads_and_cannot_write(scene: Scene, reader: str) -> None:
    uri = scene.source_uri.replace("postgres@", f"{reader}@")
    limited = replace(scene, source_uri=uri, environ={**scene.environ, "BRAVO_SOURCE_URI": uri})
    for statement in (
        "delete from users",
        "create table mine (id int)",
        "set transaction read write; delete from ads",
    ):
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
            limited.sql(statement)
    server = serve(limited)
    made = call(server, "make_plan")
    assert call(server, "apply_plan", person=Person(), plan=made["plan"])["status"] == "applied"
