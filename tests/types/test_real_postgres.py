# ruff: noqa: E501
"""Every type on a real server: what ADBC gives, restored and encoded, against the text of psycopg, read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import bson
import psycopg
import pyarrow as pa
import pytest

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.transfer.encode import DocumentField, compile_encoder
from bravo_agent.types import SESSION, Rejection, family

_INT4, _TEXT = ColumnType("int4"), ColumnType("text")


def public(name: str, form: Any = "base", **rest: Any) -> ColumnType:
    return ColumnType(name, form, "public", **rest)


PAIR = public("pair", "composite", fields=(
    ("a", _INT4), ("b.x", _TEXT), ("m", ColumnType("money")), ("f", ColumnType("bool")), ("by", ColumnType("bytea")),
    ("boxes", ColumnType("box[]", "array", element=ColumnType("box"))),
    ("r", ColumnType("tstzrange", "range", element=ColumnType("timestamptz"))),
))  # fmt: skip
MOOD = public("mood", "enum", labels=("sad", 'o\'k "q"', "NULL"))
TEXTS = ["''", "'a'", "'NULL'", "'é ü 🙂'", "'a\"b\\c,{}'", "' '"]
DAYS = ["'2024-02-29'", "'4713-01-01 BC'", "'0001-01-01'", "'0044-03-15 BC'", "'0001-12-31 BC'", "'9999-12-31'",
        "'10000-01-01'", "'5874897-12-31'", "'infinity'", "'-infinity'", "'1969-12-31'"]  # fmt: skip
INSTANTS = ["'2024-02-29 12:34:56.789999'", "'1969-12-31 23:59:59.999999'", "'4713-01-01 00:00:00 BC'",
            "'4714-11-24 00:00:00 BC'", "'294276-12-31 23:59:59.999999'", "'294247-01-10 04:00:54.775807'",
            "'294247-01-10 04:00:54.775808'", "'0001-01-01'", "'infinity'", "'-infinity'", "'0044-03-15 BC'"]  # fmt: skip
# column type, SQL spelling of it, literals
SAMPLES: list[tuple[ColumnType, str, list[str]]] = [
    (ColumnType("bool"), "bool", ["true", "false"]),
    (ColumnType("int2"), "int2", ["-32768", "32767"]),
    (_INT4, "int4", ["-2147483648", "2147483647", "0"]),
    (ColumnType("int8"), "int8", ["-9223372036854775808", "9223372036854775807", "1"]),
    (ColumnType("oid"), "oid", ["4294967295", "0"]),
    (ColumnType("float4"), "float4", ["0.1", "'NaN'", "'-Infinity'", "1e-45", "'-0'"]),
    (ColumnType("float8"), "float8", ["0.1", "'NaN'", "'Infinity'", "5e-324", "'-0'", "1.7976931348623157e308"]),
    (ColumnType("numeric"), "numeric", ["0", "1.50", "-0.00", "'NaN'", "'Infinity'", "'-Infinity'", "1e-20", "1e33",
     "10000.0000", "-99999999.99999999", "0.00001", "12345678901234567890123456789012.34", "1e-40", "0.10", "1e40", "100"]),
    (ColumnType("numeric", precision=12, scale=2), "numeric(12,2)", ["1", "-9999999999.99", "'NaN'"]),
    (ColumnType("numeric", precision=3, scale=-2), "numeric(3,-2)", ["12345", "-99949"]),
    (ColumnType("money"), "money", ["'-1234.50'", "'92233720368547758.07'", "0"]),
    (_TEXT, "text", [*TEXTS, "repeat('long ', 100000)"]),
    (ColumnType("varchar", length=10), "varchar(10)", TEXTS),
    (ColumnType("bpchar", length=5), "char(5)", ["'a'", "''", "'abcde'"]),
    (ColumnType("name"), "name", ["'a'"]),
    (ColumnType("char"), '"char"', ["'a'"]),
    (public("citext"), "citext", TEXTS),
    (public("ltree"), "ltree", ["'a.b.c'", "''"]),
    (ColumnType("inet"), "inet", ["'10.0.0.1'", "'::1/64'"]),
    (ColumnType("cidr"), "cidr", ["'10.0.0.0/8'"]),
    (ColumnType("macaddr"), "macaddr", ["'08:00:2b:01:02:03'"]),
    (ColumnType("macaddr8"), "macaddr8", ["'08:00:2b:01:02:03:04:05'"]),
    (ColumnType("bit", length=3), "bit(3)", ["'101'"]),
    (ColumnType("varbit"), "varbit", ["'1'", "''"]),
    (ColumnType("bytea"), "bytea", ["'\\x00ff5c'", "''", "'\\x22'"]),
    (ColumnType("uuid"), "uuid", ["'00000000-0000-0000-0000-000000000000'", "'5e2a448c-17c7-4b44-aede-41dc3161cb6c'"]),
    (ColumnType("date"), "date", DAYS),
    (ColumnType("timestamp"), "timestamp", INSTANTS),
    (ColumnType("timestamptz"), "timestamptz", INSTANTS),
    (ColumnType("time"), "time", ["'24:00:00'", "'00:00:00'", "'12:34:56.789'"]),
    (ColumnType("timetz"), "timetz", ["'24:00:00+05:30'", "'12:34:56-08'"]),
    (ColumnType("interval"), "interval", ["'1 mon -2 days 03:00:00.000001'", "'0'", "'infinity'"]),
    (ColumnType("json"), "json", ['\'{"a": 1, "a": 2.50, "$x.y": null}\'', "'null'", "'\"\\ud800\"'", "'[1e400]'"]),
    (ColumnType("jsonb"), "jsonb", ['\'{"b": [1, 2.5, 9223372036854775808], "c": "é"}\'', "'null'", "'1e500'", "'[]'"]),
    (MOOD, "mood", ["'sad'", "'o''k \"q\"'", "'NULL'"]),
    (ColumnType("int4range", "range", element=_INT4), "int4range", ["'empty'", "'[1,5]'", "'(,3)'", "'(,)'"]),
    (ColumnType("tsrange", "range", element=ColumnType("timestamp")), "tsrange", ["'[2024-01-01 1:2:3,]'", "'[,infinity)'"]),
    (public("textrange", "range", element=_TEXT), "textrange", ["textrange('', 'a\"b\\c')", "textrange('A,(', 'b[]')", "textrange(null, '')"]),
    (ColumnType("int4multirange", "multirange", element=_INT4), "int4multirange", ["'{}'", "'{[1,3),[5,7)}'", "'{(,)}'"]),
    (public("textmultirange", "multirange", element=_TEXT), "textmultirange",
     ["textmultirange(textrange('a\"])', 'b\\,'), textrange('c', 'd{}'))"]),
    (PAIR, "pair", ["row(1, 'a\"b\\,()', '-1234.5', true, '\\x22', array['(1,2),(0,0)', null]::box[], '[2024-01-01,)')",
                    "row(null, '', null, false, '', '{}', null)", "row(null,null,null,null,null,null,null)"]),
    (public("hstore"), "hstore", ["''", "'a=>1, \"b.c\"=>NULL, \"q\\\"\\\\\"=>\"x\\\"=>y, \"'"]),
    (ColumnType("point"), "point", ["'(1.5,-2)'", "'(Infinity,1e-300)'"]),
    (ColumnType("line"), "line", ["'{1,2,3}'"]),
    (ColumnType("lseg"), "lseg", ["'[(1,2),(3,4)]'"]),
    (ColumnType("box"), "box", ["'(1,2),(3,4)'"]),
    (ColumnType("path"), "path", ["'((1,2),(3,4))'", "'[(1,2),(3,4)]'"]),
    (ColumnType("polygon"), "polygon", ["'((1,2),(3,4),(5,6))'"]),
    (ColumnType("circle"), "circle", ["'<(1,2),3>'"]),
    (ColumnType("tsvector"), "tsvector", ["'a:1 b'"]),
    (ColumnType("pg_lsn"), "pg_lsn", ["'16/B374D848'"]),
    (ColumnType("numeric", domains=("d_num",)), "d_num", ["1.50", "'NaN'"]),
    (ColumnType("oid", domains=("d_oid",)), "d_oid", ["4294967295"]),
    (ColumnType("int4[]", "array", element=_INT4, domains=("d_arr",)), "d_arr", ["'{1,2}'", "'{{1},{2}}'"]),
]  # fmt: skip

SETUP = """
create extension citext; create extension hstore; create extension ltree;
create type mood as enum ('sad', 'o''k "q"', 'NULL');
create type pair as (a int, "b.x" text, m money, f bool, by bytea, boxes box[], r tstzrange);
create type textrange as range (subtype = text);
create domain d_num as numeric; create domain d_oid as oid; create domain d_arr as int[];
"""
SWITCHES = [
    TypesSection(),
    TypesSection(infinity="null", uuid="string", date="string"),
    TypesSection(infinity="string"),
]


@pytest.fixture
def database(pg_database: str) -> Iterator[str]:
    with psycopg.connect(pg_database, autocommit=True) as connection:
        connection.execute(SETUP)
    return pg_database  # type: ignore[return-value]


def array_samples() -> list[tuple[ColumnType, str, list[str]]]:
    """Of every type the array with and without NULL, empty, of two dimensions, and of another lower bound."""
    found = []
    for type_, sql, literals in SAMPLES:
        typed = [f"({literal})::{sql}" for literal in literals]
        values = [
            f"array[{', '.join(typed)}, null]::{sql}[]",
            f"'{{}}'::{sql}[]",
            f"array[array[{typed[0]}, null], array[null, {typed[-1]}]]::{sql}[]",
            f"array_fill({typed[0]}, array[2], array[5])::{sql}[]",
        ] + [f"array[{one}]::{sql}[]" for one in typed]
        if sql != "d_arr":
            found.append((ColumnType(f"{type_.name}[]", "array", element=type_), f"{sql}[]", values))
    element = SAMPLES[-1][0]
    domain_arrays = ["""'{"{1,2}",NULL,"{{1},{2}}"}'""", """'{{"{1,2}"}}'"""]
    return [*found, (ColumnType("d_arr[]", "array", element=element), "d_arr[]", domain_arrays)]


ALL = [*SAMPLES, *array_samples()]


# Where a cast to text is not what the output function says, or says it in the locale's way.
OUTPUTS = {
    "money": '"c x"::numeric::text',
    "money[]": '"c x"::numeric[]::text',
    "char(5)": 'rpad("c x", 5)',
    "inet": 'inet_out("c x")::text',
}


def expected(type_: ColumnType, text: str | None, switches: TypesSection) -> Any:
    """The reader's value, as BSON; the reason where there is none."""
    if text is None:
        return bson.encode({"v": None})
    try:
        return bson.encode({"v": family(type_).reader(type_, switches)(text)})
    except Rejection as rejection:
        return rejection.reason


