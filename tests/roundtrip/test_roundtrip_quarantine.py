"""What MongoDB cannot hold is quarantined, counted, and fails the run unless the project allows for it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pymongo import MongoClient
from test_roundtrip_all_types import HERE, Scene, hold_against, make_scene

from bravo_agent.stores.servers import ServerSet

BAD = {"numerics": 5, "jsons": 7, "infinities": 4, "spans": 2, "large": 2, "no_key": 1}
REASONS = {
    "numeric-over-34-digits", "json-lone-surrogate", "json-number-too-large", "json-too-deep", "infinite-date",
    "document-over-16mb",
}  # fmt: skip


@pytest.fixture
def scene(servers: ServerSet, tmp_path: Path) -> Iterator[Scene]:
    script = (HERE / "quarantined.sql").read_text(encoding="utf-8")
    for found in make_scene(servers, tmp_path, script):
        found.done("init", "--from-database", "--privacy", "keep")
        found.configure('database = "bravo-1"', f'database = "{found.database}"')
        yield found


@pytest.mark.slow
def test_quarantine_fails_by_default_and_passes_where_it_is_allowed(scene: Scene) -> None:
    assert "nothing changed" in scene.done("detect", "--exit-code")
    failed = json.loads(scene.done("run", "--auto", "--json", code=1))
    assert not failed["published"]
    assert {one["table"] for one in failed["checks"] if not one["passed"]} == {
        f"public.{name}" for name in BAD
    }
    assert {one["check"] for one in failed["checks"] if not one["passed"]} == {"ledger"}
    with MongoClient(scene.target) as client:
        assert not set(client[scene.database].list_collection_names()) & set(BAD)

    allow(scene, sum(BAD.values()) - 1)
    scene.done("run", "--auto", code=1)
    allow(scene, sum(BAD.values()))
    said = json.loads(scene.done("run", "--auto", "--json"))
    assert said["published"]
    assert {
        one["table"].removeprefix("public."): one["quarantined"]
        for one in said["tables"]
        if one["quarantined"]
    } == BAD
    (path,) = (scene.folder / ".bravo" / "ledger").glob(f"{said['run']['version']}.jsonl")
    ledger = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert Counter(one["table"].removeprefix("public.") for one in ledger) == BAD
    assert {one["reason"] for one in ledger} == REASONS
    with psycopg.connect(scene.source, autocommit=True) as connection:
        for table in BAD:
            connection.execute(f"delete from {table} where id < 100".encode())
    for table in scene.says():
        hold_against(table, scene.documents(table.collection))


def allow(scene: Scene, rows: int) -> None:
    path = scene.folder / "bravo.toml"
    text = path.read_text(encoding="utf-8").partition("[load]\n")[0]
    path.write_text(f"{text}[load]\nquarantine = {rows}\n", encoding="utf-8")
