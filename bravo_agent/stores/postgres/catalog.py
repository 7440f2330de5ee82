"""The structure of a database, in a handful of queries whatever the number of its tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

import psycopg

from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, Column, ForeignKey, Index, Table, TableForm
from bravo_agent.stores.postgres import catalog_queries as queries
from bravo_agent.stores.postgres.column_types import ColumnTypes, TypeRow
from bravo_agent.stores.postgres.errors import translated

Connection = psycopg.Connection[tuple[Any, ...]]
_Rows = dict[int, list[tuple[Any, ...]]]
_FORMS: dict[str, TableForm] = {"v": "view", "m": "materialized-view"}


def read_catalog(
    connection: Connection, schemas: Sequence[str], exclude: Sequence[str] = (), *, views: bool = False
) -> Catalog:
    """The tables (and ``views``, if asked for) of ``schemas`` without those that match a pattern of ``exclude``.

    A pattern is compared with ``schema.table`` as in a shell. All of one moment: inside the caller's
    transaction, or a REPEATABLE READ of its own.
    Raises ``source-schema-missing``.
    """
    with translated(), consistent(connection), connection.transaction():
        # Expressions then name every object with its schema, whoever reads them.
        connection.execute("set local search_path to pg_catalog")
        tables = [described(row) for row in table_rows(connection, schemas, exclude, views=views)]
        return Catalog(
            tables=_complete(connection, tables),
            database=connection.info.dbname,
            system_identifier=_system_identifier(connection),
            server_version=connection.info.parameter_status("server_version"),
        )


@contextmanager
def consistent(connection: Connection) -> Iterator[None]:
    """Makes the transaction that begins inside a REPEATABLE READ; an open transaction stays as it is."""
    if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        yield
        return
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    yield
    connection.isolation_level = None


def table_rows(
    connection: Connection, schemas: Sequence[str], exclude: Sequence[str], *, views: bool = False
) -> list[tuple[Any, ...]]:
    """(oid, schema, name, partitioned, comment, relkind) of what is wanted, by ``schema.table``."""
    found = {row[0] for row in connection.execute(queries.SCHEMAS, {"schemas": list(schemas)})}
    if missing := sorted(set(schemas) - found):
        raise UsageError(
            "source-schema-missing",
            f"the source has no schema {', '.join(missing)}",
            hint="Check `schemas` under [source]; names are compared with their capitals.",
        )
    kinds = ["r", "p", "v", "m"] if views else ["r", "p"]
    rows = connection.execute(queries.TABLES, {"schemas": list(schemas), "kinds": kinds})
    named: dict[str, tuple[Any, ...]] = {}
    for row in rows:
        key = f"{row[1]}.{row[2]}"
        if any(fnmatchcase(key, pattern) for pattern in exclude):
            continue
        if key in named:
            raise _ambiguous(key)
        named[key] = row
    return [named[key] for key in sorted(named)]


def _ambiguous(key: str) -> UsageError:
    """Names may hold dots: schema ``a.b`` with table ``c``, and schema ``a`` with table ``b.c``."""
    return UsageError(
        "source-name-ambiguous",
        f"two tables are both called {key}",
        hint="Leave one of the two schemas out of `schemas` under [source].",
    )


def described(row: tuple[Any, ...]) -> Table:
    """The table of one of ``table_rows``, its columns not read yet."""
    oid, schema, name, partitioned, comment, kind = row
    form = _FORMS.get(kind, "table")
    return Table(schema, name, (), comment=comment, oid=oid, partitioned=partitioned, form=form)


def _complete(connection: Connection, tables: Sequence[Table]) -> tuple[Table, ...]:
    oids = {"tables": [table.oid for table in tables]}
    columns = _columns(connection, oids)
    constraints = _by_table(connection.execute(queries.CONSTRAINTS, oids))
    indexes = _by_table(connection.execute(queries.INDEXES, oids))
    return tuple(_with_parts(table, columns, constraints, indexes) for table in tables)


def _with_parts(table: Table, columns: dict[int, list[Column]], constraints: _Rows, indexes: _Rows) -> Table:
    assert table.oid is not None
    own = constraints[table.oid]
    return replace(
        table,
        columns=tuple(columns[table.oid]),
        primary_key=next((tuple(row[2]) for row in own if row[0] == "p"), ()),
        foreign_keys=tuple(_foreign_key(row) for row in own if row[0] == "f"),
        checks=tuple(row[6] for row in own if row[0] == "c"),
        indexes=tuple(Index(row[0], tuple(row[2]), row[1], row[3]) for row in indexes[table.oid]),
    )


def _foreign_key(row: tuple[Any, ...]) -> ForeignKey:
    _, name, columns, ref_schema, ref_table, ref_columns, _ = row
    return ForeignKey(name, tuple(columns), f"{ref_schema}.{ref_table}", tuple(ref_columns))


def _by_table(rows: Iterable[tuple[Any, ...]]) -> _Rows:
    grouped: _Rows = defaultdict(list)
    for oid, *rest in rows:
        grouped[oid].append(tuple(rest))
    return grouped


def _columns(connection: Connection, oids: dict[str, Any]) -> dict[int, list[Column]]:
    types = ColumnTypes(_types(connection, oids))
    columns: dict[int, list[Column]] = defaultdict(list)
    for (
        table,
        number,
        name,
        type_,
        modifier,
        required,
        generated,
        identity,
        default,
        comment,
        dimensions,
    ) in connection.execute(queries.COLUMNS, oids):
        columns[table].append(
            Column(
                name,
                types.resolve(type_, modifier, dimensions),
                nullable=not (required or types.required(type_)),
                default=default,
                generated=generated,
                identity=identity,
                comment=comment,
                number=number,
            )
        )
    return columns


def _types(connection: Connection, oids: dict[str, Any]) -> dict[int, TypeRow]:
    rows = {row[0]: TypeRow(*row) for row in connection.execute(queries.TYPES, oids)}
    composites = [oid for oid, row in rows.items() if row.kind == "c"]
    fields = _by_table(connection.execute(queries.FIELDS, {"types": composites})) if composites else {}
    return {oid: replace(row, fields=tuple(fields.get(oid, ()))) for oid, row in rows.items()}


def _system_identifier(connection: Connection) -> str | None:
    """None where the role may not ask, as on some managed servers."""
    try:
        with connection.transaction():
            row = connection.execute(queries.SYSTEM_IDENTIFIER).fetchone()
    except psycopg.Error:
        return None
    return None if row is None else str(row[0])
