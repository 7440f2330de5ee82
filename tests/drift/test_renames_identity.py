"""Identity: a history of renames, drops and additions is read back exactly, generated and on PostgreSQL itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bravo_agent.config import Config, EntitySection
from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.model.change import Change
from bravo_agent.model.entities import ModelSet
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.recognise import Recognition, recognise
from bravo_agent.stores.postgres import connect_read_only, read_catalog

NAMES = ["a", "b", "c", "d", "e"]
TYPES = [ColumnType("text"), ColumnType("int4")]


def recognition(before: Catalog, after: Catalog) -> Recognition:
    keys = {table.key for table in (*before.tables, *after.tables)}
    config = Config(entities={key: EntitySection() for key in keys})
    nothing = ModelSet(())
    return recognise(before, after, nothing, derive_mapping(before, nothing, config), config, {})


def found(changes: tuple[Change, ...]) -> dict[str, set[tuple[str, ...]]]:
    """What happened to the columns, by kind."""
    kinds = ("renamed_field", "dropped_field", "new_field", "replaced_field")
    result: dict[str, set[tuple[str, ...]]] = {kind: set() for kind in kinds}
    for change in changes:
        if change.kind == "renamed_field":
            result[change.kind].add((change.details.before or "", change.details.after or ""))
        elif change.kind in kinds:
            result[change.kind].add((change.field or "",))
    return result


@dataclass
class Ledger:
    """A table that remembers, as PostgreSQL does: numbers are never used again."""

    columns: dict[int, tuple[str, ColumnType]] = field(default_factory=dict)
    last: int = 0

    def add(self, name: str, type_: ColumnType) -> None:
        self.last += 1
        self.columns[self.last] = name, type_

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.columns.values()}

    @property
    def catalog(self) -> Catalog:
        columns = tuple(Column(name, type_, number=n) for n, (name, type_) in sorted(self.columns.items()))
        return Catalog((Table("public", "t", columns, oid=1),), "prod", "1")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["rename", "drop", "add", "retype"]), st.integers(0, 9), st.sampled_from(NAMES)
    ),
    max_size=12,
)


def run(ledger: Ledger, step: tuple[str, int, str]) -> None:
    what, which, name = step
    numbers = sorted(ledger.columns)
    number = numbers[which % len(numbers)] if numbers else 0
    if what == "add" and name not in ledger.names:
        ledger.add(name, TYPES[which % 2])
    elif what == "drop" and numbers:
        del ledger.columns[number]
    elif what == "rename" and numbers and name not in ledger.names:
        ledger.columns[number] = name, ledger.columns[number][1]
    elif what == "retype" and numbers:
        ledger.columns[number] = ledger.columns[number][0], TYPES[which % 2]


@settings(max_examples=300, deadline=None)
@given(st.sets(st.sampled_from(NAMES)), STEPS)
def test_a_history_is_read_back_exactly(names: set[str], steps: list[tuple[str, int, str]]) -> None:
    ledger = Ledger()
    for name in sorted(names):
        ledger.add(name, TYPES[0])
    before, was = ledger.catalog, dict(ledger.columns)
    for step in steps:
        run(ledger, step)
    now = ledger.columns
    lost = {was[number][0] for number in was.keys() - now.keys()}
    new = {now[number][0] for number in now.keys() - was.keys()}
    result = found(recognition(before, ledger.catalog).changes)
    both = was.keys() & now.keys()
    assert result["renamed_field"] == {(was[n][0], now[n][0]) for n in both if was[n][0] != now[n][0]}
    assert result["replaced_field"] == {(name,) for name in lost & new}
    assert result["dropped_field"] == {(name,) for name in lost - new}
    assert result["new_field"] == {(name,) for name in new - lost}


@pytest.fixture
def admin(pg_database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(pg_database, autocommit=True) as connection:
        yield connection


def catalog_of(uri: str, *schemas: str) -> Catalog:
    with connect_read_only(uri) as connection:
        return read_catalog(connection, schemas or ("public",), ())


HISTORIES: dict[str, tuple[list[str], dict[str, set[tuple[str, ...]]]]] = {
    "a rename": (["rename a to z"], {"renamed_field": {("a", "z")}}),
    "a rotation": (
        ["rename a to x", "rename b to a", "rename c to b", "rename x to c"],
        {"renamed_field": {("a", "c"), ("b", "a"), ("c", "b")}},
    ),
    "a swap": (
        ["rename a to x", "rename b to a", "rename x to b"],
        {"renamed_field": {("a", "b"), ("b", "a")}},
    ),
    "a chain": (["rename b to d", "rename a to b"], {"renamed_field": {("a", "b"), ("b", "d")}}),
    "dropped and added again": (["drop a", "add a text"], {"replaced_field": {("a",)}}),
    "dropped, and another took its name": (
        ["drop a", "rename b to a"],
        {"dropped_field": {("a",)}, "renamed_field": {("b", "a")}},
    ),
    "renamed, and a new one took its name": (
        ["rename a to z", "add a text"],
        {"renamed_field": {("a", "z")}, "new_field": {("a",)}},
    ),
    "renamed and retyped": (["rename a to z", "alter a"], {"renamed_field": {("a", "z")}}),
    "there and back": (["rename a to z", "rename z to a"], {}),
    "dropped, and one that looks like it added": (
        ["drop daily_budget", "add daily_budgets text"],
        {"dropped_field": {("daily_budget",)}, "new_field": {("daily_budgets",)}},
    ),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_on_postgresql(admin: psycopg.Connection[Any], pg_database: str, name: str) -> None:
    steps, expected = HISTORIES[name]
    admin.execute("create table t (id int8 primary key, a text, b text, c text, daily_budget text)")
    before = catalog_of(pg_database)
    for step in steps:
        words = step.split()
        match words:
            case ["rename", old, "to", new]:
                admin.execute(f"alter table t rename column {old} to {new}")
            case ["drop", old]:
                admin.execute(f"alter table t drop column {old}")
            case ["add", new, type_]:
                admin.execute(f"alter table t add column {new} {type_}")
            case _:
                admin.execute("alter table t alter column z type varchar(9)")
    result = found(recognition(before, catalog_of(pg_database)).changes)
    assert {kind: pairs for kind, pairs in result.items() if pairs} == expected


def test_one_that_looks_like_a_dropped_one_is_never_added_unseen(
    admin: psycopg.Connection[Any], pg_database: str
) -> None:
    admin.execute("create table t (id int8 primary key, daily_budget text, b text)")
    before = catalog_of(pg_database)
    admin.execute("alter table t add column dailybudget text")
    admin.execute("alter table t drop column daily_budget")
    changes = {change.kind: change for change in recognition(before, catalog_of(pg_database)).changes}
    assert set(changes) == {"dropped_field", "new_field"}
    for change in changes.values():
        assert change.verdict in ("review", "block")
        assert change.candidates[0].score < 0.5
        assert any("numbers them apart" in reason for reason in change.candidates[0].reasons)


def test_tables_by_oid(admin: psycopg.Connection[Any], pg_database: str) -> None:
    admin.execute(
        "create table t (id int8 primary key, a text); create table u (id int8 primary key, a text)"
    )
    admin.execute("create schema other")
    before = catalog_of(pg_database, "public", "other")
    admin.execute("alter table t rename to x; alter table u rename to t; alter table x rename to u")
    admin.execute("alter table u rename column a to z; alter table t set schema other")
    after = catalog_of(pg_database, "public", "other")
    changes = recognition(before, after).changes
    tables = {(c.details.before, c.details.after) for c in changes if c.kind == "table_renamed"}
    assert tables == {("public.t", "public.u"), ("public.u", "other.t")}
    assert found(changes)["renamed_field"] == {("a", "z")}


def test_another_database_is_said_and_judged_by_order_and_likeness(
    admin: psycopg.Connection[Any], pg_database: str
) -> None:
    admin.execute(
        "create table t (id int8 primary key, daily_budget numeric(12,2), x text, b text, c text, a text)"
    )
    before = catalog_of(pg_database)
    admin.execute("alter table t rename column daily_budget to budget_per_day")
    after = replace(catalog_of(pg_database), system_identifier="another")
    result = recognition(before, after)
    assert "another database" in result.notes[0]
    (change,) = result.changes
    assert (change.kind, change.evidence.identity) == ("renamed_field", False)
    assert change.evidence.similarity is not None
    assert 0.9 <= change.evidence.similarity < 1
    assert recognition(before, replace(after, system_identifier=before.system_identifier)).notes == ()
