"""Values that no row ever held: NULL, extremes and awkward ones of a column's type, as a custom rule is given them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import Column, ColumnType
from bravo_agent.types import Rejection, family

_TEXTS = (
    "", " ", "a", "Zürich", "0", "-1", "1.50", "12,5", "1e10", "true", "2024-02-29", "2024-02-29 23:59:59+00",
    "line\nbreak\ttab", "quote'\"\\", "日本語", "👩‍👩‍👧", "e\u0301", "\u202eabc", "{}", '{"a": 1}', "null", "x" * 2_000,
)  # fmt: skip
_INTEGERS = ("0", "1", "-1", "7", "1000000")
_DATES = ("2024-02-29", "1970-01-01", "0001-01-01", "9999-12-31", "1999-12-31")
_BY_NAME: dict[str, tuple[str, ...]] = {
    "bool": ("t", "f"),
    "int2": (*_INTEGERS[:4], "32767", "-32768"),
    "int4": (*_INTEGERS, "2147483647", "-2147483648"),
    "int8": (*_INTEGERS, "9223372036854775807", "-9223372036854775808", "9007199254740993"),
    "oid": ("0", "1", "4294967295"),
    "float4": ("0", "-0", "1.5", "3.4028235e+38", "1e-45", "NaN", "Infinity", "-Infinity"),
    "float8": ("0", "-0", "1.5", "0.1", "1.7976931348623157e+308", "5e-324", "NaN", "Infinity", "-Infinity"),
    "money": ("0.00", "-1.50", "92233720368547758.07"),
    "bytea": ("\\x", "\\x00", "\\xff00fe", "\\x68656c6c6f"),
    "uuid": ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
             "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    "date": _DATES,
    "timestamp": tuple(f"{day} {hour}" for day in _DATES for hour in ("00:00:00", "23:59:59.999999")),
    "timestamptz": tuple(f"{day} {hour}+00" for day in _DATES for hour in ("00:00:00", "23:59:59.999999")),
    "time": ("00:00:00", "23:59:59.999999", "12:30:00"),
    "timetz": ("00:00:00+00", "23:59:59.999999-05"),
    "interval": ("PT0S", "P1Y2M3DT4H5M6.789S", "P-1D", "PT36H"),
    "json": ("{}", "[]", "null", '"text"', "1", "1.5", '{"a": {"b": [1, null, "x"]}}', '{"$a.b": 1}'),
    "inet": ("0.0.0.0/0", "192.168.0.1", "::1", "10.0.0.0/8"),
    "cidr": ("0.0.0.0/0", "10.0.0.0/8", "::/0"),
    "macaddr": ("08:00:2b:01:02:03",),
    "macaddr8": ("08:00:2b:01:02:03:04:05",),
    "bit": ("0", "1"),
    "varbit": ("", "0", "1", "0101"),
    "hstore": ("", '"a"=>"1"', '"a"=>NULL'),
    "point": ("(0,0)", "(1.5,-2)"),
}  # fmt: skip
_BY_NAME["jsonb"] = _BY_NAME["json"]
_STRINGS = ("text", "varchar", "bpchar", "char", "citext", "name")


def synthetic_values(column: Column, switches: TypesSection) -> tuple[Any, ...]:
    """NULL (of a NOT NULL column too: it may come), then samples; only NULL for a type that has none here."""
    return (None, *_read(column.type, switches))


def _read(type_: ColumnType, switches: TypesSection) -> Iterator[Any]:
    read = family(type_).reader(type_, switches)
    for text in _literals(type_):
        try:
            yield read(text)
        except (Rejection, ValueError):
            continue


def _literals(type_: ColumnType) -> tuple[str, ...]:
    """PostgreSQL's texts of the values."""
    if type_.form == "enum":
        return type_.labels
    if type_.form == "array" and type_.element is not None:
        return _arrays(_literals(type_.element))
    if type_.form in ("range", "multirange") and type_.element is not None:
        return _ranges(type_, _literals(type_.element))
    if type_.form != "base":
        return ()
    if type_.name == "numeric":
        return _numerics(type_)
    if type_.name in _STRINGS:
        return _strings(type_)
    return _BY_NAME.get(type_.name, ())


def _strings(type_: ColumnType) -> tuple[str, ...]:
    limit = type_.length if type_.length is not None else 1 if type_.name == "char" else None
    cut = (text if limit is None else text[:limit] for text in _TEXTS)
    found = [text.ljust(limit) if type_.name == "bpchar" and limit else text for text in cut]
    return tuple(dict.fromkeys(found))


def _numerics(type_: ColumnType) -> tuple[str, ...]:
    """As many digits as the type has, before and after the point."""
    if type_.precision is None:
        return ("0", "1", "-1.5", "0.00000001", "9" * 34, "1e-30", "NaN", "Infinity", "-Infinity")
    scale = type_.scale or 0
    whole = "9" * max(type_.precision - scale, 0) or "0"
    tail = f".{'9' * scale}" if scale > 0 else "0" * -scale
    zero = "0" + (f".{'0' * scale}" if scale > 0 else "")
    one = zero[:-1] + "1"
    return ("NaN", zero, one, f"-{one}", f"{whole}{tail}", f"-{whole}{tail}")


def _arrays(items: tuple[str, ...]) -> tuple[str, ...]:
    quoted = ['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in items]
    return ("{}", "{NULL}", *(f"{{{one}}}" for one in quoted[:3]), "{" + ",".join([*quoted, "NULL"]) + "}")


def _ranges(type_: ColumnType, items: tuple[str, ...]) -> tuple[str, ...]:
    one = f'["{items[0]}",)' if items else "(,)"
    return ("{}", f"{{{one}}}") if type_.form == "multirange" else ("empty", "(,)", one)
