from __future__ import annotations

import time
from typing import Any

import psycopg
import pytest

from bravo_agent import wire
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, ColumnType, ForeignKey
from bravo_agent.planning.fingerprint import structure_fingerprint
from bravo_agent.stores.postgres import connect_read_only, read_catalog

Admin = psycopg.Connection[Any]


def catalog_of(uri: str, *schemas: str, exclude: tuple[str, ...] = ()) -> Catalog:
    with connect_read_only(uri) as connection:
        return read_catalog(connection, schemas or ("public",), exclude)


def types_of(uri: str, key: str) -> dict[str, ColumnType]:
    table = catalog_of(uri).table(key)
    assert table
    return {column.name: column.type for column in table.columns}


def test_columns_with_their_modifiers(admin: Admin, pg_database: str) -> None:
    admin.execute(
        "create table t (a varchar(50), b char(3), c bit(4), d bit varying(9), e numeric(12,2),"
        " f numeric(3,-2), g numeric, h time(3), i timestamptz(0), j timestamp, k varchar(5)[],"
        ' l numeric(8,3)[][], m interval(2), n interval day to second, o varchar, p "char", q text)'
    )
    types = types_of(pg_database, "public.t")
    written = {name: type_.sql for name, type_ in types.items()}
    assert written == {
        "a": "varchar(50)", "b": "bpchar(3)", "c": "bit(4)", "d": "varbit(9)", "e": "numeric(12,2)",
        "f": "numeric(3,-2)", "g": "numeric", "h": "time(3)", "i": "timestamptz(0)", "j": "timestamp",
        "k": "varchar(5)[]", "l": "numeric(8,3)[][]", "m": "interval(2)", "n": "interval", "o": "varchar",
        "p": "char", "q": "text",
    }  # fmt: skip
    assert types["k"].name == "varchar[]"
    assert types["k"].form == "array"


def test_domains_enums_composites_ranges(admin: Admin, pg_database: str) -> None:
    admin.execute("create schema other")
    admin.execute("create type mood as enum ('sad', 'ok', 'it''s')")
    admin.execute("alter type mood add value 'first' before 'sad'")
    admin.execute("create domain money2 as numeric(10,2) check (value >= 0)")
    admin.execute("create domain other.price as money2 not null check (value < 1000)")
    admin.execute("create type pair as (x int4, y mood, z money2[])")
    admin.execute("alter type pair drop attribute x")
    admin.execute("create type span as range (subtype = float8)")
    admin.execute(
        "create table t (a mood, b other.price, c money2[], d pair, e pair[], f span, g int4multirange,"
        " h name, i mood[] not null, j int2vector)"
    )
    types = types_of(pg_database, "public.t")
    assert types["a"] == ColumnType("mood", "enum", "public", labels=("first", "sad", "ok", "it's"))
    assert types["b"] == ColumnType(
        "numeric",
        precision=10,
        scale=2,
        domains=("other.price", "money2"),
        checks=("CHECK (((VALUE)::numeric < (1000)::numeric))", "CHECK ((VALUE >= (0)::numeric))"),
    )
    assert types["c"].element
    assert types["c"].element.domains == ("money2",)
    assert types["d"].form == "composite"
    assert [name for name, _ in types["d"].fields] == ["y", "z"]
    assert types["d"].fields[1][1].element == types["c"].element
    assert types["e"].element == types["d"]
    assert types["f"] == ColumnType("span", "range", "public", element=ColumnType("float8"))
    assert types["g"] == ColumnType("int4multirange", "multirange", element=ColumnType("int4"))
    assert types["h"] == ColumnType("name")
    assert types["j"] == ColumnType("int2vector")
    table = catalog_of(pg_database).table("public.t")
    assert table
    assert [column.name for column in table.columns if not column.nullable] == ["b", "i"]


def test_keys_indexes_checks_defaults_comments(admin: Admin, pg_database: str) -> None:
    admin.execute(
        """
        create table parent (b int4, "a.x" text, primary key ("a.x", b));
        create table child (
          id int8 generated always as identity primary key, gone int4, pb int4, pa text,
          n int4 default 7 check (n > 0), twice int4 generated always as (n * 2) stored,
          virtual int4 generated always as (n * 3) virtual, unique (pa, pb),
          constraint to_parent foreign key (pa, pb) references parent ("a.x", b));
        alter table child drop column gone;
        create index by_expression on child (lower(pa));
        create index some_n on child (pb) include (n) where n > 3;
        comment on table child is 'the child';
        comment on column child.n is 'a number';
        """
    )
    parent, child = (
        catalog_of(pg_database).table("public.parent"),
        catalog_of(pg_database).table("public.child"),
    )
    assert parent
    assert child
    assert parent.primary_key == ("a.x", "b")
    assert child.foreign_keys == (ForeignKey("to_parent", ("pa", "pb"), "public.parent", ("a.x", "b")),)
    assert [(index.name, index.columns, index.unique) for index in child.indexes] == [
        ("by_expression", (), False),
        ("child_pa_pb_key", ("pa", "pb"), True),
        ("some_n", ("pb",), False),
    ]
    assert child.indexes[2].definition.endswith("(pb) INCLUDE (n) WHERE (n > 3)")
    assert child.checks == ("CHECK ((n > 0))",)
    assert child.comment == "the child"
    named = {column.name: column for column in child.columns}
    assert list(named) == ["id", "pb", "pa", "n", "twice", "virtual"]
    assert named["id"].identity
    assert not named["id"].generated
    assert not named["id"].nullable
    assert (named["n"].default, named["n"].comment, named["n"].number) == ("7", "a number", 5)
    assert named["twice"].generated
    assert named["virtual"].generated
    assert named["twice"].default == "(n * 2)"


