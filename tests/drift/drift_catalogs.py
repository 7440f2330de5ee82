"""Random catalogs: small alphabets, so that names, oids and numbers meet often."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from bravo_agent.model.catalog import Catalog, Column, ColumnType, ForeignKey, Index, Table

NAMES = st.sampled_from(["a", "b", "c", "d", "id", "a_b", "$x", "select", "ü", "a.b"])
TABLES = st.sampled_from(["t", "u", "v", "campaigns"])
MAYBE = st.none() | st.sampled_from(["x", "a", "now()", "a > 0"])
BASE = st.sampled_from(
    [
        ColumnType("int4"),
        ColumnType("int8"),
        ColumnType("text"),
        ColumnType("varchar", length=50),
        ColumnType("varchar", length=100),
        ColumnType("numeric", precision=12, scale=2),
        ColumnType("numeric", precision=14, scale=4),
        ColumnType("numeric"),
        ColumnType("text", domains=("email",), checks=("VALUE ~ '@'",)),
        ColumnType("timestamp"),
        ColumnType("timestamptz"),
        ColumnType("jsonb"),
        ColumnType("status", "enum", "public", labels=("x", "y")),
        ColumnType("status", "enum", "public", labels=("y", "x")),
        ColumnType("status", "enum", "public", labels=("x", "y", "z")),
        ColumnType("other", "enum", "public", labels=("x", "z")),
    ]
)
TYPES = BASE | BASE.map(lambda type_: ColumnType(f"{type_.name}[]", "array", element=type_))
COLUMNS = st.builds(
    Column,
    name=NAMES,
    type=TYPES,
    nullable=st.booleans(),
    default=MAYBE,
    generated=st.booleans(),
    identity=st.booleans(),
    comment=MAYBE,
    number=st.none() | st.integers(1, 6),
)


def _unique(columns: list[Column]) -> tuple[Column, ...]:
    by_name = {column.name: column for column in columns}
    numbers: set[int] = set()
    found = []
    for column in by_name.values():
        found.append(replace(column, number=None) if column.number in numbers else column)
        if column.number is not None:
            numbers.add(column.number)
    return tuple(found)


NAME_LISTS = st.lists(NAMES, max_size=2).map(tuple)
TABLE = st.builds(
    Table,
    schema=st.sampled_from(["public", "sales"]),
    name=TABLES,
    columns=st.lists(COLUMNS, max_size=5).map(_unique),
    primary_key=NAME_LISTS,
    foreign_keys=st.lists(
        st.builds(ForeignKey, NAMES, NAME_LISTS, st.sampled_from(["public.t", "public.u"]), NAME_LISTS),
        max_size=2,
    ).map(lambda keys: tuple(sorted(keys, key=repr))),  # as PostgreSQL's catalog is read: in order
    indexes=st.lists(st.builds(Index, NAMES, NAME_LISTS, st.booleans(), MAYBE.map(str)), max_size=2).map(
        tuple
    ),
    checks=st.lists(st.sampled_from(["a > 0", "b > a", "c"]), max_size=2).map(tuple),
    comment=MAYBE,
    oid=st.none() | st.integers(1, 5),
    partitioned=st.booleans(),
) | st.builds(
    Table,
    schema=st.just("public"),
    name=TABLES,
    columns=st.lists(COLUMNS, max_size=5).map(_unique),
    oid=st.none() | st.integers(1, 5),
    form=st.sampled_from(["view", "materialized-view"]),
)


def _catalog(tables: list[Table], system: str | None, database: str) -> Catalog:
    by_key = {table.key: table for table in tables}
    oids: set[int] = set()
    found = []
    for table in by_key.values():
        found.append(replace(table, oid=None) if table.oid in oids else table)
        if table.oid is not None:
            oids.add(table.oid)
    return Catalog(tuple(sorted(found, key=lambda table: table.key)), database, system)


CATALOGS = st.builds(
    _catalog, st.lists(TABLE, max_size=4), st.sampled_from([None, "s1", "s1", "s1", "s2"]), st.just("prod")
)


def bare(catalog: Catalog) -> Catalog:
    """Without identities and order: what the law of compare is about."""
    return Catalog(tuple(sorted((_bare(table) for table in catalog.tables), key=lambda table: table.key)))


def _bare(table: Table) -> Table:
    columns = (replace(column, number=None) for column in table.columns)
    return replace(
        table,
        oid=None,
        columns=tuple(sorted(columns, key=lambda column: column.name)),
        foreign_keys=tuple(sorted(table.foreign_keys, key=repr)),
        indexes=tuple(sorted(table.indexes, key=repr)),
        checks=tuple(sorted(table.checks)),
    )
