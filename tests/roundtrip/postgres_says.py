"""What MongoDB must hold, worked out from PostgreSQL alone: nothing here comes from the product.

psycopg takes nested values apart (arrays, composites, ranges); their innermost texts become BSON values by the
table in semantics.md; PostgreSQL itself counts the milliseconds of dates.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from bson.binary import Binary
from bson.datetime_ms import DatetimeMS
from bson.decimal128 import Decimal128
from bson.int64 import Int64
from psycopg.adapt import Buffer, Loader
from psycopg.types import TypeInfo
from psycopg.types.array import register_array
from psycopg.types.composite import CompositeInfo, register_composite
from psycopg.types.hstore import register_hstore
from psycopg.types.multirange import MultirangeInfo, register_multirange
from psycopg.types.range import RangeInfo, register_range

SKIPPED = ("tsvector", "tsquery")
_TEXT = 0  # psycopg's number of the text format
# Collections that MongoDB or bravo-agent keep for themselves, and a twin of public.sales_orders.
_RENAMED = {
    "public.system.users": "%73ystem.users",
    "public._bravo_meta": "%5Fbravo_meta",
    "public.etl_audit": "%65tl_audit",
    "sales.orders": "sales.orders",
}


class _Text(Loader):
    def load(self, data: Buffer) -> str:
        return bytes(data).decode()


@dataclass(frozen=True)
class Type:
    """A row of pg_type; ``element`` of arrays and ranges, ``base`` of domains."""

    name: str
    schema: str
    kind: str
    array: int
    base: int
    element: int
    delimiter: str
    fields: tuple[tuple[str, int], ...]
    range_: int


@dataclass(frozen=True)
class Row:
    """One row as a document: ``key`` is None where the table has none."""

    key: Any
    fields: dict[str, Any]


@dataclass(frozen=True)
class TableSays:
    """One table and its documents."""

    schema: str
    name: str
    rows: tuple[Row, ...]
    keyed: bool

    @property
    def collection(self) -> str:
        """As semantics.md names it."""
        name = self.name if self.schema == "public" else f"{self.schema}_{self.name}"
        return _RENAMED.get(f"{self.schema}.{self.name}") or name.replace("%", "%25").replace("$", "%24")


class PostgresSays:
    """Reads one database; ``infinity`` of the configuration is ``string``."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        connection.execute("set intervalstyle = iso_8601; set timezone = 'UTC'; set datestyle = 'ISO, MDY'")
        connection.execute("set extra_float_digits = 1; set bytea_output = hex; set lc_monetary = 'C'")
        self._types = self._read_types()
        self._moments: dict[tuple[str, str], Any] = {}
        self._register()

    def tables(self, schemas: tuple[str, ...]) -> Iterator[TableSays]:
        """Every table, partitions within their root, children of inheritance on their own."""
        found = self._connection.execute(
            "select c.oid::int8, n.nspname::text, c.relname::text, c.relkind::text from pg_class c"
            " join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = any(%s) and c.relkind in ('r', 'p') and not c.relispartition order by 2, 3",
            [list(schemas)],
        )
        for oid, schema, name, kind in found.fetchall():
            yield self._table(int(oid), schema, name, only="" if kind == "p" else "only ")

    def _table(self, oid: int, schema: str, name: str, only: str) -> TableSays:
        columns = [
            (column, int(type_))
            for column, type_ in self._connection.execute(
                "select attname::text, atttypid::int8 from pg_attribute"
                " where attrelid = %s and attnum > 0 and not attisdropped order by attnum",
                [oid],
            )
            if self._plain(int(type_)) not in SKIPPED
        ]
        key = [
            row[0]
            for row in self._connection.execute(
                "select a.attname::text from pg_index i, unnest(i.indkey) with ordinality k(n, place), pg_attribute a"
                " where i.indrelid = %s and i.indisprimary and a.attrelid = i.indrelid and a.attnum = k.n"
                " order by k.place",
                [oid],
            )
        ]
        if not columns:
            return TableSays(schema, name, (), keyed=False)
        listed = ", ".join(_identifier(column) for column, _ in columns)
        rows = self._connection.execute(
            f"select {listed} from {only}{_identifier(schema)}.{_identifier(name)}".encode()
        )
        found = tuple(self._row(columns, key, row) for row in rows.fetchall())
        return TableSays(schema, name, found, keyed=bool(key))

    def _row(self, columns: list[tuple[str, int]], key: list[str], row: tuple[Any, ...]) -> Row:
        types, raw = dict(columns), dict(zip((name for name, _ in columns), row, strict=True))
        in_key = {name: self._in_key(types[name], raw[name]) for name in key}
        alone = len(key) == 1 and not self._refused_as_id(types[key[0]])
        kept = [name for name in raw if not (alone and name in key)]
        fields = {document_key(name): self.value(types[name], raw[name]) for name in kept}
        if alone:
            return Row(in_key[key[0]], fields)
        return Row({document_key(k): v for k, v in in_key.items()} if key else None, fields)

    def _in_key(self, oid: int, raw: Any) -> Any:
        """Decimals are text there."""
        name = self._types[self._base(oid)].name
        return raw if name == "numeric" else str(_money(raw)) if name == "money" else self.value(oid, raw)

    def _refused_as_id(self, oid: int) -> bool:
        """MongoDB takes no array as ``_id``: such a key is a document of one field."""
        type_ = self._types[self._base(oid)]
        return type_.kind in ("array", "m") or type_.name == "jsonb"

    def value(self, oid: int, raw: Any) -> Any:
        """``raw`` as psycopg took it apart -> what bson.encode takes."""
        type_ = self._types[self._base(oid)]
        if raw is None:
            return None
        if type_.kind == "array":
            return self._items(type_.element, raw)
        if type_.kind == "r":
            return self._range(type_.element, raw)
        if type_.kind == "m":
            return [self._range(type_.element, one) for one in raw]
        if type_.kind == "c":
            # psycopg takes the text of row(null), which is (), for no field at all.
            pairs = zip(type_.fields, raw or [None], strict=True)
            return {inner_key(name): self.value(own, value) for (name, own), value in pairs}
        if type_.name == "hstore":
            return {inner_key(name): value for name, value in raw.items()}
        return self._leaf(type_.name, raw)

    def _items(self, element: int, raw: list[Any]) -> list[Any]:
        nested = self._types[self._base(element)].kind != "array"
        return [
            self._items(element, one) if nested and isinstance(one, list) else self.value(element, one)
            for one in raw
        ]

    def _range(self, bound: int, raw: Any) -> dict[str, Any]:
        if raw.isempty:
            return {"lower": None, "upper": None, "bounds": "()", "empty": True}
        lower, upper = self.value(bound, raw.lower), self.value(bound, raw.upper)
        return {"lower": lower, "upper": upper, "bounds": raw.bounds, "empty": False}

    def _leaf(self, name: str, text: str) -> Any:
        if name in ("date", "timestamp", "timestamptz"):
            return self._moment(name, text)
        return _LEAVES.get(name, str)(text)

    def _moment(self, name: str, text: str) -> Any:
        if text.endswith("infinity"):
            return text
        if (name, text) not in self._moments:
            # In two parts: beyond the year 294247 extract(epoch) counts in floating point.
            counted = (
                "select (%s::date - '1970-01-01'::date)::int8 * 86400000"
                if name == "date"
                else f"select extract(epoch from date_trunc('second', t))::int8 * 1000"
                f" + extract(microseconds from t)::int8 %% 1000000 / 1000 from (select %s::{name}) one(t)"
            )
            row = self._connection.execute(counted.encode(), [text]).fetchone()
            assert row is not None
            self._moments[name, text] = DatetimeMS(int(row[0]))
        return self._moments[name, text]

    def _base(self, oid: int) -> int:
        type_ = self._types[oid]
        return self._base(type_.base) if type_.kind == "d" else oid

    def _plain(self, oid: int) -> str:
        type_ = self._types[self._base(oid)]
        return self._plain(type_.element) if type_.kind == "array" else type_.name

    def _read_types(self) -> dict[int, Type]:
        fields: dict[int, list[tuple[str, int]]] = {}
        for oid, name, type_ in self._connection.execute(
            "select t.oid::int8, attname::text, atttypid::int8 from pg_type t join pg_attribute on attrelid = typrelid"
            " where typtype = 'c' and attnum > 0 and not attisdropped order by t.oid, attnum"
        ):
            fields.setdefault(oid, []).append((name, type_))
        rows = self._connection.execute(
            "select t.oid::int8, t.typname::text, n.nspname::text, t.typtype::text, t.typarray::int8,"
            " t.typbasetype::int8, coalesce(r.rngsubtype, t.typelem)::int8, t.typdelim::text,"
            " exists (select from pg_type e where e.typarray = t.oid), coalesce(r.rngtypid, 0)::int8"
            " from pg_type t join pg_namespace n on n.oid = t.typnamespace"
            " left join pg_range r on t.oid in (r.rngtypid, r.rngmultitypid) where t.typtype <> 'p'"
        )
        return {
            oid: Type(
                name, schema, "array" if is_array else kind, array, base, element, delimiter,
                tuple(fields.get(oid, ())), range_,
            )
            for oid, name, schema, kind, array, base, element, delimiter, is_array, range_ in rows
        }  # fmt: skip

    def _register(self) -> None:
        adapters = self._connection.adapters
        for oid, type_ in self._types.items():
            if type_.kind in ("b", "e"):
                adapters.register_loader(oid, _Text)
        for oid, one in self._types.items():
            if one.kind == "r":
                info = RangeInfo(one.name, oid, one.array, subtype_oid=one.element)
                register_range(info, self._connection)
            elif one.kind == "m":
                multi = MultirangeInfo(
                    one.name, oid, one.array, range_oid=one.range_, subtype_oid=one.element
                )
                register_multirange(multi, self._connection)
            elif one.kind == "c" and one.schema not in ("pg_catalog", "information_schema"):
                names, types = [name for name, _ in one.fields], [own for _, own in one.fields]
                shape = CompositeInfo(one.name, oid, one.array, field_names=names, field_types=types)
                register_composite(shape, self._connection, factory=lambda *fields: fields)
            elif one.name == "hstore":
                register_hstore(TypeInfo(one.name, oid, one.array), self._connection)
        for oid, one in self._types.items():
            if one.array and (one.kind != "c" or one.schema not in ("pg_catalog", "information_schema")):
                register_array(TypeInfo(one.name, oid, one.array, delimiter=one.delimiter), self._connection)
        for oid, one in self._types.items():
            if one.kind == "d":
                loader = adapters.get_loader(self._base(oid), _TEXT)  # type: ignore[arg-type]
                assert loader is not None
                adapters.register_loader(oid, loader)