def test_partitions_are_one_table_and_children_their_own(admin: Admin, pg_database: str) -> None:
    admin.execute(
        """
        create table e (id int4, at date, primary key (id, at)) partition by range (at);
        create table e1 partition of e for values from ('2026-01-01') to ('2026-07-01')
          partition by hash (id);
        create table e1a partition of e1 for values with (modulus 1, remainder 0);
        create table base (a int4);
        create table kid (b int4) inherits (base);
        create table refers (id int4, at date, foreign key (id, at) references e);
        create view v as select 1 as x;
        """
    )
    catalog = catalog_of(pg_database)
    assert [(table.key, table.partitioned) for table in catalog.tables] == [
        ("public.base", False),
        ("public.e", True),
        ("public.kid", False),
        ("public.refers", False),
    ]
    kid, refers = catalog.table("public.kid"), catalog.table("public.refers")
    assert kid
    assert [column.name for column in kid.columns] == ["a", "b"]
    assert refers
    assert [key.ref_table for key in refers.foreign_keys] == ["public.e"]


def test_schemas_and_exclude(admin: Admin, pg_database: str) -> None:
    admin.execute(
        'create schema "Sales"; create table "Sales".o (); create table log_1 (); create table t ()'
    )
    catalog = catalog_of(pg_database, "public", "Sales", exclude=("public.log_*",))
    assert [table.key for table in catalog.tables] == ["Sales.o", "public.t"]
    with pytest.raises(UsageError, match="source-schema-missing") as caught:
        catalog_of(pg_database, "public", "sales")
    assert "sales" in caught.value.message


def test_the_same_structure_has_the_same_fingerprint(admin: Admin, pg_database: str) -> None:
    admin.execute("create table t (gone int4, a int4)")
    admin.execute("alter table t drop column gone")
    before = catalog_of(pg_database)
    admin.execute("drop table t; create table t (a int4)")
    again = catalog_of(pg_database)
    assert before != again
    assert structure_fingerprint(before) == structure_fingerprint(again)
    admin.execute("alter table t alter a set not null")
    assert structure_fingerprint(catalog_of(pg_database)) != structure_fingerprint(again)
    assert wire.loads(Catalog, wire.dumps(again), where="x") == again


def test_many_tables_take_few_queries(admin: Admin, pg_database: str) -> None:
    admin.execute(
        "do $$ begin for t in 1..200 loop execute format('create table t%s (id int8 primary key, %s)', t,"
        " (select string_agg(format('c%s numeric(9,%s) default 0', c, c % 9), ', ')"
        "  from generate_series(1, 19) c)); end loop; end $$"
    )
    started = time.perf_counter()
    catalog = catalog_of(pg_database)
    print(f"{len(catalog.tables)} tables in {time.perf_counter() - started:.2f} s")
    assert sum(len(table.columns) for table in catalog.tables) == 4000


def test_names_with_dots_that_meet_are_refused(admin: Admin, pg_database: str) -> None:
    admin.execute('create schema a; create schema "a.b"; create table a."b.c" (); create table "a.b".c ()')
    assert catalog_of(pg_database, "a").table("a.b.c")
    with pytest.raises(UsageError, match="source-name-ambiguous"):
        catalog_of(pg_database, "a", "a.b")


def test_views_are_an_option(admin: Admin, pg_database: str) -> None:
    admin.execute("create table t (id int8 primary key, a text not null)")
    admin.execute("create view v as select id, upper(a) as a from t")
    admin.execute("create materialized view m as select count(*) as n from t")
    admin.execute("comment on view v is 'shown'")
    assert [table.key for table in catalog_of(pg_database).tables] == ["public.t"]
    with connect_read_only(pg_database) as connection:
        found = read_catalog(connection, ["public"], views=True)
    assert [(table.key, table.form) for table in found.tables] == [
        ("public.m", "materialized-view"),
        ("public.t", "table"),
        ("public.v", "view"),
    ]
    view = found.table("public.v")
    assert view
    assert [(column.name, column.type.sql, column.nullable) for column in view.columns] == [
        ("id", "int8", True),
        ("a", "text", True),
    ]
    assert (view.comment, view.primary_key) == ("shown", ())
