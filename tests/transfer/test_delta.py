"""The delta of two snapshots, applied to the one, gives the other: whatever the rows, chunks and passes are."""

from __future__ import annotations

from pathlib import Path

import bson
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import Column, ColumnType, Table
from bravo_agent.model.mapping import ColumnMapping, EntityMapping
from bravo_agent.transfer import delta
from bravo_agent.transfer.delta import Side, deletions, upserts
from bravo_agent.transfer.load import TableEncoder
from bravo_agent.transfer.transform import Surroundings

TABLE = Table(
    "public",
    "things",
    (Column("id", ColumnType("int8"), nullable=False), Column("name", ColumnType("text"))),
    ("id",),
)
MAPPING = EntityMapping(
    "public.things",
    "things",
    None,
    (ColumnMapping("id", "_id", None), ColumnMapping("name", "name", None)),
    ("id",),
)
AROUND = Surroundings(Path(), None, TypesSection())

rows = st.dictionaries(st.integers(-50, 50), st.none() | st.text("ab", max_size=3), max_size=40)


def side(
    content: dict[int, str | None], per_chunk: int, key: tuple[str, ...] = (), *, marked: bool = False
) -> Side:
    items = list(content.items())
    chunks = [items[at : at + per_chunk] for at in range(0, len(items), per_chunk)]

    def read(index: int) -> pa.RecordBatch:
        ids, names = zip(*chunks[index], strict=True)
        return pa.record_batch({"id": pa.array(ids, pa.int64()), "name": pa.array(names, pa.utf8())})

    return Side(
        tuple((index, len(chunk)) for index, chunk in enumerate(chunks)),
        read,
        TableEncoder(MAPPING, TABLE, AROUND),
        key=key,
        marks={index: repr(chunk) for index, chunk in enumerate(chunks)} if marked else {},
    )


@given(rows, rows, st.integers(1, 50), st.integers(1, 50), st.sampled_from([(), ("id",)]), st.booleans())
def test_applied_to_the_former_it_gives_the_latter(
    before: dict[int, str | None],
    after: dict[int, str | None],
    first: int,
    second: int,
    key: tuple[str, ...],
    marked: bool,
) -> None:
    old, new = side(before, first, key, marked=marked), side(after, second, key, marked=marked)
    found = dict(before)
    for document in upserts(old, new):
        decoded = bson.decode(document)
        found[decoded["_id"]] = decoded["name"]
    for document in deletions(old, new):
        del found[bson.decode(document)["_id"]]
    assert found == after


@given(rows, st.integers(1, 50))
def test_of_equal_snapshots_it_is_empty(content: dict[int, str | None], per_chunk: int) -> None:
    turned = dict(reversed(content.items()))
    old, new = side(content, per_chunk), side(turned, per_chunk)
    assert list(upserts(old, new)) == []
    assert list(deletions(old, new)) == []


@given(rows, rows, st.integers(1, 50))
def test_rows_and_documents_tell_the_same(
    before: dict[int, str | None], after: dict[int, str | None], per_chunk: int
) -> None:
    by_rows = side(before, per_chunk, ("id",)), side(after, per_chunk, ("id",))
    by_documents = side(before, per_chunk), side(after, per_chunk)
    assert list(upserts(*by_rows)) == list(upserts(*by_documents))
    assert list(deletions(*by_rows)) == list(deletions(*by_documents))


def test_in_several_passes_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    before = dict.fromkeys(range(100), "a")
    after = {number: "b" if number % 3 else "a" for number in range(20, 130)}
    once = (
        sorted(upserts(side(before, 7), side(after, 9))),
        sorted(deletions(side(before, 7), side(after, 9))),
    )
    monkeypatch.setattr(delta, "ROWS_PER_PASS", 10)
    old, new = side(before, 7), side(after, 9)
    assert (sorted(upserts(old, new)), sorted(deletions(old, new))) == once
