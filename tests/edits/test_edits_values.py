"""Values that are written by themselves: valid for their types, always the same, and nothing lost between types."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, TypeAdapter, ValidationError

from bravo_agent.model.entities import Shape
from codemods import bounds_of, valid_value
from codemods._conversions import in_data, in_python
from codemods._data_nodes import DataNode, at, data_tree

NAMES: dict[str, Any] = {
    "Annotated": Annotated, "Field": Field, "Decimal": Decimal, "UUID": UUID, "date": date, "datetime": datetime,
    "time": time, "timedelta": timedelta, "timezone": timezone, "Literal": Literal,
}  # fmt: skip
KINDS = {"int": "int", "float": "float", "Decimal": "decimal", "str": "str"}
PLAIN = [
    ("bool", Shape("bool")), ("date", Shape("date")), ("datetime", Shape("datetime")), ("time", Shape("time")),
    ("timedelta", Shape("timedelta")), ("UUID", Shape("uuid")), ("bytes", Shape("bytes")), ("list[int]", Shape("list")),
    ("dict[str, int]", Shape("dict")), ("Literal['a', 'b']", Shape("enum", labels=("a", "b"))),
    ("int | None", Shape("int", optional=True)),
]  # fmt: skip


def accepted(annotation: str, python: str, data: str) -> None:
    adapter = TypeAdapter(eval(annotation, NAMES))
    value = eval(python, NAMES)
    assert adapter.validate_python(value) == value
    assert adapter.validate_json(data) == value


@pytest.mark.parametrize(("annotation", "shape"), PLAIN, ids=[one for one, _ in PLAIN])
def test_plain_types(annotation: str, shape: Shape) -> None:
    found = valid_value("cost", shape, {})
    assert found is not None
    accepted(annotation, found.python, found.data)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["int", "Decimal", "float"]))
    low = draw(st.integers(-50, 50))
    parts = {
        draw(st.sampled_from(["ge", "gt"])): low,
        draw(st.sampled_from(["le", "lt"])): low + draw(st.integers(4, 60)),
    }
    parts = {key: value for key, value in parts.items() if draw(st.booleans())}
    if kind == "Decimal":
        parts |= {"max_digits": draw(st.integers(5, 12)), "decimal_places": draw(st.integers(0, 3))}
    elif kind == "int" and draw(st.booleans()):
        parts["multiple_of"] = draw(st.integers(1, 2))
    return f"Annotated[{kind}, Field({', '.join(f'{key}={value}' for key, value in parts.items())})]"


@given(numbers())
def test_numbers_are_within_their_bounds(annotation: str) -> None:
    kind = KINDS[annotation.removeprefix("Annotated[").partition(",")[0]]
    found = valid_value("cost", Shape(kind), bounds_of(annotation))  # type: ignore[arg-type]
    assert found is not None
    assert found == valid_value("cost", Shape(kind), bounds_of(annotation))  # type: ignore[arg-type]
    accepted(annotation, found.python, found.data)


PATTERNS = [r"^[a-z]+$", r"^[A-Z]{2}$", r"\d{3}", r"^\w+@\w+\.\w+$", r"^(a|b)$"]


@given(st.integers(0, 8), st.integers(0, 8), st.sampled_from([None, *PATTERNS]))
def test_texts_have_their_length_and_pattern(least: int, more: int, pattern: str | None) -> None:
    written = f", pattern={pattern!r}" if pattern else ""
    annotation = f"Annotated[str, Field(min_length={least}, max_length={least + more}{written})]"
    found = valid_value("daily_cost", Shape("str", max_length=least + more), bounds_of(annotation))
    if found is None:  # nobody has to find one, but what is found is right
        assert pattern
        return
    accepted(annotation, found.python, found.data)


def test_what_nobody_can_tell() -> None:
    for shape in (Shape("model", model="Ad"), Shape("union"), Shape("unknown"), Shape("enum")):
        assert valid_value("cost", shape, {}) is None
    assert valid_value("cost", Shape("int"), {"ge": 5, "le": 4}) is None
    assert valid_value("cost", Shape("decimal", max_digits=2, decimal_places=2), {"ge": 1}) is None
    assert valid_value("cost", Shape("str"), {"min_length": 3, "max_length": 2}) is None


SHAPES = [
    ("int", Shape("int")), ("str", Shape("str")), ("float", Shape("float")), ("date", Shape("date")),
    ("Annotated[Decimal, Field(max_digits=6, decimal_places=2)]", Shape("decimal", max_digits=6, decimal_places=2)),
    ("datetime", Shape("datetime")), ("UUID", Shape("uuid")), ("bool", Shape("bool")),
    ("Literal['a', '5']", Shape("enum", labels=("a", "5"))),
    ("Annotated[str, Field(max_length=3)]", Shape("str", max_length=3)),
]  # fmt: skip
VALUES = st.one_of(
    st.integers(-(10**6), 10**6),
    st.sampled_from(
        ["a", "5", "-0", "007", "1.50", "1e5", "2025-01-02", "2025-01-02T00:00:00Z", "2025-01-02T01:00:00"]
    ),
    st.text(max_size=5),
    st.booleans(),
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.uuids().map(str),
)


@given(VALUES, st.sampled_from(SHAPES))
def test_a_converted_value_is_one_of_the_new_type(value: Any, target: tuple[str, Shape]) -> None:
    annotation, shape = target
    fine, new = in_data(value, shape)
    if fine and value is not None:
        TypeAdapter(eval(annotation, NAMES)).validate_json(json.dumps(new))
    text = repr(value)
    converted = in_python(text, shape)
    if converted is not None and value is not None:
        TypeAdapter(eval(annotation, NAMES)).validate_python(eval(converted.text, NAMES))


@settings(max_examples=2000)
@given(VALUES, st.sampled_from(SHAPES), st.sampled_from(SHAPES))
def test_there_and_back_is_the_same(value: Any, one: tuple[str, Shape], other: tuple[str, Shape]) -> None:
    """The very same where the type is written in one way; else the same value of the type, or it is listed.

    A decimal, a float and a moment are numbers or texts in JSON: once they were texts nobody knows what they had been.
    """
    fine, there = in_data(value, other[1])
    adapter = TypeAdapter(eval(one[0], NAMES))
    try:
        meant = adapter.validate_json(json.dumps(value), strict=True)
    except ValidationError:
        return
    if fine and type(there) is not type(value):
        fine, back = in_data(there, one[1])
        if one[1].kind in ("int", "str", "bool", "uuid"):
            assert (fine, back) == (True, value)
        assert not fine or adapter.validate_json(json.dumps(back)) == meant


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(TREES, st.sampled_from([None, 0, 2]), st.booleans())
def test_every_node_stands_where_it_says(tree: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(tree, indent=indent, ensure_ascii=ascii_only)
    node = data_tree("a.json", text)
    assert node is not None
    assert plain(node) == tree
    for one in node.walk():
        assert json.loads(text[one.start : one.end]) == plain(one)


def plain(node: DataNode) -> Any:
    if node.kind == "object":
        return {key: plain(one) for key, _, one in node.members}
    return [plain(one) for one in node.items] if node.kind == "list" else node.value


@pytest.mark.parametrize("text", ["", "{", "[1,]", '{"a" 1}', "{} {}", "nul", '{"a": 1,}', "[1 2]"])
def test_what_is_no_json_is_nothing(text: str) -> None:
    assert data_tree("a.json", text) is None


def test_yaml_too() -> None:
    text = "a: &x\n  - b: '1'  # one\n  - b: 2.5\nc: *x\n"
    node = data_tree("a.yaml", text)
    assert node is not None
    found = at(node, ("a", 1, "b"))
    assert found is not None
    assert (text[found.start : found.end], found.value) == ("2.5", 2.5)
    assert at(node, ("a", 5)) is None
    assert data_tree("a.yaml", "a: [1\n") is None
