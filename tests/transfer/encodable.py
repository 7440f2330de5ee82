# ruff: noqa: E501
"""Hypothesis strategies: types, and canonical Arrow arrays of them with hard values."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any

import bson
import pyarrow as pa
from hypothesis import strategies as st

from bravo_agent.model.catalog import ColumnType
from bravo_agent.types import family

INT32, INT64 = st.integers(-(2**31), 2**31 - 1), st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
FLOAT = st.floats(allow_nan=True) | st.sampled_from([0.0, -0.0, 5e-324])
FLOAT4 = st.floats(width=32)
DAYS = st.sampled_from([-2147472692, -2147472691, -2440588 + 1, 2145031948, 0, -1]) | st.integers(
    -2440587, 2145031948
)
MICROS = st.sampled_from(
    [-9222425352054775809, -9222425352054775808, -210866803200000000, -(2**63), 2**63 - 1, -1, -1001, 0]
) | st.integers(-210866803200000000, 2**63 - 1)


@st.composite
def numerics(draw: st.DrawFn) -> str:
    special = draw(st.integers(0, 12))
    if special == 0:
        return draw(st.sampled_from(["NaN", "Infinity", "-Infinity"]))
    digits = draw(st.integers(0, 10 ** draw(st.sampled_from([1, 5, 18, 19, 34, 36, 45]))))
    scale = draw(st.sampled_from([0, 0, 1, 2, 10, 40, 6200]))
    text = str(digits).rjust(scale + 1, "0")
    text = f"{text[:-scale]}.{text[-scale:]}" if scale else text
    return f"-{text}" if draw(st.booleans()) and digits else text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT | st.sampled_from(["$a", "a.b", "%24"]), inner, max_size=3),
    max_leaves=8,
).map(json.dumps) | st.sampled_from(['{"a":1,"a":2}', '"\\ud800"', "1.50", "1e400", "12345678901234567890.123456789012345678", "[" * 95 + "]" * 95, "1e7000", "9" * 5000, '"\\u0000"', '{"\\u0000": 1}'])  # fmt: skip

_int4, _text, _numeric = ColumnType("int4"), ColumnType("text"), ColumnType("numeric")
_range = ColumnType("int4range", "range", element=_int4)
_composite = ColumnType("pair", "composite", "public", fields=(("a", _int4), ("b.$", _text)))


def array_of(element: ColumnType) -> ColumnType:
    return ColumnType(f"{element.name}[]", "array", element=element)


# Per type the values of its canonical array, dates and timestamps as their numbers.
SCALARS: dict[ColumnType, st.SearchStrategy[Any]] = {
    ColumnType("bool"): st.booleans(),
    ColumnType("int2"): st.integers(-(2**15), 2**15 - 1),
    _int4: INT32,
    ColumnType("int8"): INT64,
    ColumnType("float4"): FLOAT4,
    ColumnType("float8"): FLOAT,
    _numeric: numerics(),
    ColumnType("money"): numerics(),
    _text: TEXT,
    ColumnType("bytea"): st.binary(max_size=20),
    ColumnType("uuid"): st.binary(min_size=16, max_size=16),
    ColumnType("date"): DAYS,
    ColumnType("timestamp"): MICROS,
    ColumnType("timestamptz"): MICROS,
    ColumnType("time"): st.sampled_from(["24:00:00", "10:11:12.5"]),
    ColumnType("mood", "enum", "public", labels=("sad", "ok")): st.sampled_from(["sad", "ok"]),
    ColumnType("jsonb"): JSON,
    _range: st.sampled_from(["empty", "[1,2)", "(,5)", "[3,]"]),
    _composite: st.sampled_from(["(1,x)", "(,)", '(5,"a ""q"" \\\\ ,b")', '(,"")']),
    ColumnType("hstore", schema="public"): st.sampled_from(['"a"=>"1", "b.c"=>NULL', "", '"\\""=>"\\\\"']),
    ColumnType("point"): st.sampled_from(["(1,2.5)", "(-1e+300,Infinity)", "(NaN,0)"]),
    ColumnType("bson", schema="bravo"): (st.none() | INT32 | TEXT | st.just({"a": [1]}) | st.binary()).map(
        lambda value: bson.encode({"v": value})
    ),
}
ELEMENTS = [type_ for type_ in SCALARS if type_.name != "bson"]
TYPES = st.sampled_from(list(SCALARS)) | st.sampled_from(ELEMENTS).map(array_of)


@dataclass(frozen=True)
class Made:
    type: ColumnType
    array: pa.Array


def canonical(type_: ColumnType, values: list[Any]) -> pa.Array:
    """The canonical array; under its nulls lies garbage, as it may."""
    arrow = family(type_).arrow(type_)
    if pa.types.is_struct(arrow):
        return _arrays(type_, values, arrow)
    if pa.types.is_date32(arrow):
        return pa.array(values, pa.int32()).view(arrow)
    if pa.types.is_timestamp(arrow):
        return pa.array(
            [None if v is None else (v + 2**63) % 2**64 - 2**63 for v in values], pa.int64()
        ).view(arrow)
    if arrow == pa.float32():
        values = [None if v is None else struct.unpack("f", struct.pack("f", v))[0] for v in values]
    return pa.array(values, arrow)


def _arrays(type_: ColumnType, values: list[Any], arrow: pa.DataType) -> pa.Array:
    lists = [value if isinstance(value, list) else None for value in values]
    flat = canonical(type_.element, [item for items in lists for item in items or []])  # type: ignore[arg-type]
    offsets = [0]
    for items in lists:
        offsets.append(offsets[-1] + len(items or []))
    missing = pa.array([items is None for items in lists], pa.bool_())
    items = pa.ListArray.from_arrays(
        pa.array(offsets, pa.int32()), flat, type=arrow.field(0).type, mask=missing
    )
    text = pa.array([value if isinstance(value, str) else None for value in values], pa.utf8())
    mask = pa.array([value is None for value in values], pa.bool_())
    return pa.StructArray.from_arrays([items, text], fields=list(arrow), mask=mask)


def values_of(type_: ColumnType) -> st.SearchStrategy[Any]:
    if type_.form != "array" or type_.element is None:
        return st.none() | SCALARS[type_]
    element = type_.element
    inner = st.lists(st.none() | SCALARS[element], max_size=12)
    texts = ["{{NULL},{NULL}}"]
    if element.name in ("int4", "text", "numeric", "int8"):
        texts.append("[0:1][3:3]={{1},{2}}")
    return st.none() | inner | st.sampled_from(texts)


@st.composite
def batches(draw: st.DrawFn) -> tuple[pa.RecordBatch, list[ColumnType]]:
    """A batch of random types, perhaps a slice of a longer one; its first column is a key without nulls."""
    types = draw(st.lists(TYPES, max_size=5))
    rows = draw(st.integers(0, 8))
    arrays = [pa.array([f"k{i}" for i in range(rows)], pa.utf8())]
    arrays += [
        canonical(type_, draw(st.lists(values_of(type_), min_size=rows, max_size=rows))) for type_ in types
    ]
    batch = pa.RecordBatch.from_arrays(arrays, names=["key", *(f"c{i}" for i in range(len(types)))])
    start = draw(st.integers(0, rows))
    return batch.slice(start, draw(st.integers(0, rows))), types