def through_adbc(
    database: str, type_: ColumnType, table: str, switches: list[TypesSection]
) -> list[list[Any]]:
    kind = family(type_)
    with adbc.connect(database) as connection, connection.cursor() as cursor:
        for name, value in SESSION.items():
            cursor.execute(f"set {name} = '{value}'")
        expressions = ", ".join(f"{e} as c{i}" for i, e in enumerate(kind.select(type_, '"c x"')))
        cursor.execute(f"select {expressions} from {table} order by id")
        wire = cursor.fetch_arrow_table().combine_chunks()
    array = kind.restore(type_, [column.chunk(0) for column in wire.columns])
    assert array.type == kind.arrow(type_)
    # Restored from a slice too: ADBC's arrays begin at 0, those of others need not.
    sliced = kind.restore(type_, [column.chunk(0).slice(1) for column in wire.columns])
    whole = [encoded(array, type_, one) for one in switches]
    assert [one[1:] for one in whole] == [encoded(sliced, type_, one) for one in switches]
    return whole


def encoded(array: pa.Array, type_: ColumnType, switches: TypesSection) -> list[Any]:
    batch = pa.record_batch({"id": pa.array([""] * len(array)), "v": array})
    found = compile_encoder(("precomputed", "id"), [DocumentField("v", type_, "v")], switches)(batch)
    values: list[Any] = [None] * batch.num_rows
    for row, document in zip(found.kept.tolist(), found.documents.to_pylist(), strict=True):
        start = len(bson.encode({"_id": ""})) - 1
        values[row] = (len(document) - start + 4).to_bytes(4, "little") + document[start:]
    for rejected in found.rejected:
        values[rejected.row] = rejected.reason
    return values


def test_every_type(database: str) -> None:
    wrong = []
    with psycopg.connect(database, autocommit=True) as connection:
        for name, value in SESSION.items():
            connection.execute(f"set {name} = '{value}'")
        for number, (type_, sql, literals) in enumerate(ALL):
            table = f"t{number}"
            connection.execute(f'create table {table} (id serial, "c x" {sql})')
            connection.execute(
                'insert into {} ("c x") values (null), {}'.format(
                    table, ", ".join(f"({one})" for one in literals)
                )
            )
            text = OUTPUTS.get(sql, '"c x"::text')
            texts = [row[0] for row in connection.execute(f"select {text} from {table} order by id")]
            for switches, found in zip(SWITCHES, through_adbc(database, type_, table, SWITCHES), strict=True):
                wanted = [expected(type_, own, switches) for own in texts]
                wrong += [(sql, own, f, w) for own, f, w in zip(texts, found, wanted, strict=True) if f != w]
    assert not wrong, "\n".join(map(str, wrong[:20]))
