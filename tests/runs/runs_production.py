"""What production says, value by value, read by psycopg and not by anything of bravo-agent's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
from bson.binary import Binary
from bson.datetime_ms import DatetimeMS
from bson.decimal128 import Decimal128
from psycopg.rows import dict_row
from runs_scene import Documents, Scene

KEYS = {
    "advertisers": ("id",),
    "users": ("id",),
    "campaigns": ("id",),
    "ad_groups": ("id",),
    "ads": ("id",),
    "daily_metrics": ("ad_id", "day"),
}
NEVER_WANTED = {"users": {"password_hash"}, "campaigns": {"internal_notes"}}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def expected(scene: Scene, *, without: Collection[str] = ()) -> Documents:
    """Every table's rows as documents; ``without`` names columns (``users.email``) that are not compared."""
    with psycopg.connect(scene.source_uri, row_factory=dict_row) as connection:
        connection.execute("set timezone to 'UTC'")
        return {
            table: {
                repr(one["_id"]): one
                for one in (
                    _document(table, row, without) for row in connection.execute(f"table {table}".encode())
                )
            }
            for table in KEYS
        }


def without(documents: Documents, columns: Collection[str]) -> Documents:
    """``documents`` less the fields that ``columns`` name; json's decimals as floats, as psycopg reads them."""
    gone = {tuple(name.removeprefix("public.").split(".")) for name in columns}
    return {
        collection: {
            key: {k: _loose(v) for k, v in one.items() if (collection, k) not in gone}
            for key, one in found.items()
        }
        for collection, found in documents.items()
    }


def _document(table: str, row: dict[str, Any], without_: Collection[str]) -> dict[str, Any]:
    gone = {name.removeprefix("public.") for name in without_}
    kept = {
        name: _value(value)
        for name, value in row.items()
        if f"{table}.{name}" not in gone and name not in NEVER_WANTED.get(table, ())
    }
    key = KEYS[table]
    if len(key) == 1:
        return {"_id": kept.pop(key[0]), **kept}
    return {"_id": {name: kept[name] for name in key}, **kept}


def _value(value: Any) -> Any:
    match value:
        case Decimal():
            return Decimal128(value)
        case UUID():
            return Binary.from_uuid(value)
        case datetime():
            aware = value if value.tzinfo else value.replace(tzinfo=UTC)
            return DatetimeMS((aware - _EPOCH) // timedelta(milliseconds=1))
        case date():
            return DatetimeMS((value - date(1970, 1, 1)).days * 86_400_000)
        case list():
            return [_value(one) for one in value]
        case dict():
            # The declared escape of names that MongoDB would take for a path.
            return {name.replace(".", "%2E"): _value(one) for name, one in value.items()}
    return value


def _loose(value: Any) -> Any:
    # Inside json psycopg gives floats; money columns are Decimal128 at the top level and stay exact.
    if isinstance(value, dict):
        return {
            key: float(v.to_decimal()) if isinstance(v, Decimal128) else _loose(v) for key, v in value.items()
        }
    return [_loose(one) for one in value] if isinstance(value, list) else value
