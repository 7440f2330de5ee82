"""``masking``: keyed pseudonyms (HMAC-SHA256) of the column's type, the same for equal values.

Equal values stay equal across columns and tables, so joins over masked texts still hold; nothing of the
original is kept but NULL and the empty string. A type for which no masked value exists is an error that says
so: it never passes unmasked.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Column, ColumnType
from bravo_agent.ports import CompiledRule, RuleContext

Mask = Callable[[Any, bytes], Any]
_DAY_US = 86_400_000_000
# Types that travel as PostgreSQL's text and have a value that says nothing.
_BLANK = {
    "time": "00:00:00", "timetz": "00:00:00+00", "interval": "PT0S", "inet": "0.0.0.0", "cidr": "0.0.0.0/32",  # noqa: S104
    "macaddr": "00:00:00:00:00:00", "macaddr8": "00:00:00:00:00:00:00:00", "ltree": "masked", "money": "0.00",
    "hstore": "", "point": "(0,0)", "json": "{}", "jsonb": "{}",
}  # fmt: skip


class Masking:
    """Deterministic under one key; another key gives unrelated values."""

    def compile(self, column: Column, params: str, context: RuleContext) -> CompiledRule:
        """The mask for the column's type; raises ``mask-key-missing``, ``mask-not-possible``."""
        where = f"{context.table}.{column.name}"
        key = context.mask_key
        if not key:
            raise UsageError(
                "mask-key-missing",
                f"{where} is to be masked and there is no masking key",
                hint="Set BRAVO_MASK_KEY to a long random text and keep it: one key gives one set of masks. "
                "Or classify the column as `keep` in [privacy.columns] of bravo.toml.",
                where=where,
            )
        if column.type.form == "array":
            return CompiledRule(column.type, lambda array: _constant(array, _empty_array(array.type)))
        if column.type.form == "base" and column.type.name in _UNITS:
            unit = _UNITS[column.type.name]
            return CompiledRule(column.type, lambda array: _mask_time(array, unit, key))
        mask = _mask_for(column.type)
        if mask is not None:
            return CompiledRule(column.type, lambda array: _per_distinct(array, mask, key))
        if column.nullable:
            return CompiledRule(column.type, lambda array: pa.nulls(len(array), array.type))
        raise UsageError(
            "mask-not-possible",
            f"{column.type.sql} has no masked value and {where} is NOT NULL",
            hint="Classify the column as `keep` in [privacy.columns], or leave it out with `ignore`.",
            where=where,
        )


def _per_distinct(array: pa.Array, mask: Mask, key: bytes) -> pa.Array:
    encoded = array.dictionary_encode()
    masked = [None if value is None else mask(value, key) for value in encoded.dictionary.to_pylist()]
    return pa.array(masked, array.type).take(encoded.indices)


def _constant(array: pa.Array, value: Any) -> pa.Array:
    valid = array.is_valid()
    return pa.array([value if present else None for present in valid.to_pylist()], array.type)


def _empty_array(type_: pa.DataType) -> Any:
    if pa.types.is_struct(type_):
        return {field.name: [] if pa.types.is_list(field.type) else None for field in type_}
    return []


def _mask_for(type_: ColumnType) -> Mask | None:
    if type_.form == "enum":
        return lambda value, key: type_.labels[_number(value, key) % len(type_.labels)]
    if type_.form in ("range", "multirange"):
        blank = "empty" if type_.form == "range" else "{}"
        return lambda value, key: blank
    if type_.form != "base":
        return None
    if type_.name in _BLANK:
        return lambda value, key: _BLANK[type_.name]
    if type_.name == "numeric":
        return lambda value, key: _numeric(type_, value, key)
    if type_.name in ("bit", "varbit"):
        return lambda value, key: "0" * len(value)
    if type_.name in ("text", "varchar", "bpchar", "char", "citext", "name"):
        return lambda value, key: _text(type_, value, key)
    return _FIXED.get(type_.name)


def _digest(value: Any, key: bytes) -> bytes:
    data = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
    return hmac.digest(key, data, "sha256")


def _number(value: Any, key: bytes) -> int:
    return int.from_bytes(_digest(value, key)[:8], "big")


def _text(type_: ColumnType, value: str, key: bytes) -> str:
    """A pseudonym that still looks like an address where the original held an @; fits varchar(n)."""
    if not value:
        return value
    digest = _digest(value.rstrip() if type_.name == "bpchar" else value, key).hex()
    masked = f"user-{digest[:16]}@example.com" if "@" in value else f"masked-{digest[:16]}"
    limit = 1 if type_.name == "char" else type_.length
    if limit is not None and len(masked) > limit:
        masked = digest[:limit]
    return masked.ljust(limit) if type_.name == "bpchar" and limit else masked


def _numeric(type_: ColumnType, value: str, key: bytes) -> str:
    """As many digits as the type or, unbounded, the value has; the same scale."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return value  # NaN and infinity say nothing about a person
    scale = len(value.partition(".")[2])
    size = type_.precision or len(value.lstrip("-").replace(".", ""))
    digits = str(_number(value, key) % 10 ** min(size, 18)).rjust(scale + 1, "0")
    return f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits


def _uuid(value: bytes, key: bytes) -> bytes:
    raw = bytearray(_digest(value, key)[:16])
    raw[6], raw[8] = raw[6] & 0x0F | 0x40, raw[8] & 0x3F | 0x80  # a valid version 4
    return bytes(raw)


_FIXED: dict[str, Mask] = {
    "bool": lambda value, key: bool(_number(value, key) & 1),
    "int2": lambda value, key: _number(value, key) % 2**15,
    "int4": lambda value, key: _number(value, key) % 2**31,
    "int8": lambda value, key: _number(value, key) % 2**53,
    "oid": lambda value, key: _number(value, key) % 2**31,
    "float4": lambda value, key: float(_number(value, key) % 10**6),
    "float8": lambda value, key: _number(value, key) % 10**8 / 100,
    "bytea": lambda value, key: _digest(value, key)[:16],
    "uuid": _uuid,
}


def _days(value: int, key: bytes) -> int:
    return _number(value, key) % 18_000  # 1970 to 2019


def _mask_time(array: pa.Array, unit: int, key: bytes) -> pa.Array:
    """Dates and timestamps by their numbers: a Python datetime cannot hold every value PostgreSQL has."""
    width = pa.int32() if unit == 1 else pa.int64()
    numbers = array.view(width)
    masked = _per_distinct(numbers, lambda value, secret: _days(value, secret) * unit, key)
    return masked.view(array.type)


_UNITS = {"date": 1, "timestamp": _DAY_US, "timestamptz": _DAY_US}

KIND = Masking()
