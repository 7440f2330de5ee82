"""jsonb read many texts at once, against the same texts one by one."""

from __future__ import annotations

import json
from typing import Any

import bson
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.transfer import encode_distinct
from bravo_agent.transfer.encode import DocumentField, compile_encoder
from bravo_agent.transfer.encode_json import json_values
from bravo_agent.transfer.exact import encode_exact
from bravo_agent.types._json import read_json
from bravo_agent.types._rejection import Rejection

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.integers(-20, 20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([1.5, -0.25, 0.1, -0.0, 1e30, 123456789012345.6, 0.000123])
    | st.text()
    | st.sampled_from(["", ", ", "}", "{", "[1]", "true", "12", 'a"b', "a\\b", "$x", "é"])
)
KEYS = st.sampled_from(["a", "b", "", "a longer key", "é", "1", "x.y", "$z", "100%", 'q"', "a:b"]) | st.text(
    max_size=3
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=13) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def check(texts: list[str], *, all_read: bool = False) -> None:
    tags, values, read = json_values(pa.array(texts, pa.utf8()))
    assert not all_read or read.all()
    for text, tag, value, known in zip(texts, tags, values.to_pylist(), read, strict=True):
        if known:
            one = bson.encode({"": read_json(text)})
            assert (tag, value) == (one[4], one[6:-1]), text


@settings(max_examples=300, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=30))
def test_what_is_read_is_right(values: list[Any]) -> None:
    check([json.dumps(value, ensure_ascii=False) for value in values])


def test_the_common_is_read() -> None:
    values: list[Any] = [
        {}, [], None, True, False, 0, -1, 10**17, "", "text", 1.5, -0.25, [[]], [{}], {"a": {}}, {"a": []},
        {"id": 1, "tags": ["x", "y", None], "deep": {"list": [1, 2, {"k": "v"}]}}, list(range(120)),
        {"Zoë": "🚲", "with space": "a, b: c"}, [True, False, None, "x", 1, 2.5, {}, [], "y", 9, 10, 11],
    ]  # fmt: skip
    check([json.dumps(value, ensure_ascii=False) for value in values], all_read=True)


@pytest.mark.parametrize("text", ["", " 1", "NaN", "{", "]", '"', "Infinity", "[1", '{"a": NaN}'])
def test_what_postgresql_does_not_write_is_left(text: str) -> None:
    assert not json_values(pa.array(["[1]", text, "{}"]))[2].any()


def test_what_only_one_by_one_can_is_mixed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encode_distinct, "_FEW", 0)
    deep, huge = "[" * 95 + "]" * 95, "1" + "0" * 40 + "1"
    texts = [
        "1",
        '{"a.b": 1}',
        None,
        "1e3",
        deep,
        '"\\u00e9"',
        "[2]",
        huge,
        "12345678901234567890",
        '{"$a": 0}',
    ]
    batch = pa.record_batch({"id": pa.array(range(len(texts)), pa.int64()), "j": pa.array(texts, pa.utf8())})
    key: Any = ("single", "id", ColumnType("int8"))
    fields = [DocumentField("j", ColumnType("jsonb"), "j")]
    found = compile_encoder(key, fields, TypesSection())(batch)
    exact = encode_exact(batch, key, fields, TypesSection())
    assert found.documents.to_pylist() == exact.documents.to_pylist()
    assert found.rejected == exact.rejected
    assert [one.row for one in found.rejected] == [4, 7]
    with pytest.raises(Rejection):
        read_json(huge)
