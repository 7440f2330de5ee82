"""Masks: same key same mask, of the column's own type, NULL stays NULL, nothing of the original is left."""

from __future__ import annotations

import string
from collections.abc import Iterator
from decimal import Context, Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Column, ColumnType
from bravo_agent.ports import RuleContext
from bravo_agent.rules import rule

KEY, OTHER = b"one key", b"another key"
TEXT = ColumnType("text")
LABELS = ("sad", "ok", "happy")


def _no_values(type_: ColumnType, array: pa.Array) -> Iterator[Any]:
    raise AssertionError("masks look at arrays")


def mask(type_: ColumnType, array: pa.Array, key: bytes | None = KEY, *, nullable: bool = True) -> pa.Array:
    context = RuleContext("public.t", Path(), key, array.type, _no_values)
    compiled = rule("masking", "public.t.c").compile(Column("c", type_, nullable=nullable), "", context)
    assert compiled.type == type_
    masked = compiled.apply(array)
    assert (len(masked), masked.type) == (len(array), array.type)
    assert masked.null_count >= array.null_count
    return masked


WORDS = st.lists(st.none() | st.text(max_size=40), max_size=12)
NUMBERS = {
    "int2": (pa.int16(), 2**15),
    "int4": (pa.int32(), 2**31),
    "int8": (pa.int64(), 2**63),
    "oid": (pa.int64(), 2**32),
}


@given(WORDS)
def test_texts(words: list[str | None]) -> None:
    masked = mask(TEXT, pa.array(words, pa.string())).to_pylist()
    again = mask(TEXT, pa.array(words, pa.string())).to_pylist()
    assert masked == again
    for word, found in zip(words, masked, strict=True):
        assert (found is None) == (word is None)
        assert found != word or not word
    pairs = dict(zip(words, masked, strict=True))
    assert len({*pairs.values()}) == len(pairs)  # what differs stays apart
    other = mask(TEXT, pa.array(words, pa.string()), OTHER).to_pylist()
    assert all(mine != theirs for mine, theirs in zip(masked, other, strict=True) if mine)


@pytest.mark.parametrize("name", ["varchar", "bpchar", "char"])
@given(words=WORDS, length=st.integers(1, 40))
def test_texts_keep_their_length(name: str, words: list[str | None], length: int) -> None:
    length = 1 if name == "char" else length
    cut = [word if word is None else word[:length] for word in words]
    for word, found in zip(
        cut, mask(ColumnType(name, length=length), pa.array(cut, pa.string())).to_pylist(), strict=True
    ):
        assert found is None or len(found) <= length
        assert name != "bpchar" or not word or found is None or len(found) == length


def test_addresses_still_look_like_addresses() -> None:
    (found,) = mask(TEXT, pa.array(["ann@corp.test"])).to_pylist()
    name, _, host = found.partition("@")
    assert host == "example.com"
    assert set(name) <= {*string.hexdigits, *"user-"}
    # The same value has the same mask in every column, whatever its type: joins still hold.
    assert mask(ColumnType("varchar", length=99), pa.array(["ann@corp.test"])).to_pylist() == [found]


@pytest.mark.parametrize("name", NUMBERS)
@given(data=st.data())
def test_numbers_stay_in_range(name: str, data: st.DataObject) -> None:
    type_, limit = NUMBERS[name]
    numbers = st.integers(0 if name == "oid" else -limit, limit - 1)
    values = data.draw(st.lists(st.none() | numbers, max_size=10))
    for found in mask(ColumnType(name), pa.array(values, type_)).to_pylist():
        assert found is None or 0 <= found < limit


