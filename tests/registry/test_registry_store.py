"""The registry in a real MongoDB: numbers, identities, big catalogs, and crashes at its step of the publish."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import bson
import pytest
from registry_catalogs import INT8, TEXT, catalog, column, of, table

from bravo_agent import wire
from bravo_agent.errors import FailedError
from bravo_agent.events import Event, StepReached, ignore
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.entities import Entity, ModelSet, Place
from bravo_agent.model.version import CollectionState, Version
from bravo_agent.planning.fingerprint import structure_fingerprint
from bravo_agent.stores.mongodb import MongoTarget
from bravo_agent.stores.mongodb import registry as registry_home

OLD, NEW = of(column("a")), of(column("a"), column("b"))
MODELS = ModelSet((Entity("Campaign", "app.models", Place("app/models.py", 1), ()),))
DAY = "2025-06-28-"


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def target(mongo_uri: str, mongo_database_name: str) -> Iterator[MongoTarget]:
    with MongoTarget(mongo_uri, mongo_database_name, allow=["t_*"], keep_versions=2) as found:
        yield found


def _version(number: int, found: Catalog, models: ModelSet) -> Version:
    return Version(
        id=f"{DAY}{number:03d}",
        database="x",
        state="building",
        refresh="full",
        current=False,
        snapshot="s-1",
        catalog_fingerprint=structure_fingerprint(found),
        models_fingerprint=wire.fingerprint(models),
        plan_hash="p",
        masking_hash="k",
        transform_hash="t",
        git_commit="abc",
        created_by="tester",
        created_at=f"{DAY[:-1]}T00:00:{number:02d}Z",
        verified=False,
        collections=(CollectionState("a", 0),),
    )


def _publish(
    target: MongoTarget, number: int, found: Catalog, models: ModelSet = MODELS, *, killed_at: str = ""
) -> str:
    version = _version(number, found, models)

    def emit(event: Event) -> None:
        if isinstance(event, StepReached) and event.step == killed_at:
            raise Killed

    target.begin(version)
    target.prepare(version.id, "a")
    target.writer(version.id, "a").write([bson.encode({"_id": 1})], retry=True)
    target.stage_schema(version, found, models)
    target.publish(version.id, emit)
    return version.id


def _log(target: MongoTarget) -> list[tuple[int, tuple[str, ...]]]:
    return [(one.number, tuple(id_[-3:] for id_ in one.versions)) for one in target.schemas()]


def test_numbers_count_what_differs(target: MongoTarget) -> None:
    for number, found in enumerate((OLD, OLD, NEW, OLD), 1):
        _publish(target, number, found)
    _publish(target, 5, OLD, ModelSet(()))
    assert _log(target) == [(4, ("005",)), (3, ("004",)), (2, ("003",)), (1, ("001", "002"))]
    newest, third, second, first = target.schemas()
    assert (target.schema_catalog(first), target.schema_catalog(second)) == (OLD, NEW)
    assert (target.schema_models(third), target.schema_models(newest)) == (MODELS, ModelSet(()))
    # Contents are kept once: going back to the first structure writes nothing new.
    assert third.catalog == first.catalog
    assert first.registered_at == "2025-06-28T00:00:01Z"
    assert (first.git_commit, first.registered_by) == ("abc", "tester")


def test_a_dump_and_restore_is_another_schema(target: MongoTarget) -> None:
    _publish(target, 1, OLD)
    _publish(target, 2, replace(OLD, system_identifier="s2"))
    assert _log(target) == [(2, ("002",)), (1, ("001",))]
    assert [one.system_identifier for one in target.schemas()] == ["s2", "s1"]


def test_oids_and_numbers_are_kept(target: MongoTarget) -> None:
    numbered = replace(column("a"), number=7)
    found = catalog(replace(table(numbered), oid=4711))
    _publish(target, 1, found)
    (kept,) = target.schemas()
    assert target.schema_catalog(kept) == found


@pytest.mark.parametrize("step", ["journal", "switch", "mark", "register", "sweep", "done"])
def test_a_killed_publish_registers_at_the_next_start(target: MongoTarget, step: str) -> None:
    _publish(target, 1, OLD)
    with pytest.raises(Killed):
        _publish(target, 2, NEW, killed_at=step)
    target.recover(ignore)
    current = target.current()
    assert current is not None
    published = step != "journal"
    assert current.id.endswith("002" if published else "001")
    assert _log(target) == ([(2, ("002",))] if published else []) + [(1, ("001",))]
    _publish(target, 3, NEW)
    assert _log(target)[0] == (2, ("002", "003") if published else ("003",))


def test_what_was_never_published_leaves_nothing(target: MongoTarget) -> None:
    _publish(target, 1, OLD)
    version = _version(2, NEW, MODELS)
    target.begin(version)
    target.stage_schema(version, NEW, MODELS)
    parts = target.durable("_bravo_schema_parts")
    assert parts.count_documents({}) == 3
    target.abandon(version.id)
    _publish(target, 3, OLD)
    assert _log(target) == [(1, ("001", "003"))]
    assert parts.count_documents({}) == 2


def test_a_build_that_goes_on_under_other_models(target: MongoTarget) -> None:
    target.begin(_version(1, OLD, ModelSet(())))
    _publish(target, 1, OLD)
    (kept,) = target.schemas()
    assert kept.models_fingerprint == target.versions()[0].models_fingerprint == wire.fingerprint(MODELS)
    assert target.schema_models(kept) == MODELS


def test_a_rollback_keeps_the_entries(target: MongoTarget) -> None:
    first = _publish(target, 1, OLD)
    _publish(target, 2, NEW)
    before = target.schemas()
    target.rollback(first, ignore)
    assert target.schemas() == before


def test_versions_without_a_schema_are_left_alone(target: MongoTarget) -> None:
    version = _version(1, OLD, MODELS)
    target.begin(version)
    target.prepare(version.id, "a")
    target.publish(version.id, ignore)
    assert target.schemas() == ()
    assert target.versions()[0].id == version.id


def _many(tables: int, columns: int) -> Catalog:
    names = [f"a_column_with_a_rather_long_name_{n:03d}" for n in range(columns)]
    wide = [replace(column(name, INT8), number=n, comment=f"of {name}") for n, name in enumerate(names)]
    return catalog(*(replace(table(*wide, name=f"table_{n:05d}"), oid=n) for n in range(tables)))


def test_a_thousand_tables_fit(target: MongoTarget) -> None:
    big = _many(1_000, 20)
    assert len(json.dumps(wire.plain(big))) > 4_000_000
    _publish(target, 1, big)
    (kept,) = target.schemas()
    assert target.schema_catalog(kept) == big


def test_contents_over_one_part(target: MongoTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    # What does not compress would take thousands of tables: the cut is set small instead.
    monkeypatch.setattr(registry_home, "PART", 100)
    found = _many(3, 20)
    _publish(target, 1, found)
    assert target.durable("_bravo_schema_parts").count_documents({}) > 5
    (kept,) = target.schemas()
    assert target.schema_catalog(kept) == found


def test_damage_is_told(target: MongoTarget) -> None:
    _publish(target, 1, of(column("secret", TEXT, default="'s3cret'")))
    (kept,) = target.schemas()
    parts = target.durable("_bravo_schema_parts")
    parts.delete_one({"_id": f"{kept.catalog}.0000"})
    with pytest.raises(FailedError) as error:
        target.schema_catalog(kept)
    assert error.value.code == "registry-corrupt"
    assert "s3cret" not in str(error.value)
    _publish(target, 2, NEW)
    assert _log(target)[0] == (2, ("002",))
