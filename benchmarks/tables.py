"""The tables that are measured: those of the data path's marks, and the example application's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_MIXED = """
create type st as enum ('draft', 'active', 'ended');
create table mixed (id int8 primary key, u uuid not null, s st, price numeric(12,2), score numeric,
  tags text[], payload jsonb, at timestamptz not null, d date, name text not null, label varchar(50), f float8,
  i int4 not null, b bool, c char(4));
"""
_MIXED_ROWS = """
insert into mixed select g, gen_random_uuid(), (array['draft', 'active', 'ended'])[1 + g % 3]::st, g / 7.0, g * 1.5,
  array['x' || g % 10, 'y', null], jsonb_build_object('a', g, 'b', array[1, 2, g % 5]),
  '2025-06-28'::timestamptz - g * interval '1 s', '2025-06-28'::date - (g % 1000)::int,
  'name ' || g, case when g % 5 > 0 then 'label ' || g % 1000 end, random(), g % 100000, g % 2 = 0, 'ab'
  from generate_series({first}, {last}) g
"""
_NARROW = "create table narrow (id int8 primary key, a int4 not null, b float8, at timestamptz, name text);"
_NARROW_ROWS = """
insert into narrow select g, g % 100000, random(), '2025-06-28'::timestamptz - g * interval '1 s', 'name ' || g
  from generate_series({first}, {last}) g
"""
# 79 columns beside the key, of these types in turn, and one expression of g for each.
_WIDE = (
    ("int4", "g % 1000 + {n}"),
    ("int8", "g * {n}"),
    ("float8", "random()"),
    ("text", "'value ' || g % 5000 + {n}"),
    ("numeric(12,2)", "g / 7.0 + {n}"),
    ("timestamptz", "'2025-06-28'::timestamptz - g * interval '{n} s'"),
    ("bool", "(g + {n}) % 2 = 0"),
    ("text", "case when g % 3 > 0 then 'label ' || {n} end"),
)


@dataclass(frozen=True)
class BenchTable:
    """``rows`` by default and in full; ``create`` and ``fill`` are SQL, ``change`` the delta's statement on ``{n}``."""

    name: str
    rows: int
    full: int
    create: str = ""
    fill: str = ""
    change: str = ""

    def filling(self, first: int, last: int) -> str:
        """The statement that adds the rows of these keys, both ends included."""
        return self.fill.replace("{first}", str(first)).replace("{last}", str(last))

    def delta(self, rows: int, turn: int) -> Iterator[str]:
        """1 % of ``rows``: of ten rows eight are changed, one is deleted, one is new; another part each ``turn``."""
        step = 1000
        at = 10 * turn
        yield f"update {self.name} set {self.change} where id % {step} between {at + 1} and {at + 8}"
        yield f"delete from {self.name} where id % {step} = {at + 9}"
        first = rows * (10 + turn) + 1
        yield self.filling(first, first + max(1, rows // 1000) - 1)


def _wide() -> BenchTable:
    columns = [_WIDE[n % len(_WIDE)] for n in range(79)]
    create = ", ".join(f"c{n} {type_}" for n, (type_, _) in enumerate(columns))
    values = ", ".join(expression.replace("{n}", str(n)) for n, (_, expression) in enumerate(columns))
    values = values.replace("|| g % 5000 + ", "|| g % 5000 || '-' || ")
    return BenchTable(
        "wide",
        20_000,
        100_000,
        f"create table wide (id int8 primary key, {create});",
        f"insert into wide select g, {values} from generate_series({{first}}, {{last}}) g",
        "c0 = c0 + 1",
    )


TABLES = {
    one.name: one
    for one in (
        BenchTable("mixed", 200_000, 1_000_000, _MIXED, _MIXED_ROWS, "i = i + 1"),
        BenchTable("narrow", 400_000, 2_000_000, _NARROW, _NARROW_ROWS, "a = a + 1"),
        _wide(),
        BenchTable("daily_metrics", 200_000, 1_000_000),
    )
}