@given(st.integers(1, 30), st.integers(0, 8), st.data())
def test_numerics_fit_their_digits(precision: int, scale: int, data: st.DataObject) -> None:
    digits = st.integers(-(10**precision) + 1, 10**precision - 1)
    texts = [
        f"{Decimal(number).scaleb(-scale, Context(prec=60)):f}"
        for number in data.draw(st.lists(digits, max_size=8))
    ]
    type_ = ColumnType("numeric", precision=precision, scale=scale)
    for found in mask(type_, pa.array([*texts, "NaN", "Infinity", None], pa.string())).to_pylist():
        if found in (None, "NaN", "Infinity"):
            continue
        value = Decimal(found)
        assert -value.as_tuple().exponent == scale  # type: ignore[operator]
        assert abs(value.scaleb(scale)) < 10**precision


@given(st.lists(st.none() | st.sampled_from(LABELS), max_size=8))
def test_enums_keep_to_their_labels(labels: list[str | None]) -> None:
    type_ = ColumnType("mood", "enum", "public", labels=LABELS)
    for label, found in zip(labels, mask(type_, pa.array(labels, pa.string())).to_pylist(), strict=True):
        assert (found is None) == (label is None)
        assert found is None or found in LABELS


@pytest.mark.parametrize(
    ("name", "arrow"),
    [("date", pa.date32()), ("timestamp", pa.timestamp("us")), ("timestamptz", pa.timestamp("us", "UTC"))],
)
@given(data=st.data())
def test_dates_of_any_age_become_days_of_ours(name: str, arrow: pa.DataType, data: st.DataObject) -> None:
    bits = 31 if name == "date" else 63
    numbers = data.draw(st.lists(st.none() | st.integers(-(2**bits), 2**bits - 1), max_size=8))
    width = pa.int32() if name == "date" else pa.int64()
    masked = mask(ColumnType(name), pa.array(numbers, width).view(arrow))
    assert [found is None for found in masked.to_pylist()] == [number is None for number in numbers]
    assert all(1970 <= found.year < 2020 for found in masked.to_pylist() if found is not None)


@pytest.mark.parametrize(
    ("type_", "values", "arrow"),
    [
        (ColumnType("bool"), [True, False, None], pa.bool_()),
        (ColumnType("float8"), [1.5, float("nan"), float("-inf"), None], pa.float64()),
        (ColumnType("bytea"), [b"", b"secret", None], pa.binary()),
        (ColumnType("uuid"), [b"0123456789abcdef", None], pa.binary(16)),
        (ColumnType("jsonb"), ['{"name": "Ann"}', "[]", None], pa.string()),
        (ColumnType("inet"), ["192.168.0.1/24", None], pa.string()),
        (ColumnType("time"), ["24:00:00", None], pa.string()),
        (ColumnType("int4range", "range", element=ColumnType("int4")), ["[1,5)", None], pa.string()),
        (
            ColumnType("int4multirange", "multirange", element=ColumnType("int4")),
            ["{[1,5)}", None],
            pa.string(),
        ),
        (ColumnType("text[]", "array", element=TEXT), [["Ann", None], [], None], pa.list_(pa.string())),
    ],
    ids=lambda one: getattr(one, "name", None),
)
def test_other_types(type_: ColumnType, values: list[Any], arrow: pa.DataType) -> None:
    array = pa.array(values, arrow)
    masked = mask(type_, array, nullable=False)
    assert [one is None for one in masked.to_pylist()] == [one is None for one in values]
    assert masked.equals(mask(type_, array))
    assert "Ann" not in str(masked)
    assert mask(type_, array.slice(1)).equals(masked.slice(1))


def test_what_has_no_mask_is_null_or_an_error() -> None:
    pair = ColumnType("pair", "composite", "public", fields=(("a", TEXT),))
    array = pa.array([{"a": "Ann"}], pa.struct({"a": pa.string()}))
    assert mask(pair, array).to_pylist() == [None]
    with pytest.raises(UsageError, match="mask-not-possible"):
        mask(pair, array, nullable=False)
    for nothing in (None, b""):
        with pytest.raises(UsageError, match="mask-key-missing"):
            mask(TEXT, pa.array(["Ann"]), nothing)
