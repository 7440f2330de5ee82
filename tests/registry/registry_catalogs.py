"""Catalogs for the tests of the registry: small ones written short, and random pairs that are often alike."""

from __future__ import annotations

from hypothesis import strategies as st

from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table

INT2, INT4, INT8 = ColumnType("int2"), ColumnType("int4"), ColumnType("int8")
FLOAT4, FLOAT8 = ColumnType("float4"), ColumnType("float8")
TEXT, NAME, INET = ColumnType("text"), ColumnType("name"), ColumnType("inet")
JSON, JSONB = ColumnType("json"), ColumnType("jsonb")
TIMESTAMP, TIMESTAMPTZ = ColumnType("timestamp"), ColumnType("timestamptz")


def varchar(length: int | None) -> ColumnType:
    return ColumnType("varchar", length=length)


def numeric(precision: int | None = None, scale: int | None = None) -> ColumnType:
    return ColumnType("numeric", precision=precision, scale=scale)


def enum(*labels: str) -> ColumnType:
    return ColumnType("status", "enum", "public", labels=labels)


def array(element: ColumnType, dimensions: int = 1) -> ColumnType:
    return ColumnType(element.name + "[]" * dimensions, "array", element=element)


def composite(**fields: ColumnType) -> ColumnType:
    return ColumnType("address", "composite", "public", fields=tuple(fields.items()))


def column(
    name: str, type_: ColumnType = TEXT, *, nullable: bool = True, default: str | None = None
) -> Column:
    return Column(name, type_, nullable, default)


def table(*columns: Column, name: str = "campaigns", key: tuple[str, ...] = ("id",)) -> Table:
    return Table("public", name, (Column("id", INT8, nullable=False), *columns), key)


def catalog(*tables: Table) -> Catalog:
    return Catalog(tuple(sorted(tables, key=lambda one: one.key)), "prod", "s1")


def of(*columns: Column) -> Catalog:
    return catalog(table(*columns))


_NUMBERS = (INT2, INT4, INT8, FLOAT4, FLOAT8, numeric(), numeric(12, 2), numeric(12, 4), numeric(14, 4))
_WORDS = (TEXT, NAME, INET, varchar(None), varchar(5), varchar(50), enum("x"), enum("x", "y"), enum("y", "x"))
_OTHERS = (JSON, JSONB, TIMESTAMP, TIMESTAMPTZ, composite(a=INT4), composite(a=INT8, b=TEXT))
_BASE = st.sampled_from([*_NUMBERS, *_WORDS, *_OTHERS])
TYPES = _BASE | st.builds(array, _BASE, st.integers(1, 2))
COLUMNS = st.builds(
    column,
    st.sampled_from("abcd"),
    TYPES,
    nullable=st.booleans(),
    default=st.none() | st.just("0"),
)


def _table(name: str, columns: list[Column], key: tuple[str, ...]) -> Table:
    return table(*{one.name: one for one in columns}.values(), name=name, key=key)


TABLES = st.builds(
    _table,
    st.sampled_from(["t", "u", "v"]),
    st.lists(COLUMNS, max_size=4),
    st.sampled_from([(), ("id",), ("id", "a")]),
)
CATALOGS = st.lists(TABLES, max_size=3).map(lambda found: catalog(*{one.key: one for one in found}.values()))
