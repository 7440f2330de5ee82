"""Params are judged when they are recorded: a default fits its column and model, a function is module:function."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bravo_agent.changes._samples import INT4, INT8, TEXT, enum, numeric, varchar
from bravo_agent.deciders._defaults import default_fault
from bravo_agent.deciders._legal import param_fault
from bravo_agent.model.catalog import Column, ColumnType
from bravo_agent.model.change import Added, Altered, Change, Details
from bravo_agent.types import family


def fault(type_: ColumnType, text: str) -> str | None:
    return default_fault(text, family(type_).shape(type_), type_)


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        (ColumnType("bool"), ["true", "False"], ["1", "yes", ""]),
        (ColumnType("int2"), ["0", "-32768", "32767"], ["32768", "1.0", "x", "", "１"]),
        (INT4, ["2147483647"], ["2147483648"]),
        (INT8, ["9223372036854775807"], ["9223372036854775808", "1e3", " 1"]),
        (ColumnType("float8"), ["1", "-1.5"], ["1e5", "NaN", "1.", ""]),
        (numeric(5, 2), ["0", "999.99", "-0.50", "00012.3"], ["1000", "0.005", "NaN", "Infinity", "1,5"]),
        (numeric(2, 2), ["0.99", "0"], ["1"]),
        (ColumnType("numeric"), ["123456789012345678901234567890.123456789"], ["x"]),
        (TEXT, ["", "a b", "ü" * 1000], ["a\x00b"]),
        (varchar(3), ["abc", "äöü"], ["abcd"]),
        (enum("new", "old"), ["new"], ["New", ""]),
        (ColumnType("uuid"), ["00000000-0000-0000-0000-000000000000"], ["0-0"]),
        (ColumnType("date"), ["2026-12-31"], ["31.12.2026", "2026-02-30"]),
        (ColumnType("timestamptz"), ["2026-12-31T23:59:59+00:00"], ["now"]),
        (ColumnType("jsonb"), ["{}", "whatever"], []),
    ],
    ids=lambda one: one.sql if isinstance(one, ColumnType) else None,
)
def test_what_a_column_takes(type_: ColumnType, good: list[str], bad: list[str]) -> None:
    assert {text: fault(type_, text) for text in good} == dict.fromkeys(good)
    assert [text for text in bad if fault(type_, text) is None] == []


@given(st.integers(1, 12), st.integers(0, 6), st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_a_decimal_fits_exactly_when_pydantic_says_so(digits: int, places: int, value: object) -> None:
    from decimal import Decimal
    from typing import Annotated

    from pydantic import Field, TypeAdapter, ValidationError

    places = min(places, digits)
    text = format(value, "f")
    adapter = TypeAdapter(Annotated[Decimal, Field(max_digits=digits, decimal_places=places)])
    try:
        adapter.validate_python(Decimal(text))
        fits = True
    except ValidationError:
        fits = False
    said = fault(numeric(digits, places), text) is None
    # Zeros at the end are digits to pydantic, and nothing to lose to PostgreSQL: never laxer than pydantic.
    assert not said or fits


def asked(type_: ColumnType, *, altered: bool = False) -> Change:
    column = Column("n", type_)
    fact = (
        Altered("public.t", "nullable", "false", "true", column, column)
        if altered
        else Added("public.t", column)
    )
    return Change(
        "a" * 16, "new_field", "public.t", "n", "info", "review", "in-place", "open", Details(), (fact,)
    )


@pytest.mark.parametrize("altered", [True, False])
def test_the_column_is_the_one_that_the_source_has(altered: bool) -> None:
    assert param_fault(asked(INT4, altered=altered), "value", "x") == "is no integer"
    assert param_fault(asked(INT4, altered=altered), "value", "3") is None


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("shop:score", True),
        ("shop.transforms:score", True),
        ("größe.maß:längen_maß", True),
        ("shop.transforms", False),
        ("shop.transforms:", False),
        (":score", False),
        ("shop..x:score", False),
        ("shop:a.b", False),
        ("shop:a:b", False),
        ("shop:class", False),
        ("os;x:y", False),
        ("shop:score()", False),
        ("", False),
    ],
)
def test_a_function_is_named_by_module_and_name(text: str, good: bool) -> None:
    assert (param_fault(asked(INT4), "function", text) is None) is good


def test_other_params_are_not_empty() -> None:
    assert param_fault(asked(INT4), "expression", "a + b") is None
    assert param_fault(asked(INT4), "expression", " \n") == "is empty"
