"""Who may write where: names, marks, leases, and what errors say."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from pymongo import MongoClient
from target_scene import build, generation, open_target, publish, version

from bravo_agent.errors import BravoError, FailedError, RefusedError, UsageError
from bravo_agent.events import ignore
from bravo_agent.stores.mongodb import MongoTarget, database_name

V1, V2 = "2025-06-28-001", "2025-06-28-002"


@pytest.mark.parametrize("name", ["admin", "local", "config", "production", "T_x"])
def test_a_name_that_is_not_allowed_is_refused(mongo_uri: str, name: str) -> None:
    allow = "*" if name in ("admin", "local", "config") else "t_*"
    with open_target(mongo_uri, name, allow=allow) as target:
        for verb in (target.guard, target.adopt, lambda: target.begin(version(V1, "a"))):
            with pytest.raises(RefusedError) as caught:
                verb()
            assert caught.value.code == "target-not-allowed"
            assert caught.value.exit_code == 6


def test_a_database_with_data_is_refused_and_stays_as_it_is(mongo_uri: str, mongo_database_name: str) -> None:
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        client[mongo_database_name]["users"].insert_one({"_id": 1})
        with open_target(mongo_uri, mongo_database_name) as target:
            for verb in (
                target.guard,
                lambda: target.next_version_id("2025-06-28"),
                lambda: target.begin(version(V1, "a")),
                lambda: target.publish(V1, ignore),
                lambda: target.recover(ignore),
                lambda: target.rollback(V1, ignore),
                lambda: target.record_run({"run": "x"}),
                lambda: target.writer(V1, "users"),
            ):
                with pytest.raises(RefusedError) as caught:
                    verb()  # type: ignore[no-untyped-call]
                assert caught.value.code == "target-not-marked"
            assert client[mongo_database_name].list_collection_names() == ["users"]
            assert not target.is_marked()
            target.adopt()
            target.guard()
            publish(target, V1, generation(1, "a"))
            assert client[mongo_database_name]["users"].count_documents({}) == 1


def test_one_writer_at_a_time(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name) as one:
        build(one, V1, generation(1, "a"))
        with open_target(mongo_uri, mongo_database_name) as two:
            with pytest.raises(FailedError) as caught:
                two.publish(V1, ignore)
            assert caught.value.code == "target-busy"
            assert caught.value.retryable
            assert two.current() is None
            two.writer(V1, "a")  # a worker of the same build needs no lease
    with open_target(mongo_uri, mongo_database_name) as two:
        two.publish(V1, ignore)


def test_the_lease_of_a_dead_process_is_taken_over_at_once(mongo_uri: str, mongo_database_name: str) -> None:
    code = (
        "import os, sys; from bravo_agent.stores.mongodb import MongoTarget\n"
        "t = MongoTarget(sys.argv[1], sys.argv[2], allow=['t_*'], keep_versions=1); t.enter(); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", code, mongo_uri, mongo_database_name], check=False, timeout=60)
    with open_target(mongo_uri, mongo_database_name) as target:
        assert target.durable("_bravo_meta").find_one({"_id": "lock"}) is not None
        target.enter()


def test_a_lease_from_elsewhere_runs_out_by_the_servers_clock(
    mongo_uri: str, mongo_database_name: str
) -> None:
    with (
        open_target(mongo_uri, mongo_database_name) as one,
        open_target(mongo_uri, mongo_database_name) as two,
    ):
        one.enter()
        meta = one.durable("_bravo_meta")
        meta.update_one({"_id": "lock"}, {"$set": {"host": "elsewhere", "pid": 1}})
        with pytest.raises(FailedError):
            two.enter()
        meta.update_one({"_id": "lock"}, [{"$set": {"expires": {"$subtract": ["$$NOW", 1]}}}])
        two.enter()
        one.lease.release()
        assert meta.find_one({"_id": "lock"}) is not None


def test_a_lost_lease_stops_the_loser(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name) as one:
        one.enter()
        one.durable("_bravo_meta").update_one({"_id": "lock"}, {"$set": {"token": "another"}})
        assert one.lease.renew() is False
        with pytest.raises(FailedError) as caught:
            one.publish(V1, ignore)
        assert caught.value.code == "target-lease-lost"


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("mongodb://u:s3cret@127.0.0.1:1/?serverSelectionTimeoutMS=50", "target-unreachable"),
        ("mongodb://u:s3c/ret@127.0.0.1:1/", "target-uri-invalid"),
        ("nonsense s3cret", "target-uri-invalid"),
    ],
)
def test_errors_name_no_secret(uri: str, code: str) -> None:
    with (
        pytest.raises(BravoError) as caught,
        MongoTarget(uri, "t_x", allow=["t_*"], keep_versions=1) as target,
    ):
        target.guard()
    assert caught.value.code == code
    assert "s3c" not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_reserved_names_are_not_collections(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        for name in ("_bravo_meta", "etl_audit", "system.users"):
            with pytest.raises(UsageError) as caught:
                target.begin(version(V1, name))
            assert caught.value.code == "collection-name-reserved"


def test_database_names() -> None:
    assert database_name("bravo-1") == "bravo-1"
    assert database_name("bravo-1", test=True) == "bravo-1-test"
    assert database_name("bravo-1", branch="feature/x") == "bravo-1-feature-x"
    assert database_name("bravo-1", date="2025-06-28") == "bravo-1-20250628"
    assert database_name("My_Dev.x") == "My_Dev-x"
    assert len(database_name("é" * 40, test=True).encode()) < 64
    branches = [
        "test",
        "20250628",
        "é",
        "è",
        "Feature/x",
        "x" * 80,
        "x" * 81,
        "a b",
        'a"b',
        "$",
        ".",
        "中" * 30,
    ]
    names = {database_name("bravo-1", branch=one) for one in branches}
    taken = {"bravo-1-test", "bravo-1-20250628", "bravo-1-feature-x"}
    assert len(names | taken) == len(branches) + 3
    for name in names:
        assert len(name.encode()) < 64
        assert not set(name) & set('/\\. "$*<>:|?')
