"""What an increment does to documents that others have a hand in, and what its rollback makes of them."""

from __future__ import annotations

from typing import Any

import bson
import pytest
from bson import Int64
from target_scene import live, open_target, publish, version

from bravo_agent.errors import FailedError, StaleError, UsageError
from bravo_agent.events import ignore
from bravo_agent.stores.mongodb import MongoTarget

V1, V2, V3 = "2025-06-28-001", "2025-06-28-002", "2025-06-28-003"


def delta(target: MongoTarget, id_: str, upserts: list[dict[str, Any]], deletes: list[Any]) -> None:
    target.begin(version(id_, "a", refresh="incremental"))
    raw = [bson.encode(one) for one in upserts]
    target.apply_delta(id_, "a", upserts=raw, deletes=deletes, owned_fields=["x", "y"])
    target.publish(id_, ignore)


def start(target: MongoTarget, *documents: dict[str, Any]) -> None:
    publish(target, V1, {"a": dict(enumerate(documents))})


def test_fields_of_others_are_left_and_come_through_a_rollback(
    mongo_uri: str, mongo_database_name: str
) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        start(target, {"_id": 1, "x": 1, "y": 1}, {"_id": 2, "x": 2})
        live_a = target.database["a"]
        live_a.update_one({"_id": 1}, {"$set": {"mine": "kept"}})
        live_a.insert_one({"_id": 9, "mine": "only"})
        delta(target, V2, [{"_id": 1, "x": 10}, {"_id": 3, "x": 3}, {"_id": 4, "x": 4}], [2])
        assert live(mongo_uri, mongo_database_name)["a"] == {
            1: {"_id": 1, "x": 10, "mine": "kept"},
            3: {"_id": 3, "x": 3},
            4: {"_id": 4, "x": 4},
            9: {"_id": 9, "mine": "only"},
        }
        live_a.update_one({"_id": 4}, {"$set": {"mine": "later"}})
        live_a.update_one({"_id": 1}, {"$set": {"mine": "changed"}})
        target.rollback(V1, ignore)
        assert live(mongo_uri, mongo_database_name)["a"] == {
            1: {"_id": 1, "x": 1, "y": 1, "mine": "changed"},
            2: {"_id": 2, "x": 2},
            4: {"_id": 4, "mine": "later"},
            9: {"_id": 9, "mine": "only"},
        }


def test_a_deleted_document_comes_back_with_all_that_it_held(
    mongo_uri: str, mongo_database_name: str
) -> None:
    odd = {"_id": {"k1": 1, "k2": "b"}, "x": 1, "mine": {"$set": [1, {"a.b": 2}]}}
    with open_target(mongo_uri, mongo_database_name) as target:
        start(target, odd)
        delta(target, V2, [], [odd["_id"]])
        assert target.count("a") == 0
        target.rollback(V1, ignore)
        assert target.database["a"].find_one() == odd


def test_one_key_in_two_widths_is_one_document(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        start(target, {"_id": 1, "x": 1}, {"_id": 2, "x": 2})
        delta(target, V2, [{"_id": Int64(1), "x": 10}], [Int64(2)])
        assert live(mongo_uri, mongo_database_name)["a"] == {1: {"_id": 1, "x": 10}}
        target.rollback(V1, ignore)
        assert live(mongo_uri, mongo_database_name)["a"] == {1: {"_id": 1, "x": 1}, 2: {"_id": 2, "x": 2}}


def test_dates_beyond_python_and_odd_values_survive(mongo_uri: str, mongo_database_name: str) -> None:
    far = bson.DatetimeMS(2**60)
    with open_target(mongo_uri, mongo_database_name) as target:
        start(target, {"_id": 1, "x": far, "y": bson.Decimal128("1.500")})
        before = [bytes(one.raw) for one in target.sample("a", [1])]
        delta(target, V2, [{"_id": 1, "x": bson.DatetimeMS(-(2**60)), "y": None}], [])
        target.rollback(V1, ignore)
        assert [bytes(one.raw) for one in target.sample("a", [1])] == before


def test_a_chain_is_undone_aside_before_it_is_switched_to(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name, keep=5) as target:
        start(target, {"_id": 1, "x": 1})
        delta(target, V2, [{"_id": 1, "x": 2}], [])
        delta(target, V3, [{"_id": 1, "x": 3}, {"_id": 2, "x": 3}], [])
        publish(target, "2025-06-28-004", {"a": {1: {"_id": 1, "x": 4}}})
        target.rollback(V2, ignore)
        assert live(mongo_uri, mongo_database_name)["a"] == {1: {"_id": 1, "x": 2}}
        target.rollback("2025-06-28-004", ignore)
        assert live(mongo_uri, mongo_database_name)["a"] == {1: {"_id": 1, "x": 4}}
        target.rollback(V1, ignore)
        assert live(mongo_uri, mongo_database_name)["a"] == {1: {"_id": 1, "x": 1}}
        with pytest.raises(FailedError) as caught:
            target.rollback(V3, ignore)
        assert caught.value.code == "version-dropped"


def test_an_increment_for_another_version_is_stale(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        start(target, {"_id": 1, "x": 1})
        target.begin(version(V2, "a", refresh="incremental"))
        publish(target, V3, {"a": {1: {"_id": 1, "x": 3}}})
        for verb in (
            lambda: target.apply_delta(V2, "a", upserts=[], deletes=[1], owned_fields=["x"]),
            lambda: target.publish(V2, ignore),
        ):
            with pytest.raises(StaleError) as caught:
                verb()
            assert caught.value.code == "increment-stale"
        assert live(mongo_uri, mongo_database_name)["a"] == {1: {"_id": 1, "x": 3}}


def test_an_increment_needs_a_version_and_fits_the_validator(
    mongo_uri: str, mongo_database_name: str
) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        with pytest.raises(UsageError) as caught:
            target.begin(version(V2, "a", refresh="incremental"))
        assert caught.value.code == "no-current-version"
        target.begin(version(V1, "a"))
        target.prepare(V1, "a", validator={"$jsonSchema": {"properties": {"x": {"bsonType": "int"}}}})
        target.writer(V1, "a").write([bson.encode({"_id": 1, "x": 1})])
        target.publish(V1, ignore)
        with pytest.raises(FailedError) as refused:
            delta(target, V2, [{"_id": 1, "x": 7}, {"_id": 2, "x": "secret"}], [])
        assert refused.value.code == "document-invalid"
        assert "secret" not in str(refused.value)
        target.recover(ignore)
        assert live(mongo_uri, mongo_database_name)["a"] == {1: {"_id": 1, "x": 1}}
        assert {one.id: one.state for one in target.versions()} == {V1: "published", V2: "failed"}
