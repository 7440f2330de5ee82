"""Nested text read into values, against what a person expects; ``psycopg`` reads the same on a real server."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from bson import Binary, Decimal128
from hypothesis import given, settings
from hypothesis import strategies as st

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.types import family
from bravo_agent.types._literals import array_items, hstore_pairs, range_parts, row_fields

_INT, _TEXT = ColumnType("int4"), ColumnType("text")


def read(type_: ColumnType, text: str) -> Any:
    return family(type_).reader(type_, TypesSection())(text)


def rng(lower: Any, upper: Any, bounds: str, empty: bool = False) -> dict[str, Any]:
    return {"lower": lower, "upper": upper, "bounds": bounds, "empty": empty}


def kind(name: str, form: Any, **rest: Any) -> ColumnType:
    return ColumnType(name, form, "public", **rest)


INT_RANGE = kind("r", "range", element=_INT)
TEXT_RANGE = kind("r", "range", element=_TEXT)
PAIR = kind("p", "composite", fields=(("a", _INT), ("b.x", _TEXT), ("m", ColumnType("money"))))
P, Q = {"x": 1.0, "y": 2.0}, {"x": 3.0, "y": 4.0}


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        (INT_RANGE, "empty", rng(None, None, "()", True)),
        (INT_RANGE, "[1,6)", rng(1, 6, "[)")),
        (INT_RANGE, "(,)", rng(None, None, "()")),
        (TEXT_RANGE, '["",abc]', rng("", "abc", "[]")),
        (TEXT_RANGE, '("a,\\"b\\\\","c""d"]', rng('a,"b\\', 'c"d', "(]")),
        (kind("m", "multirange", element=_INT), "{}", []),
        (kind("m", "multirange", element=_INT), "{[1,3),[5,)}", [rng(1, 3, "[)"), rng(5, None, "[)")]),
        (kind("m", "multirange", element=_TEXT), '{["a])","b,"),(c,)}', [rng("a])", "b,", "[)"), rng("c", None, "()")]),
        (PAIR, '(1,"x ""y"" \\\\,()",-$1234.50)', {"a": 1, "b%2Ex": 'x "y" \\,()', "m": Decimal128("-1234.50")}),
        (PAIR, '(,"",)', {"a": None, "b%2Ex": "", "m": None}),
        (kind("hstore", "base"), '"b.c"=>NULL, "q\\"\\\\"=>"=>, \\""', {"b%2Ec": None, 'q"\\': '=>, "'}),
        (kind("hstore", "base"), "", {}),
        (kind("i[]", "array", element=_INT), "[0:1][5:6]={{1,NULL},{3,4}}", [[1, None], [3, 4]]),
        (kind("t[]", "array", element=_TEXT), '{"NULL",NULL,"","a,b{}","\\"\\\\"}', ["NULL", None, "", "a,b{}", '"\\']),
        (kind("b[]", "array", element=ColumnType("box")), "{(3,4),(1,2);NULL}", [{"high": Q, "low": P}, None]),
        (ColumnType("point"), "(-1.5,1e-300)", {"x": -1.5, "y": 1e-300}),
        (ColumnType("line"), "{1,2,3}", {"a": 1.0, "b": 2.0, "c": 3.0}),
        (ColumnType("lseg"), "[(1,2),(3,4)]", {"start": P, "end": Q}),
        (ColumnType("path"), "((1,2),(3,4))", {"closed": True, "points": [P, Q]}),
        (ColumnType("path"), "[(1,2),(3,4)]", {"closed": False, "points": [P, Q]}),
        (ColumnType("polygon"), "((1,2),(3,4))", {"points": [P, Q]}),
        (ColumnType("circle"), "<(1,2),5>", {"center": P, "radius": 5.0}),
        (ColumnType("bytea"), "\\x00ff", b"\0\xff"),
        (ColumnType("bytea"), "a\\000\\\\", b"a\0\\"),
        (ColumnType("uuid"), "00000000-0000-0000-0000-0000000000ff", Binary(b"\0" * 15 + b"\xff", 4)),
        (ColumnType("bool"), "f", False),
    ],
)  # fmt: skip
def test_readers(type_: ColumnType, text: str, value: Any) -> None:
    assert read(type_, text) == value


_WORDS = st.none() | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=6)
_HARD = st.none() | st.text(alphabet='"\\,{}()[]; aNUL=>', max_size=6)
_LISTS = st.lists(st.lists(_WORDS | _HARD, min_size=2, max_size=2), min_size=1, max_size=20)


def test_the_servers_own_quoting_is_undone(pg_database: str) -> None:
    with psycopg.connect(pg_database, autocommit=True) as connection:
        connection.execute("create extension hstore")
        connection.execute('create type textrange as range (subtype = text, collation = "C")')

        @settings(max_examples=300, deadline=None)
        @given(_LISTS)
        def check(rows: list[list[str | None]]) -> None:
            flat = [word for row in rows for word in row]
            keyed = {str(i): word for i, word in enumerate(flat)}
            bounds = sorted(word for word in rows[0] if word is not None)
            found = connection.execute(
                "select %s::text[]::text, row(%s::text, %s::text)::text, hstore(%s::text[], %s::text[])::text,"
                " textrange(%s::text, %s::text, '[]')::text",
                [
                    rows,
                    *rows[0],
                    list(keyed),
                    list(keyed.values()),
                    *(bounds if len(bounds) == 2 else rows[0]),
                ],
            ).fetchone()
            assert found is not None
            assert array_items(found[0]) == rows
            assert row_fields(found[1]) == rows[0]
            assert dict(hstore_pairs(found[2])) == keyed
            part = range_parts(found[3])
            assert [part.lower, part.upper] == (bounds if len(bounds) == 2 else rows[0])

        check()
