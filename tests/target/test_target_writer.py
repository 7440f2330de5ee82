"""The writer against the driver's own way: the same documents, byte for byte, at every boundary."""

from __future__ import annotations

import datetime
from typing import Any

import bson
import pyarrow as pa
import pytest
from bson.raw_bson import RawBSONDocument
from pymongo.errors import AutoReconnect
from target_scene import open_target, version

from bravo_agent.errors import FailedError
from bravo_agent.stores.mongodb import MongoTarget

V1 = "2025-06-28-001"


def stored(target: MongoTarget) -> bytes:
    blocks = target.blocks("a", version=V1, sort=True)
    return b"".join(
        block.data[begin:end].tobytes()
        for block in blocks
        for begin, end in zip(block.begin, block.end, strict=True)
    )


def ready(target: MongoTarget, **options: Any) -> Any:
    target.begin(version(V1, "a"))
    target.prepare(V1, "a", **options)
    return target.writer(V1, "a")


DOCUMENTS = [
    bson.encode(
        {"_id": n, "s": "x" * (n % 50), "t": datetime.datetime(2025, 1, 1), "n": bson.Decimal128("1.0")}
    )
    for n in range(5_000)
]


@pytest.mark.parametrize("shape", ["bytes", "views", "raw", "array", "large", "slice", "chunks"])
def test_every_shape_of_documents_is_stored_as_it_is(
    mongo_uri: str, mongo_database_name: str, shape: str
) -> None:
    shapes: dict[str, list[Any]] = {
        "bytes": [DOCUMENTS],
        "views": [[memoryview(one) for one in DOCUMENTS]],
        "raw": [[RawBSONDocument(one) for one in DOCUMENTS]],
        "array": [pa.array(DOCUMENTS, pa.binary())],
        "large": [pa.array(DOCUMENTS, pa.large_binary())],
        "slice": [
            pa.array([b"no", *DOCUMENTS, b"no"], pa.binary())[1:2_000],
            pa.array([b"no", *DOCUMENTS], pa.binary())[2_000:],
        ],
        "chunks": [DOCUMENTS[:1], [], DOCUMENTS[1:], pa.array([], pa.binary())],
    }
    with open_target(mongo_uri, mongo_database_name) as target:
        writer = ready(target)
        assert sum(writer.write(one) for one in shapes[shape]) == len(DOCUMENTS)
        assert stored(target) == b"".join(DOCUMENTS)


def test_batches_end_at_the_bounds_and_a_row_of_15_mb_passes(
    mongo_uri: str, mongo_database_name: str
) -> None:
    sizes = [10, 15_000_000, 10, 3_999_000, 3_000, 16_777_100, *[1_500_000] * 5]
    documents = [bson.encode({"_id": n, "x": b"x" * (size)}) for n, size in enumerate(sizes)]
    with open_target(mongo_uri, mongo_database_name) as target:
        writer = ready(target)
        assert writer.write(documents) == len(documents)
        assert stored(target) == b"".join(documents)
        small = [bson.encode({"_id": n}) for n in range(1_000, 130_000)]
        assert writer.write(small) == len(small)
        assert target.count("a", version=V1) == len(small) + len(documents)


def test_a_document_over_16_mb_is_refused(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name) as target, pytest.raises(FailedError) as caught:
        ready(target).write([bson.encode({"_id": 1, "x": b"x" * 16_777_300})])
    assert caught.value.code == "document-too-large"


def test_a_retry_leaves_what_is_there_and_adds_the_rest(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        writer = ready(target)
        writer.write(DOCUMENTS[:3_000])
        with pytest.raises(FailedError) as caught:
            writer.write(DOCUMENTS[2_999:3_001])
        assert caught.value.code == "duplicate-key"
        assert writer.write(DOCUMENTS, retry=True) == 1_999
        assert writer.write(DOCUMENTS * 2, retry=True) == 0
        assert stored(target) == b"".join(DOCUMENTS)
        with pytest.raises(FailedError) as other:
            writer.write([bson.encode({"_id": 7, "s": "secret"})], retry=True)
        assert other.value.code == "duplicate-key"
        assert "secret" not in str(other.value)


def test_another_unique_index_is_never_tolerated(mongo_uri: str, mongo_database_name: str) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        writer = ready(target)
        target.create_indexes(V1, "a", [(("u",), True), (("u", "v"), False)])
        assert target.indexes("a", version=V1) == {(("u",), True), (("u", "v"), False)}
        writer.write([bson.encode({"_id": 1, "u": "same"})])
        with pytest.raises(FailedError) as caught:
            writer.write([bson.encode({"_id": 2, "u": "same"})], retry=True)
        assert caught.value.code == "duplicate-key"


def test_the_validator_waits_for_the_scan(mongo_uri: str, mongo_database_name: str) -> None:
    validator = {"$jsonSchema": {"required": ["s"]}}
    with open_target(mongo_uri, mongo_database_name) as target:
        writer = ready(target, validator=validator)
        target.prepare(V1, "a", validator=validator)
        assert writer.write([bson.encode({"_id": 1, "s": 1}), bson.encode({"_id": 2})]) == 2
        assert target.collection_validator("a", version=V1) == validator
        assert target.validator_violations("a", validator, version=V1) == 1
        assert target.validator_violations("a", {"$jsonSchema": {}}, version=V1) == 0
        assert [one["_id"] for one in target.sample("a", [2, 3], version=V1)] == [2]


def test_a_broken_connection_is_a_retry(
    mongo_uri: str, mongo_database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_target(mongo_uri, mongo_database_name) as target:
        writer = ready(target)
        send, broken = writer._send, iter([True, False])

        def break_after(*args: Any) -> Any:
            reply = send(*args)
            if next(broken):
                raise AutoReconnect("the answer was lost")
            return reply

        monkeypatch.setattr(writer, "_send", break_after)
        writer.write(DOCUMENTS)
        assert stored(target) == b"".join(DOCUMENTS)
