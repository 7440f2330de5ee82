"""What is asked of which column, how it is counted, and what kinds make of it."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bravo_agent.changes._samples import ID_FIELD, INT4, INT8, TEXT, column, enum, field, table, varchar
from bravo_agent.config import Config
from bravo_agent.model.catalog import Catalog, ColumnType, Table
from bravo_agent.model.change import EXACT_DISTINCT, Change, Evidence
from bravo_agent.model.entities import Entity, Field, ModelSet, Place, Shape
from bravo_agent.planning.claims import kinds
from bravo_agent.planning.evidence_text import evidence_text, wire_evidence
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.measures import ASKED, measures_of, type_of_shape
from bravo_agent.planning.recognise import recognise
from bravo_agent.transfer.distinct import DistinctCount
from bravo_agent.transfer.equal_by_key import SAMPLE, KeySample, compare
from bravo_agent.transfer.evidence import ColumnTally, Question
from bravo_agent.types import cast_between

PAGE = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8")
CODE, NEW = ("public.campaigns", "c"), ("public.campaigns", "n")


def models(*fields: Field) -> ModelSet:
    return ModelSet((Entity("Campaign", "app.models", Place("app/models.py", 1), (ID_FIELD, *fields)),))


def changes(
    before: Table, after: Table, known: ModelSet, evidence: Mapping[tuple[str, str], Evidence] | None = None
) -> tuple[Change, ...]:
    old, new = Catalog((before,), "prod", "1"), Catalog((after,), "prod", "1")
    mapping = derive_mapping(old, known, Config())
    return recognise(old, new, known, mapping, Config(), {}, evidence=evidence).changes


def options(change: Change) -> list[str]:
    return [one.name for one in change.question.options] if change.question else []


def test_the_page_says_what_is_asked() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([a-z, -]+) \|$", PAGE, re.MULTILINE))
    assert {kind: tuple(asks.split(", ")) for kind, asks in rows.items()} == dict(ASKED)
    asked = {ask for asks in ASKED.values() for ask in asks}
    assert set(re.findall(r"^\| ([a-z-]+) \| `", PAGE, re.MULTILINE)) == asked
    assert f"{EXACT_DISTINCT:,}" in PAGE
    assert f"{SAMPLE:,}" in PAGE


def test_only_kinds_that_are_there_are_asked_about() -> None:
    assert set(ASKED) - {"moved_field"} <= set(kinds())


def test_settled_changes_ask_for_nothing() -> None:
    shown = models(field("c", Shape("int")))
    found = changes(table(column("c", TEXT)), table(column("c", INT8)), shown)
    assert [change.state for change in found] == ["settled"]
    assert not measures_of(found, shown)


def test_a_renamed_column_is_asked_for_by_its_name_now() -> None:
    known = models(field("c"))
    found = changes(table(column("c", TEXT)), table(column("d", INT8)), known)
    (wanted,) = [one for one in measures_of(found, known, identity=True).now if one.expected]
    assert (wanted.key, wanted.column, wanted.expected) == (("public.campaigns", "d"), "d", TEXT)


def test_keep_is_offered_as_long_as_every_value_fits() -> None:
    known = models(field("c", Shape("int")))
    pair = table(column("c", INT4)), table(column("c", TEXT))
    for evidence, offered in (
        (None, True),
        (Evidence(rows=10, nulls=4, castable=6), True),
        (Evidence(rows=10, nulls=4), True),
        (Evidence(rows=10, nulls=4, castable=5), False),
    ):
        (change,) = changes(*pair, known, {CODE: evidence} if evidence else None)
        assert ("keep" in options(change)) is offered
        assert change.evidence == (evidence or Evidence())
    assert change.details.note == "1 of 6 values do not fit int4"
    assert change.verdict == "review"


def test_a_type_that_is_not_loaded_blocks() -> None:
    known = models(field("c"))
    (change,) = changes(table(column("c", TEXT)), table(column("c", ColumnType("tsvector"))), known)
    assert change.verdict == "block"


def test_a_lost_label_blocks_while_rows_hold_it() -> None:
    known = models(field("c", Shape("enum", labels=("a", "b"))))
    pair = table(column("c", enum("a", "b"))), table(column("c", enum("a")))
    gone = ("public.campaigns", "c->")
    (before,) = changes(*pair, known, {gone: Evidence(rows=9, holding=(("b", 2),))})
    assert (before.verdict, before.evidence.held_before) == ("review", (("b", 2),))
    (now,) = changes(*pair, known, {CODE: Evidence(rows=9, holding=(("b", 3),))})
    assert now.verdict == "block"
    assert "3 of 9 rows still hold it" in (now.details.note or "")


def test_the_line_a_person_reads() -> None:
    known = models(field("c", Shape("int")))
    evidence = Evidence(rows=1204, nulls=3, distinct=12, castable=1201, outside=0)
    (change,) = changes(table(column("c", INT4)), table(column("c", TEXT)), known, {CODE: evidence})
    assert (
        evidence_text(change)
        == "3 of 1,204 rows are NULL, 12 distinct values, 1,201 of 1,201 castable to int4"
    )
    about = replace(change, evidence=Evidence(distinct=70_001))
    assert evidence_text(about) == "about 70,001 distinct values"
    assert evidence_text(replace(change, evidence=Evidence())) == ""
    assert "keys" not in wire_evidence(Evidence(rows=1, keys=("id=1",)))


@pytest.mark.parametrize(
    ("shape", "type_"),
    [
        (Shape("str", max_length=5), varchar(5)),
        (Shape("str"), TEXT),
        (Shape("list", item=Shape("int")), ColumnType("int8[]", "array", element=INT8)),
        (Shape("decimal"), ColumnType("numeric")),
        (Shape("any"), None),
        (Shape("list"), None),
    ],
)
def test_what_a_field_takes(shape: Shape, type_: ColumnType | None) -> None:
    assert type_of_shape(shape) == type_


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.sampled_from([None, "", "a", "b", "\0", "é"]), max_size=8), max_size=5))
def test_a_tally_is_what_counting_by_hand_gives(batches: list[list[str | None]]) -> None:
    tally = ColumnTally(
        Question("c", TEXT, distinct=True, cast=cast_between(TEXT, varchar(0)), labels=("a", "b"))
    )
    for batch in batches:
        tally.add(pa.array(batch, pa.utf8()))
    values = [value for batch in batches for value in batch]
    there = [value for value in values if value is not None]
    assert tally.evidence == Evidence(
        rows=len(values),
        nulls=values.count(None),
        distinct=len(set(there)),
        castable=there.count(""),
        outside=len(there) - there.count(""),
        holding=(("a", there.count("a")), ("b", there.count("b"))),
    )


def test_labels_are_counted_in_arrays_too() -> None:
    moods = ColumnType("mood[]", "array", "public", element=enum("a", "b"))
    items = pa.field("items", pa.list_(pa.field("item", pa.utf8())))
    arrow = pa.struct([items, pa.field("text", pa.utf8())])
    rows = [{"items": ["a", "a"]}, {"items": ["b", None]}, {"text": '{{"a"},{b}}'}, None, {"items": []}]
    tally = ColumnTally(Question("c", moods, labels=("a", "b")))
    tally.add(pa.array(rows, arrow))
    assert tally.evidence.holding == (("a", 2), ("b", 2))


def test_distinct_beyond_its_bound_is_near_and_does_not_depend_on_the_order() -> None:
    rng = np.random.default_rng(5)
    hashes = rng.integers(0, 2**63, 400_000, dtype=np.uint64)
    counts = []
    for order in (hashes, hashes[::-1], rng.permutation(np.concatenate((hashes, hashes)))):
        count = DistinctCount()
        for part in np.array_split(order, 13):
            count.add(part)
        counts.append(count.count)
    assert len(set(counts)) == 1
    assert abs(counts[0] - 400_000) < 400_000 * 0.02


def batch(keys: list[int], **columns: list[str | None]) -> pa.RecordBatch:
    return pa.record_batch(
        {"id": pa.array(keys, pa.int64()), **{n: pa.array(v, pa.utf8()) for n, v in columns.items()}}
    )


def test_equal_by_key_finds_rows_again_whatever_their_order() -> None:
    count = 3 * SAMPLE
    keys = list(range(count))
    values = [None if key % 10 == 0 else f"v{key % 50}" for key in keys]
    old = KeySample({"id": INT8}, {"a": TEXT})
    old.add(batch(keys[:50_000], a=values[:50_000]))
    old.add(batch(keys[50_000:], a=values[50_000:]))
    random.Random(1).shuffle(keys)
    new = KeySample({"id": INT4}, {"b": varchar(9), "c": TEXT, "d": TEXT})
    other = [values[key] for key in keys]
    half = [value if key % 4 else None for key, value in zip(keys, other, strict=True)]
    new.add(batch(keys, b=other, c=half, d=[None] * count).cast(
        pa.schema({"id": pa.int32(), "b": pa.utf8(), "c": pa.utf8(), "d": pa.utf8()})
    ))  # fmt: skip
    found = compare(old, new, [("a", "b"), ("a", "c"), ("a", "d")])
    assert len(new.keys) == SAMPLE
    assert found["a", "b"].equal_by_key == 1.0
    assert found["a", "b"].distinct == 45
    assert 17_500 < (found["a", "b"].rows or 0) < 18_500, "NULL on both sides says nothing"
    assert 0.7 < (found["a", "c"].equal_by_key or 0) < 0.8
    assert found["a", "d"].equal_by_key == 0.0


def test_numerics_are_equal_whatever_their_scale() -> None:
    old, new = (KeySample({"id": INT8}, {"a": ColumnType("numeric")}) for _ in range(2))
    old.add(batch([1, 2, 3], a=["1.50", "100", "0.00"]))
    new.add(batch([3, 2, 1], a=["0", "100.000", "1.5"]))
    assert compare(old, new, [("a", "a")])["a", "a"].equal_by_key == 1.0
