"""Which readers take which data: the table of docs/schema-registry.md, and the laws of the modes."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registry_catalogs import (
    CATALOGS,
    COLUMNS,
    FLOAT4,
    FLOAT8,
    INET,
    INT2,
    INT4,
    INT8,
    JSON,
    JSONB,
    NAME,
    TEXT,
    TIMESTAMP,
    TIMESTAMPTZ,
    array,
    catalog,
    column,
    composite,
    enum,
    numeric,
    of,
    table,
    varchar,
)

from bravo_agent import wire
from bravo_agent.model.catalog import Catalog, Column, ColumnType
from bravo_agent.model.schema import CompatibilityMode, RegisteredSchema, RegistryExport, Rule
from bravo_agent.planning.compatibility import incompatibilities, judge
from bravo_agent.planning.document_schema import documents_of_catalog

MODES: tuple[CompatibilityMode, ...] = get_args(CompatibilityMode)


def rules(reader: Catalog, writer: Catalog) -> list[str]:
    return [one.rule for one in incompatibilities(reader, writer)]


def fits(mode: CompatibilityMode, now: Catalog, *former: Catalog) -> bool:
    """``former`` newest first."""
    known = [(number, documents_of_catalog(one)) for number, one in enumerate(former)]
    return not any(one.incompatibilities for one in judge(mode, documents_of_catalog(now), known))


@pytest.mark.parametrize(
    ("reader", "writer", "rule"),
    [
        (INT8, INT4, None),
        (INT4, INT8, "type-narrowed"),
        (INT4, INT2, None),
        (FLOAT8, FLOAT4, None),
        (FLOAT4, FLOAT8, "type-narrowed"),
        (FLOAT8, INT4, "type-changed"),
        (numeric(), INT4, "type-changed"),
        (TEXT, INT4, "type-changed"),
        (TIMESTAMPTZ, TIMESTAMP, "type-changed"),
        (JSONB, JSON, None),
        (JSONB, TEXT, "type-changed"),
        (TEXT, varchar(5), None),
        (varchar(5), TEXT, "length"),
        (varchar(5), varchar(5), None),
        (varchar(5), varchar(6), "length"),
        (varchar(None), TEXT, None),
        (TEXT, INET, None),
        (INET, TEXT, "type-changed"),
        (NAME, TEXT, "type-changed"),
        (TEXT, enum("x"), None),
        (varchar(3), enum("long one"), "length"),
        (enum("x"), TEXT, "type-changed"),
        (enum("x", "y"), enum("y"), None),
        (enum("y"), enum("x", "y"), "enum-labels"),
        (numeric(), numeric(12, 2), None),
        (numeric(12, 2), numeric(), "precision"),
        (numeric(14, 4), numeric(12, 2), None),
        (numeric(14, 4), numeric(12, 4), None),
        (numeric(12, 4), numeric(12, 2), "precision"),
        (numeric(12, 2), numeric(12, 4), "precision"),
        (array(INT8), array(INT4), None),
        (array(INT4), array(INT8), "type-narrowed"),
        (array(INT4), INT4, "type-changed"),
        (array(INT4), array(INT4, 2), "type-changed"),
        (composite(a=INT8), composite(a=INT4), None),
        (composite(a=INT4), composite(a=INT8), "type-narrowed"),
        (composite(a=INT4, b=TEXT), composite(a=INT4), None),
        (composite(a=INT4), composite(a=INT4, b=TEXT), None),
        (replace(TEXT, domains=("email",), checks=("VALUE ~ '@'",)), TEXT, None),
    ],
)
def test_types(reader: ColumnType, writer: ColumnType, rule: str | None) -> None:
    assert rules(of(column("x", reader)), of(column("x", writer))) == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("reader", "writer", "found"),
    [
        (of(column("x")), of(), []),
        (of(column("x", nullable=False)), of(), ["column-missing"]),
        (of(column("x", nullable=False, default="0")), of(), []),
        (of(), of(column("x", nullable=False)), []),
        (of(column("x", nullable=False)), of(column("x")), ["null"]),
        (of(column("x", nullable=False, default="0")), of(column("x")), ["null"]),
        (of(column("x")), of(column("x", nullable=False)), []),
        (of(), catalog(), ["table-missing"]),
        (catalog(), of(), []),
        (catalog(table(key=("id",))), catalog(table(key=())), ["primary-key"]),
        (of(column("x", INT4, nullable=False)), of(column("x", INT8)), ["null", "type-narrowed"]),
    ],
)
def test_columns_and_tables(reader: Catalog, writer: Catalog, found: list[str]) -> None:
    assert rules(reader, writer) == found


def test_a_rename_is_told_on_both_sides() -> None:
    old, new = of(column("score", nullable=False)), of(column("points", nullable=False))
    assert rules(new, old) == rules(old, new) == ["column-missing"]
    assert not fits("BACKWARD", new, old)


def test_nothing_registered_fits_everything() -> None:
    assert all(fits(mode, of()) for mode in MODES)


@given(CATALOGS)
def test_reflexive(one: Catalog) -> None:
    assert incompatibilities(one, one) == ()
    assert all(fits(mode, one, one, one) for mode in MODES)


@given(CATALOGS, CATALOGS)
def test_full_is_both_and_the_two_are_mirrored(one: Catalog, other: Catalog) -> None:
    assert fits("FULL", one, other) == (fits("BACKWARD", one, other) and fits("FORWARD", one, other))
    assert fits("BACKWARD", one, other) == fits("FORWARD", other, one)
    assert fits("FULL", one, other) == fits("FULL", other, one)


@given(CATALOGS, st.lists(CATALOGS, max_size=3))
def test_transitive_is_all_of_them(now: Catalog, former: list[Catalog]) -> None:
    plain: tuple[CompatibilityMode, ...] = ("BACKWARD", "FORWARD", "FULL")
    transitive: tuple[CompatibilityMode, ...] = (
        "BACKWARD_TRANSITIVE",
        "FORWARD_TRANSITIVE",
        "FULL_TRANSITIVE",
    )
    for one, all_ in zip(plain, transitive, strict=True):
        assert fits(all_, now, *former) == all(fits(one, now, then) for then in former)
        assert not fits(all_, now, *former) or fits(one, now, *former)


@given(CATALOGS, COLUMNS)
def test_an_optional_column_is_full_compatible(one: Catalog, new: Column) -> None:
    added = replace(new, name="new", nullable=True)
    more = replace(one, tables=tuple(replace(t, columns=(*t.columns, added)) for t in one.tables))
    assert fits("FULL", more, one)


@given(CATALOGS, COLUMNS)
def test_what_is_removed_breaks_only_those_who_need_it(one: Catalog, new: Column) -> None:
    required = replace(new, name="new", nullable=False, default=None)
    more = replace(one, tables=tuple(replace(t, columns=(*t.columns, required)) for t in one.tables))
    assert fits("FORWARD", more, one)
    assert fits("BACKWARD", more, one) == (not one.tables)


@given(CATALOGS, CATALOGS, CATALOGS)
def test_what_is_read_through_one_is_read_directly(a: Catalog, b: Catalog, c: Catalog) -> None:
    # A middle schema may lack what both others have, so the law holds where it has all their columns.
    middle = {table.key: {one.name for one in table.columns} for table in b.tables}
    outer = {table.key: {one.name for one in table.columns} for table in a.tables}
    if all(names <= middle.get(key, set()) for key, names in outer.items()):
        assert (
            not (fits("BACKWARD", a, b) and fits("BACKWARD", b, c))
            or [one for one in incompatibilities(a, c) if one.rule not in ("column-missing", "table-missing")]
            == []
        )


PAGE = Path(__file__).parents[2] / "docs" / "schema-registry.md"
_PLAIN, _REQUIRED = of(column("x", INT4)), of(column("x", INT4, nullable=False))
CHANGES = {
    "optional column added or removed": [(of(), _PLAIN), (_PLAIN, of())],
    "required column added": [(of(), _REQUIRED)],
    "required column removed": [(_REQUIRED, of())],
    "type widened": [(_PLAIN, of(column("x", INT8)))],
    "NOT NULL -> NULL": [(_REQUIRED, _PLAIN)],
    "NULL -> NOT NULL": [(_PLAIN, _REQUIRED)],
    "enum label added": [(of(column("x", enum("a"))), of(column("x", enum("a", "b"))))],
    "table added, and a model for it": [(catalog(), of())],
    "renamed": [(of(column("a", nullable=False)), of(column("b", nullable=False)))],
}


def _rows(count: int) -> list[list[str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]
    return [one for one in cells if len(one) == count]


def test_the_page_tells_what_each_change_does() -> None:
    told = {name: (old, new) for name, old, new in _rows(3) if {old, new} <= {"yes", "no"}}
    assert told.keys() == CHANGES.keys()
    for name, pairs in CHANGES.items():
        for before, after in pairs:
            found = tuple("yes" if fits(mode, after, before) else "no" for mode in ("BACKWARD", "FORWARD"))
            assert found == told[name], name


def test_the_page_has_every_rule_and_mode() -> None:
    named = {cell for row in _rows(2) for cell in row[0].replace("`", "").split(", ")}
    assert {*get_args(Rule), *MODES} <= named


def test_the_page_shows_an_export() -> None:
    (shown,) = re.findall(r"^```json\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    found = wire.loads(RegistryExport, shown, where="the page")
    assert found.catalogs.keys() == {one.catalog for one in found.schemas}
    assert found.models.keys() == {one.models for one in found.schemas}
    assert {field.name for kind in (RegistryExport, RegisteredSchema) for field in fields(kind)} == set(
        re.findall(r'"(\w+)":', shown)
    ) - {"tables", "entities"} - found.catalogs.keys() - found.models.keys()