def document_key(column: str) -> str:
    """The reversible names of semantics.md, for columns."""
    if column == "_id":
        return "%5Fid"
    return column.replace("%", "%25").replace("$", "%24").replace(".", "%2E")


def inner_key(key: str) -> str:
    """The same inside documents, where a dollar matters in front alone."""
    escaped = key.replace("%", "%25").replace(".", "%2E").replace("\0", "%00")
    return "%24" + escaped[1:] if key.startswith("$") else escaped


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _float4(text: str) -> float:
    return float(struct.unpack("<f", struct.pack("<f", float(text)))[0])


def _money(text: str) -> Decimal128:
    return Decimal128(text.replace("$", "").replace(",", ""))


def _json(text: str) -> Any:
    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        return {inner_key(key): value for key, value in found}

    def integer(digits: str) -> Any:
        number = int(digits)
        return Int64(number) if -(2**63) <= number < 2**63 else Decimal128(digits)

    def fraction(digits: str) -> Any:
        near = float(digits)
        return near if Decimal(str(near)) == Decimal(digits) else Decimal128(digits)

    return json.loads(text, object_pairs_hook=pairs, parse_int=integer, parse_float=fraction)


def _xy(text: str) -> list[dict[str, float]]:
    numbers = [float(one) for one in re.findall(r"[^\s()\[\]<>{},]+", text)]
    return [{"x": x, "y": y} for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def _circle(text: str) -> dict[str, Any]:
    x, y, radius = (float(one) for one in re.findall(r"[^\s()<>,]+", text))
    return {"center": {"x": x, "y": y}, "radius": radius}


_LEAVES: dict[str, Any] = {
    "bool": lambda text: {"t": True, "f": False}[text],
    "int2": int,
    "int4": int,
    "int8": lambda text: Int64(int(text)),
    "oid": lambda text: Int64(int(text)),
    "float4": _float4,
    "float8": float,
    "numeric": Decimal128,
    "money": _money,
    "bytea": lambda text: bytes.fromhex(text.removeprefix("\\x")),
    "uuid": lambda text: Binary(UUID(text).bytes, 4),
    "json": _json,
    "jsonb": _json,
    "point": lambda text: _xy(text)[0],
    "lseg": lambda text: dict(zip(("start", "end"), _xy(text), strict=True)),
    "box": lambda text: dict(zip(("high", "low"), _xy(text), strict=True)),
    "path": lambda text: {"closed": text.startswith("("), "points": _xy(text)},
    "polygon": lambda text: {"points": _xy(text)},
    "circle": _circle,
    "line": lambda text: dict(zip("abc", map(float, text.strip("{}").split(",")), strict=True)),
}
