"""Which values fit another type: held against the casts of PostgreSQL itself, value by value."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from bravo_agent.config import TypesSection
from bravo_agent.model.catalog import ColumnType
from bravo_agent.stores.snapshot import SnapshotReader
from bravo_agent.transfer.exact import values as documents
from bravo_agent.types import FITS, cast_between

RANDOM = random.Random(20_251_123)
VALUES = tomllib.loads((Path(__file__).parent / "evidence_values.toml").read_text(encoding="utf-8"))
RANDOM_NUMBERS = [
    f"{RANDOM.choice(['', '-'])}{RANDOM.randrange(10 ** RANDOM.randint(1, 22))}"
    + (f".{RANDOM.randrange(10**places):0{places}}" if (places := RANDOM.randint(0, 8)) else "")
    for _ in range(300)
]
RANDOM_MOMENTS = [
    f"{RANDOM.randint(1, 12000):04}-{RANDOM.randint(1, 12):02}-{RANDOM.randint(1, 30):02}"
    f"{RANDOM.choice('T ')}{RANDOM.randint(0, 24):02}:{RANDOM.randint(0, 61):02}"
    f"{RANDOM.choice(['', ':07', ':59.5', ':60', ':00.123456'])}"
    f"{RANDOM.choice(['', '', 'Z', '+02', '-05:30', '+15:59', '+1600', ' +0130'])}"
    for _ in range(300)
]
ZONELESS = [one for one in RANDOM_MOMENTS if "Z" not in one and "+" not in one and "-05" not in one]
SHORT = [one for one in RANDOM_NUMBERS if len(one.split(".")[0]) < 14]
MORE = {
    "text": [*RANDOM_NUMBERS, *RANDOM_MOMENTS],
    "numeric": RANDOM_NUMBERS,
    "float8": RANDOM_NUMBERS[:100],
    "numeric(20,6)": SHORT,
}
CURRENT: dict[str, list[str]] = {
    name: [*values, *MORE.get(name, [])] for name, values in VALUES["current"].items()
}
EXPECTED: list[str] = VALUES["expected"]
SETUP = """
create extension citext; create type mood as enum ('sad', 'ok'); create type other_mood as enum ('sad');
create function fits(question text, out said bool) language plpgsql as $$
begin execute question into said; exception when others then said := false; end $$;
"""
NUMERIC = {"int2", "int4", "int8", "oid", "float4", "float8", "numeric", "money"}
# What PostgreSQL reads by a setting, by the day, or from other calendars: declared as not fit (docs/evidence.md).
ISO_ONLY = {"date", "timestamp", "timestamptz", "time"}


def base(name: str) -> str:
    return name.split("(")[0].removesuffix("[]")


def question(current: str, expected: str) -> str:
    """What PostgreSQL is asked of ``$v``: whether the value comes through as ``expected`` unharmed."""
    one, other = base(current), base(expected)
    texts = {"text", "varchar", "char", "citext", "name"}
    if current.endswith("[]") and expected.endswith("[]"):
        cut = f"$v::{expected}::text[] = $v::text[]"
        return cut if other in texts else f"pg_input_is_valid($v::text, '{expected}')"
    if other in texts:
        return f"($v::text)::{expected}::text = $v::text"
    if one in NUMERIC and other in NUMERIC:
        if one.startswith("float") and other.startswith("float"):
            return f"$v::{expected}::{current} = $v"
        shown = "$v::numeric" if one == "money" else "$v::text::numeric"
        back = (
            f"{shown}::{expected}::numeric"
            if other in ("money", "numeric")
            else f"{shown}::{expected}::text::numeric"
        )
        if other == "oid":
            back = f"{shown}::int8::oid::int8"  # int8 has no way to oid over 2^32
        return f"{back} = {shown}"
    if one in texts | {"mood"}:
        valid = f"pg_input_is_valid($v::text, '{expected}')"
        if other in ("numeric", "float4", "float8"):
            return f"{valid} and $v::text::{expected}::text::numeric = $v::text::numeric"
        precise = expected.removesuffix("(3)").removesuffix("(0)").removesuffix("(2)")
        if precise != expected and other in ISO_ONLY:
            return f"{valid} and $v::text::{expected} = $v::text::{precise}"
        return valid
    if current == expected:
        return "true"
    if one in ("json", "jsonb"):
        return f"pg_input_is_valid($v::text, '{expected}')"
    if other in ("bool", "date", "timestamp", "timestamptz", "time") or one == "bool":
        return _there_and_back(one, other, current, expected)
    return f"$v::text::{expected}::text = $v::text"


def _there_and_back(one: str, other: str, current: str, expected: str) -> str:
    """By the casts between the two types; int4 is the only number that has one to and from bool."""
    if one == "bool":
        return f"$v::int4::{expected}::text = $v::int4::text"
    middle = "int4" if one in ("int2", "int8", "oid") and other == "bool" else ""
    return f"$v{'::' if middle else ''}{middle}::{expected}::{middle or current} = $v"


@pytest.fixture
def scene(production: psycopg.Connection[Any], export: Any) -> tuple[psycopg.Connection[Any], SnapshotReader]:
    production.execute(SETUP)
    for number, (name, values) in enumerate(CURRENT.items()):
        production.execute(f"create table t{number} (id serial primary key, v {name})".encode())
        for value in [*values, None]:
            statement = sql.SQL("insert into {} (v) values ({}::{})").format(
                sql.Identifier(f"t{number}"), sql.Literal(value), sql.SQL(name)
            )
            production.execute(statement)
    columns = ", ".join(f"c{number} {name}" for number, name in enumerate(EXPECTED))
    production.execute(f"create table expected ({columns})".encode())
    return production, export("2026-01-01")


def test_castable_is_what_postgresql_says(scene: tuple[psycopg.Connection[Any], SnapshotReader]) -> None:
    connection, reader = scene
    wanted = {
        name: column.type
        for name, column in zip(EXPECTED, reader.table("public.expected").columns, strict=True)
    }
    wrong, pairs, compared = [], 0, 0
    for number, current in enumerate(CURRENT):
        table = reader.table(f"public.t{number}")
        (batch,) = reader.batches(table.key, ["id", "v"])
        for expected, type_ in wanted.items():
            cast = cast_between(table.columns[1].type, type_)
            if cast is None:
                continue
            codes = cast.codes(batch.column(1))
            assert codes is not None
            asked = question(current, expected).replace("$v", "v")
            rows = connection.execute(
                f"select id, v::text, fits('select ' || $q${asked}$q$ || format(' from t{number} where id = %s', id))"
                f" from t{number} order by id".encode()
            ).fetchall()
            said = {row: (text, found) for row, text, found in rows}
            pairs += 1
            for row, code in zip(batch.column(0).to_pylist(), codes.tolist(), strict=True):
                text, found = said[row]
                if text is None:
                    assert code == 0
                elif (code == FITS) != bool(found) and not excused(current, expected, text, code == FITS):
                    wrong.append((current, expected, text, code, found))
                compared += text is not None
            check_apply(cast, batch.column(1), codes.tolist(), type_)
    assert not wrong, f"{len(wrong)} of {compared}:\n" + "\n".join(map(repr, wrong[:60]))
    assert pairs > 150
    assert compared > 20_000


def excused(current: str, expected: str, text: str, fits: bool) -> bool:
    """Declared in docs/evidence.md: of dates only ISO 8601 is taken, and no part dropped; no hexadecimal floats."""
    if expected.startswith("float") and text == "0x2A":
        return not fits
    return (
        base(current) in ("text", "varchar", "char")
        and base(expected) in ISO_ONLY
        and not fits
        and (text not in [*VALUES["current"]["date"], *RANDOM_MOMENTS] or _drops(text, expected))
    )


def _drops(text: str, expected: str) -> bool:
    """Whether PostgreSQL takes the moment, but leaves the zone away, or the time of the day, or the day."""
    return (
        ":" in text and base(expected) != "timestamptz" and not (expected == "timestamp" and text in ZONELESS)
    )


def check_apply(cast: Any, array: Any, codes: list[int], expected: ColumnType) -> None:
    """What fits becomes a value of the type that the encoder takes, and what does not is told, never null."""
    made, reasons = cast.apply(array)
    assert sorted(reasons) == [row for row, code in enumerate(codes) if code > FITS]
    assert (
        [value is not None for value in made.to_pylist()] == [code == FITS for code in codes]
        if not (expected.name.startswith(("timestamp", "date")))
        else len(made) == len(array)
    )
    assert len(list(documents(expected, made, TypesSection(infinity="string")))) == len(array)
