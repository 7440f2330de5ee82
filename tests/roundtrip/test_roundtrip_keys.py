"""Keys that meet in MongoDB though PostgreSQL tells them apart, and tables that would meet in one collection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_roundtrip_all_types import Scene, make_scene

from bravo_agent.config import Config, EntitySection
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.model.entities import ModelSet
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.naming import collection_names
from bravo_agent.stores.servers import ServerSet

SCRIPT = """
create table measured (device int, at timestamptz, v int, primary key (device, at));
insert into measured values (1, '2024-01-01 00:00:00.000001Z', 1), (1, '2024-01-01 00:00:00.000002Z', 2);
"""


@pytest.fixture
def scene(servers: ServerSet, tmp_path: Path) -> Iterator[Scene]:
    for found in make_scene(servers, tmp_path, SCRIPT):
        found.done("init", "--from-database", "--privacy", "keep")
        found.configure('database = "bravo-1"', f'database = "{found.database}"')
        yield found


@pytest.mark.slow
def test_keys_that_differ_in_microseconds_are_refused_and_kept_apart_as_text(scene: Scene) -> None:
    failed = scene.bravo("run", "--auto")
    assert failed.returncode == 1
    assert "duplicate-key" in failed.stderr
    assert "preserve" in failed.stderr
    assert scene.documents("measured") == []

    scene.configure('collection = "measured"\n', 'collection = "measured"\nrules = { at = "preserve" }\n')
    assert "nothing changed" in scene.done("detect", "--exit-code")
    scene.done("run", "--auto")
    scene.done("validate")
    texts = [f"2024-01-01T00:00:00.00000{n}Z" for n in (1, 2)]
    expected = [{"_id": {"device": 1, "at": t}, "device": 1, "at": t, "v": n} for n, t in enumerate(texts, 1)]
    assert sorted(scene.documents("measured"), key=str) == expected


def test_two_tables_never_share_a_collection() -> None:
    tables = [("sales", "orders"), ("public", "sales_orders"), ("public", "sales.orders")]
    assert collection_names(tables) == {
        ("public", "sales.orders"): "sales.orders",
        ("public", "sales_orders"): "sales_orders",
        ("sales", "orders"): "sales.orders.2",
    }
    column = Column("id", ColumnType("int4"), nullable=False)
    catalog = Catalog(tuple(Table(schema, name, (column,), ("id",)) for schema, name in tables))
    config = Config(entities={table.key: EntitySection() for table in catalog.tables})
    with pytest.raises(UsageError) as caught:
        derive_mapping(catalog, ModelSet(()), config)
    assert caught.value.code == "collection-shared"
