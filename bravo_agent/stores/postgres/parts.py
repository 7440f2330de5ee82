"""How big tables are cut: into ranges of heap blocks, which hold for any table, key or no key, NULL and NaN.

A row's place (ctid) cannot change for a snapshot: an update writes a new version elsewhere, and the old one
stays as long as the snapshot sees it; what rewrites a table needs a lock that ours forbids. So the ranges are
disjoint and complete: the first is open below, the last open above.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from bravo_agent.model.catalog import Table
from bravo_agent.stores.postgres.catalog import Connection

_PART_CHUNKS = 4  # a part of less would be more connection and file than rows
_PART_BYTES = 64 * 1024 * 1024
_MOST_PARTS = 10_000

# Of a partitioned table the same range is read from each partition: the longest of them is what is cut.
# Foreign tables as partitions and access methods of extensions need not know a ctid: that is one part.
_SIZES = """
select t.oid::int8, max(size.pages)::int8, sum(size.bytes)::int8,
  sum(case when c.reltuples > 0 and c.relpages > 0 then c.reltuples / c.relpages * size.pages
    else size.bytes / 100 end)::int8,
  bool_and(c.relkind = 'p' or (c.relkind = 'r' and m.amname is not distinct from 'heap'))
from unnest(%(tables)s::oid[]) t(oid)
cross join lateral (
  select relid from pg_catalog.pg_partition_tree(t.oid) union select t.oid
) leaf(relid)
join pg_catalog.pg_class c on c.oid = leaf.relid
left join pg_catalog.pg_am m on m.oid = c.relam
cross join lateral (
  select coalesce(pg_catalog.pg_table_size(c.oid), 0) as bytes,
    coalesce(pg_catalog.pg_relation_size(c.oid), 0) / current_setting('block_size')::int8 as pages
) size
group by t.oid
"""


@dataclass(frozen=True)
class Size:
    """A table's size; ``rows`` is an estimate, ``blocks`` of its longest partition, 0 if it cannot be cut."""

    blocks: int
    bytes: int
    rows: int


@dataclass(frozen=True)
class Part:
    """The rows of ``table`` from block ``low`` on (None: the first), before ``high`` (None: to the end)."""

    table: Table
    number: int
    low: int | None = None
    high: int | None = None

    @property
    def condition(self) -> str:
        """The WHERE clause, empty for a whole table."""
        low = [] if self.low is None else [f"ctid >= '({self.low},0)'::pg_catalog.tid"]
        high = [] if self.high is None else [f"ctid < '({self.high},0)'::pg_catalog.tid"]
        return " WHERE " + " AND ".join(low + high) if low or high else ""


def table_sizes(connection: Connection, tables: Sequence[Table]) -> Mapping[int, Size]:
    """The sizes by oid."""
    rows = connection.execute(_SIZES, {"tables": [table.oid for table in tables]})
    return {oid: Size(pages if heap else 0, bytes_, tuples) for oid, pages, bytes_, tuples, heap in rows}


def cut(table: Table, size: Size, chunk_rows: int) -> tuple[Part, ...]:
    """The parts of one table, each about four chunks of rows or 64 MB, whichever is less."""
    wanted = max(ceil(size.rows / (chunk_rows * _PART_CHUNKS)), ceil(size.bytes / _PART_BYTES), 1)
    count = max(min(wanted, size.blocks, _MOST_PARTS), 1)
    edges = [size.blocks * number // count for number in range(1, count)]
    return tuple(
        Part(table, number, low, high)
        for number, (low, high) in enumerate(zip([None, *edges], [*edges, None], strict=True))
    )
