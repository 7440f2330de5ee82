"""What must hold before a table is exported: rights to all of its rows, and no change of it meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bravo_agent.errors import RefusedError
from bravo_agent.model.catalog import Table
from bravo_agent.stores.postgres.catalog import Connection
from bravo_agent.stores.postgres.errors import translated
from bravo_agent.stores.postgres.sql import own_rows

_LOCKS_AT_ONCE = 200  # tables a statement

# pg_dump asks the same; LOCK TABLE wants the right to the table, those to single columns are not enough.
_RIGHTS = """
select n.nspname || '.' || c.relname,
  not (pg_catalog.has_schema_privilege(n.oid, 'usage') and pg_catalog.has_table_privilege(c.oid, 'select')),
  pg_catalog.row_security_active(c.oid)
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.oid = any(%(tables)s::oid[])
order by 1
"""


def check_rights(connection: Connection, oids: Sequence[int]) -> None:
    """Raises ``source-access-denied`` with every table of which not all rows may be read."""
    with translated():
        rows = connection.execute(_RIGHTS, {"tables": list(oids)}).fetchall()
    denied = [name for name, no_select, _ in rows if no_select]
    filtered = [name for name, no_select, policies in rows if policies and not no_select]
    if not denied and not filtered:
        return
    reasons = [f"no SELECT on {', '.join(denied)}"] if denied else []
    reasons += [f"row-level security hides rows of {', '.join(filtered)}"] if filtered else []
    raise RefusedError(
        "source-access-denied",
        f"not all rows may be read: {'; '.join(reasons)}",
        hint="Grant SELECT (for row-level security also BYPASSRLS) to this user, or leave the tables out "
        "with `exclude` under [source].",
    )


def lock_tables(run: Callable[[str], object], tables: Iterable[Table], *, wait: bool = True) -> None:
    """ACCESS SHARE on all tables and views: reads and writes go on, ALTER TABLE waits. Raises ``source-locked``.

    Must be the first in its transaction: LOCK TABLE takes no snapshot, so the one that the first query takes
    is younger than every change of structure that the locks waited for. Materialized views cannot be
    locked: one that is altered during the export fails its query.
    """
    names = [own_rows(table) for table in tables if table.form != "materialized-view"]
    with translated():
        for start in range(0, len(names), _LOCKS_AT_ONCE):
            listed = ", ".join(names[start : start + _LOCKS_AT_ONCE])
            run(f"lock table {listed} in access share mode{'' if wait else ' nowait'}")
