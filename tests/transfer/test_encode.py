"""The batch encoder gives the bytes of ``bson.encode``, row by row."""

from __future__ import annotations

import bson
import pyarrow as pa
import pytest
from encodable import TEXT, array_of, batches, canonical
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.transfer import encode_rows
from bravo_agent.transfer.encode import DocumentField, EncodedBatch, KeySpec, Rejected, compile_encoder
from bravo_agent.transfer.exact import encode_exact

SWITCHES = st.builds(
    TypesSection,
    infinity=st.sampled_from(["fail", "null", "string"]),
    uuid=st.sampled_from(["binary", "string"]),
    date=st.sampled_from(["date", "string"]),
)
NAMES = TEXT.filter(lambda name: "\0" not in name and name != "_id")
_INT, _TEXT = ColumnType("int4"), ColumnType("text")


def equal(one: EncodedBatch, two: EncodedBatch) -> None:
    assert one.rejected == two.rejected
    assert one.kept.tolist() == two.kept.tolist()
    assert one.documents.to_pylist() == two.documents.to_pylist()


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=batches(), switches=SWITCHES, data=st.data())
def test_the_bytes_are_those_of_bson(
    made: tuple[pa.RecordBatch, list[ColumnType]], switches: TypesSection, data: st.DataObject
) -> None:
    batch, types = made
    names = data.draw(st.lists(NAMES, min_size=len(types), max_size=len(types), unique=True))
    fields = [DocumentField(name, t, f"c{i}") for i, (name, t) in enumerate(zip(names, types, strict=True))]
    keys: list[KeySpec] = [("precomputed", "key"), ("single", "key", _TEXT)]
    if types:
        keys.append(("composite", [("a", "c0", types[0]), ("é", "key", _TEXT)]))
    key = data.draw(st.sampled_from(keys))
    encode = compile_encoder(key, fields, switches)
    equal(encode(batch), encode_exact(batch, key, fields, switches))
    for row in range(batch.num_rows):
        part = batch.slice(row, 1)
        equal(encode(part), encode_exact(part, key, fields, switches))


def one_column(type_: ColumnType, values: list[object], switches: TypesSection | None = None) -> EncodedBatch:
    batch = pa.record_batch({"k": pa.array(range(len(values)), pa.int32()), "c": canonical(type_, values)})
    fields = [DocumentField("v", type_, "c")]
    return compile_encoder(("single", "k", _INT), fields, switches or TypesSection())(batch)


@pytest.mark.parametrize(
    ("type_", "value", "reason"),
    [
        (ColumnType("numeric"), "9" * 35, "numeric-over-34-digits"),
        (ColumnType("numeric"), "0." + "0" * 6176 + "1", "numeric-over-34-digits"),
        (ColumnType("date"), -2147472692, "infinite-date"),
        (ColumnType("timestamptz"), -9222425352054775808, "infinite-date"),
        (array_of(ColumnType("date")), [None, -2147472691], "infinite-date"),
        (ColumnType("jsonb"), "1e7000", "json-number-too-large"),
        (ColumnType("json"), '{"a": ["\\ud800"]}', "json-lone-surrogate"),
        (ColumnType("json"), '{"\\ud800": 1}', "json-lone-surrogate"),
        (ColumnType("jsonb"), "[" * 92 + "]" * 92, "json-too-deep"),
        (ColumnType("jsonb"), "[" * 100_000 + "]" * 100_000, "json-too-deep"),
        (ColumnType("text"), "x" * 2**24, "document-over-16mb"),
    ],
)
def test_a_value_without_bson_form_costs_its_row_alone(type_: ColumnType, value: object, reason: str) -> None:
    found = one_column(type_, [None, value, None])
    assert found.rejected == (Rejected(1, "" if reason == "document-over-16mb" else "c", reason),)
    assert found.kept.tolist() == [0, 2]
    assert [bson.decode(d) for d in found.documents.to_pylist()] == [
        {"_id": 0, "v": None},
        {"_id": 2, "v": None},
    ]


def test_a_document_of_exactly_16_mb_is_kept() -> None:
    longest = 16 * 2**20 - len(bson.encode({"_id": 0, "v": ""}))
    assert one_column(_TEXT, ["x" * longest]).rejected == ()
    assert len(one_column(_TEXT, ["x" * (longest + 1)]).rejected) == 1


def test_garbage_under_nulls_is_not_read() -> None:
    valid = pa.array([False, True]).buffers()[1]
    texts = pa.Array.from_buffers(pa.utf8(), 2, [valid, *pa.array(["garbage", "1.5"]).buffers()[1:]])
    lists = pa.array([["x", "y"], ["1", None]])
    items = pa.Array.from_buffers(lists.type, 2, [valid, lists.buffers()[1]], children=[lists.values])
    arrays = pa.StructArray.from_arrays(
        [items, pa.nulls(2, pa.utf8())], names=["items", "text"], mask=pa.array([True, False])
    )
    batch = pa.record_batch({"key": pa.array(["a", "b"]), "n": texts, "a": arrays})
    fields = [
        DocumentField("n", ColumnType("numeric"), "n"),
        DocumentField("a", array_of(ColumnType("numeric")), "a"),
    ]
    found = compile_encoder(("precomputed", "key"), fields, TypesSection())(batch)
    equal(found, encode_exact(batch, ("precomputed", "key"), fields, TypesSection()))
    assert found.rejected == ()


def test_1600_columns() -> None:
    columns = {f"c{i}": pa.array([i, None], pa.int32()) for i in range(1600)}
    batch = pa.record_batch({"key": pa.array(["a", "b"]), **columns})
    fields = [DocumentField(name, _INT, name) for name in columns]
    equal(
        compile_encoder(("precomputed", "key"), fields, TypesSection())(batch),
        encode_exact(batch, ("precomputed", "key"), fields, TypesSection()),
    )


def test_batches_over_2_gb_are_joined_with_wide_offsets(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = one_column(array_of(_TEXT), [["a", None], None, []])
    monkeypatch.setattr(encode_rows, "_INT32_BYTES", 0)
    equal(one_column(array_of(_TEXT), [["a", None], None, []]), narrow)
