"""A run that stood still while another took over: it must not go on where it was."""

from __future__ import annotations

import time
from collections.abc import Iterator

import bson
import pytest
from pymongo import MongoClient

from bravo_agent.errors import FailedError
from bravo_agent.events import ignore
from bravo_agent.model.version import CollectionState, Version
from bravo_agent.stores.mongodb import MongoTarget

MANY = 5_000


def _version(number: int, refresh: str) -> Version:
    return Version(
        id=f"2025-06-28-{number:03}", database="x", state="building", refresh=refresh, current=False,  # type: ignore[arg-type]
        snapshot="s", catalog_fingerprint="c", models_fingerprint="m", plan_hash="p", masking_hash="k",
        transform_hash="t", git_commit=None, created_by="t", created_at="2025-06-28T00:00:00Z",
        verified=False, collections=(CollectionState("ads", 0),),
    )  # fmt: skip


def test_increment_stops_once_its_lease_is_gone(mongo_uri: str, mongo_database_name: str) -> None:
    with MongoTarget(mongo_uri, mongo_database_name, allow=["t_*"], keep_versions=2) as target:
        target.begin(_version(1, "full"))
        target.prepare("2025-06-28-001", "ads")
        target.writer("2025-06-28-001", "ads").write([bson.encode({"_id": i, "n": 1}) for i in range(MANY)])
        target.publish("2025-06-28-001", ignore)
        target.begin(_version(2, "incremental"))
        with pytest.raises(FailedError, match="took the target over"):
            target.apply_delta(
                "2025-06-28-002",
                "ads",
                upserts=_interrupted(mongo_uri, mongo_database_name),
                deletes=(),
                owned_fields=["n"],
            )
        with MongoClient[dict[str, object]](mongo_uri) as client:
            assert client[mongo_database_name]["ads"].count_documents({"n": 2}) < MANY / 2


def _interrupted(uri: str, database: str) -> Iterator[bytes]:
    """New documents, and in the midst of them somebody else becomes the owner of the target."""
    for number in range(MANY):
        if number == MANY // 2:
            with MongoClient[dict[str, object]](uri) as client:
                client[database]["_bravo_meta"].update_one({"_id": "lock"}, {"$set": {"token": "another"}})
            time.sleep(1.1)  # as long as a lease is held for fresh
        yield bson.encode({"_id": number, "n": 2})
