"""Checksums do not depend on order or slicing, and do depend on everything else."""

from __future__ import annotations

from typing import Any

import bson
import numpy as np
import pyarrow as pa
import pytest
from encodable import batches
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bravo_agent.model.catalog import ColumnType
from bravo_agent.ports import Checksum
from bravo_agent.transfer import hashing
from bravo_agent.transfer.checksum import hash_bytes, row_hashes
from bravo_agent.transfer.documents import Documents, checksums, key_hashes

PAIRS = st.lists(st.tuples(st.binary(max_size=5), st.none() | st.binary(max_size=30)), max_size=20)


def block_of(documents: list[bytes]) -> Documents:
    return Documents.of_array(pa.array(documents, pa.large_binary()))


def sums(pairs: list[tuple[bytes, bytes | None]]) -> Checksum:
    documents = [{"_id": key} | ({} if value is None else {"a": value}) for key, value in pairs]
    found = checksums(block_of(list(map(bson.encode, documents))))
    return found.get("a", Checksum())


@given(PAIRS, st.randoms(), st.integers(0, 20))
def test_order_and_chunks_do_not_matter(pairs: list[Any], random: Any, cut: int) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)
    assert sums(pairs) == sums(shuffled)
    first, second = sums(shuffled[:cut]), sums(shuffled[cut:])
    whole = Checksum(first.count + second.count, (first.sum + second.sum) % 2**64)
    assert whole == sums(pairs)


@given(PAIRS, PAIRS)
def test_different_rows_differ(one: list[Any], two: list[Any]) -> None:
    there = [sorted(pair for pair in pairs if pair[1] is not None) for pairs in (one, two)]
    assert (sums(one) == sums(two)) == (there[0] == there[1])


def test_values_swapped_between_two_keys_are_seen() -> None:
    assert sums([(b"1", b"a"), (b"2", b"b")]) != sums([(b"1", b"b"), (b"2", b"a")])


@settings(deadline=None)
@given(st.lists(st.none() | st.binary(max_size=40), max_size=30), st.integers(1, 50))
def test_hashes_do_not_depend_on_runs(values: list[bytes | None], run: int) -> None:
    array = pa.array(values, pa.binary())
    whole = hash_bytes(array)
    singly = [int(hash_bytes(array.slice(i, 1))[0]) for i in range(len(values))]
    assert whole.tolist() == singly
    assert len(set(whole.tolist())) == len(set(values))


def test_long_values_hash_by_their_length_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "_LONG", 10)
    values = [b"x" * 11, b"a", b"b" * 9, b"x" * 10, b"", b"y" * 30, b"z"]
    whole = hash_bytes(pa.array(values))
    assert whole.tolist() == [int(hash_bytes(pa.array([value]))[0]) for value in values]
    assert len(set(whole.tolist())) == len(values)


def test_every_byte_of_every_length_counts() -> None:
    values = [b"\0" * size for size in range(30)]
    values += [bytes(size and i == at for i in range(size)) for size in range(30) for at in range(size)]
    hashes = hash_bytes(pa.array(values, pa.binary()))
    assert len(set(hashes.tolist())) == len(values)
    by_size = [hash_bytes(pa.array([v for v in values if len(v) == size], pa.binary())) for size in range(30)]
    assert set(np.concatenate(by_size).tolist()) == set(hashes.tolist())


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=batches())
def test_row_hashes_do_not_depend_on_slices_or_copies(made: tuple[pa.RecordBatch, list[ColumnType]]) -> None:
    batch, _ = made
    hashes = row_hashes(batch)
    assert hashes.tolist() == [int(row_hashes(batch.slice(i, 1))[0]) for i in range(batch.num_rows)]
    copied = batch.take(pa.array(np.arange(batch.num_rows)))
    assert hashes.tolist() == row_hashes(copied).tolist()


def test_row_hashes_tell_null_empty_and_order_apart() -> None:
    rows = [None, [], [None], [None, None], ["a"], ["", "a"], ["a", ""], ["a", "b"], ["b", "a"], ["ab"]]
    hashes = row_hashes(pa.record_batch({"a": pa.array(rows, pa.list_(pa.utf8()))}))
    assert len(set(hashes.tolist())) == len(rows)
    texts = [
        row_hashes(pa.record_batch({name: pa.array([value], pa.utf8())}))[0]
        for name in "ab"
        for value in (None, "")
    ]
    assert len(set(texts)) == 4


def test_documents_and_the_same_documents_in_a_cursor() -> None:
    documents = [bson.encode(d) for d in ({"_id": 1, "a": "x"}, {"_id": 2}, {"_id": 3, "a": None})]
    array = pa.array([b"before", *documents], pa.large_binary()).slice(1)
    found = checksums(Documents.of_array(array))
    assert checksums(block_of(documents[::-1])) == found
    assert (found["_id"].count, found["a"].count) == (3, 2)
    assert checksums(block_of([])) == {}
    assert checksums(Documents.of_array(array.slice(0, 0))) == {}


DOCUMENTS = st.lists(
    st.dictionaries(
        st.sampled_from(["a", "b", "a longer name"]), st.none() | st.integers(0, 2**40) | st.text()
    ),
    max_size=20,
)


@settings(deadline=None)
@given(DOCUMENTS, st.integers(1, 7))
def test_layouts_of_others_and_slices_do_not_matter(values: list[dict[str, Any]], cut: int) -> None:
    """What a document is hashed to does not depend on the documents beside it."""
    documents = [bson.encode({"_id": i} | one) for i, one in enumerate(values)]
    whole = block_of(documents)
    single = [block_of([one]) for one in documents]
    assert key_hashes(whole).tolist() == [int(key_hashes(one)[0]) for one in single]
    found: dict[str, Checksum] = {}
    for one in single:
        for name, sum_ in checksums(one).items():
            found[name] = found.get(name, Checksum()) + sum_
    assert checksums(whole) == found
    keys = np.sort(key_hashes(whole)[::cut])
    found = {name: one for name, one in checksums(whole, keys).items() if one.count}
    assert found == checksums(block_of(documents[::cut]))
