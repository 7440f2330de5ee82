"""The queries over pg_catalog: each gives the facts of all wanted tables at once, in a fixed order."""

from __future__ import annotations

# Partitions belong to their root; tables of an extension belong to it, as for pg_dump.
TABLES = """
select c.oid::int8, n.nspname::text, c.relname::text, c.relkind = 'p', d.description, c.relkind::text
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_description d
  on d.classoid = 'pg_catalog.pg_class'::regclass and d.objoid = c.oid and d.objsubid = 0
where n.nspname = any(%(schemas)s)
  and c.relkind = any(%(kinds)s::"char"[]) and not c.relispartition and c.relpersistence <> 't'
  and not exists (select from pg_catalog.pg_depend e
    where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
order by 2, 3
"""

SCHEMAS = "select nspname::text from pg_catalog.pg_namespace where nspname = any(%(schemas)s)"

COLUMNS = """
select a.attrelid::int8, a.attnum::int4, a.attname::text, a.atttypid::int8, a.atttypmod, a.attnotnull,
  a.attgenerated <> '', a.attidentity <> '', pg_catalog.pg_get_expr(f.adbin, f.adrelid), d.description,
  a.attndims::int4
from pg_catalog.pg_attribute a
left join pg_catalog.pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
left join pg_catalog.pg_description d
  on d.classoid = 'pg_catalog.pg_class'::regclass and d.objoid = a.attrelid and d.objsubid = a.attnum
where a.attrelid = any(%(tables)s::oid[]) and a.attnum > 0 and not a.attisdropped
order by 1, 2
"""

# All types that the columns need: a domain's base, an array's element, a range's bound, a composite's fields.
TYPES = """
with recursive needed(oid) as (
  select atttypid from pg_catalog.pg_attribute
  where attrelid = any(%(tables)s::oid[]) and attnum > 0 and not attisdropped
  union
  select part.oid from needed join pg_catalog.pg_type t on t.oid = needed.oid cross join lateral (
    select t.typbasetype where t.typtype = 'd'
    union all select t.typelem where t.typelem <> 0
    union all select r.rngsubtype from pg_catalog.pg_range r where t.oid in (r.rngtypid, r.rngmultitypid)
    union all select a.atttypid from pg_catalog.pg_attribute a
      where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
  ) part(oid)
)
select t.oid::int8, t.typname::text, n.nspname::text, t.typtype::text,
  case when exists (select from pg_catalog.pg_type e where e.oid = t.typelem and e.typarray = t.oid)
    then t.typelem::int8 end,
  t.typbasetype::int8, t.typtypmod, t.typnotnull,
  (select r.rngsubtype::int8 from pg_catalog.pg_range r where t.oid in (r.rngtypid, r.rngmultitypid)),
  array(select enumlabel::text from pg_catalog.pg_enum where enumtypid = t.oid order by enumsortorder),
  array(select pg_catalog.pg_get_constraintdef(c.oid) from pg_catalog.pg_constraint c
    where c.contypid = t.oid and c.contype = 'c' order by c.conname)
from needed join pg_catalog.pg_type t on t.oid = needed.oid
join pg_catalog.pg_namespace n on n.oid = t.typnamespace
"""

FIELDS = """
select t.oid::int8, a.attname::text, a.atttypid::int8, a.atttypmod
from pg_catalog.pg_type t join pg_catalog.pg_attribute a on a.attrelid = t.typrelid
where t.oid = any(%(types)s::oid[]) and a.attnum > 0 and not a.attisdropped
order by 1, a.attnum
"""

# A foreign key to a partitioned table has further rows for the partitions: they hang on conparentid.
CONSTRAINTS = """
select c.conrelid::int8, c.contype::text, c.conname::text,
  array(select a.attname::text from unnest(c.conkey) with ordinality k(number, place)
    join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number order by k.place),
  rn.nspname::text, r.relname::text,
  array(select a.attname::text from unnest(c.confkey) with ordinality k(number, place)
    join pg_catalog.pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.number order by k.place),
  case when c.contype = 'c' then pg_catalog.pg_get_constraintdef(c.oid) end
from pg_catalog.pg_constraint c
left join pg_catalog.pg_class r
  on r.oid = coalesce(pg_catalog.pg_partition_root(nullif(c.confrelid, 0)), nullif(c.confrelid, 0))
left join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
where c.conrelid = any(%(tables)s::oid[]) and c.contype in ('p', 'f', 'c') and c.conparentid = 0
order by 1, 3
"""

INDEXES = """
select i.indrelid::int8, c.relname::text, i.indisunique,
  case when 0 = any(i.indkey) then '{}' else array(
    select a.attname::text from unnest(i.indkey) with ordinality k(number, place)
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
    where k.place <= i.indnkeyatts order by k.place) end,
  pg_catalog.pg_get_indexdef(i.indexrelid)
from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
where i.indrelid = any(%(tables)s::oid[]) and not i.indisprimary and i.indislive and i.indisvalid
order by 1, 2
"""

SYSTEM_IDENTIFIER = "select system_identifier::text from pg_catalog.pg_control_system()"
