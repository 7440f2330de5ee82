"""A model generated for a new table closes its change, whatever the table is called."""

from __future__ import annotations

import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from closing_scene import Database, write_project
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from bravo_agent.model.catalog import Catalog, Column, ColumnType
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.toml_text import toml_string, with_table
from bravo_agent.usecases.cascade import Cascade, apply_cascade, make_cascade
from bravo_agent.usecases.decide import record_decision
from bravo_agent.usecases.detect import detect
from bravo_agent.workspace import Workspace, open_workspace

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
NAMES = st.one_of(
    st.text(LETTERS, min_size=1, max_size=63),
    st.text("./-_ %$'\"\\#[]\n", min_size=1, max_size=63),
    st.sampled_from(
        ["../x", "...", "Ads", "ad", "AD", "a_d", "User", "users_", "__init__", "test_x", "class", "fields"]
    ),
).filter(lambda name: len(name.encode()) <= 63 and name not in ("ads", "users"))
TABLES = st.tuples(st.sampled_from(["public", "sales"]), NAMES)
SHOP = (
    "# what the shop sells\n[project]\nmodels = ['shop/models']   # all of them\n[privacy]\nmode = 'keep'\n"
)


def before() -> Database:
    database = Database()
    for name in ("ads", "users"):
        database.add(database.create(name), Column("title", ColumnType("text")))
    return database


def with_tables(tables: list[tuple[str, str]]) -> Catalog:
    database = before()
    for schema, name in tables:
        oid = database.create(name)
        database.add(oid, Column("title", ColumnType("text")))
        database.tables[oid] = replace(database.tables[oid], schema=schema)
    return database.catalog


def in_a_folder(project: Path, catalog: Catalog) -> Workspace:
    """One module for each model, found by name alone, in a configuration with comments."""
    written = write_project(project, catalog)
    folder = project / "shop" / "models"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    head, *classes = (project / "models.py").read_text().split("\n\nclass ")
    for text in classes:
        (folder / f"{text.partition('(')[0].lower()}s.py").write_text(f"{head}\n\nclass {text}")
    (project / "models.py").unlink()
    (project / "bravo.toml").write_text(SHOP)
    return open_workspace(project, written.environ)


def generated(workspace: Workspace, source: Catalog) -> Cascade:
    """Every new table answered; the cascade applied."""
    found = detect(workspace, source)
    for change in found.changes:
        assert change.kind == "table_added"
        if change.state == "open":
            record_decision(workspace, found, change.id, "generate-model", params={})
    cascade = make_cascade(workspace, detect(workspace, source))
    apply_cascade(workspace, cascade)
    return cascade


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TABLES, min_size=1, max_size=3, unique=True), st.booleans())
@example([("public", "../x")], True)
@example([("public", "../x"), ("public", "..x"), ("public", "x")], False)
@example([("public", "..."), ("sales", "...")], True)
@example([("sales", '00"' + "\x1f" * 10 + "\x08\x08\U00010000\U00010000")], True)  # an escape cut in two
@example([("public", '\x01"')], False)
@example([("public", "." * 63)], True)
@example([("sales", "ads"), ("public", "sales_ads")], False)
@example([("public", "Ads"), ("public", "AD")], False)
def test_any_name_closes(tables: list[tuple[str, str]], folder: bool) -> None:
    source = with_tables(tables)
    with tempfile.TemporaryDirectory() as place:
        project = Path(place) / "app"
        workspace = (in_a_folder if folder else write_project)(project, before().catalog)
        # By names alone, a new table may take the model of an old one: that is asked, and is no new model.
        assume(not any(one.details.note for one in detect(workspace, source).changes))
        cascade = generated(workspace, source)
        assert cascade.patch.manual == ()
        assert {change.state for change in cascade.after.changes} <= {"settled"}
        again = open_workspace(project, workspace.environ)
        after = detect(again, source)
        assert {change.state for change in after.changes} <= {"settled"}
        again.save_baseline(after.next_baseline)
        closed = detect(again, source)
        assert closed.changes == ()
        hold_tables(again, source)
        assert make_cascade(again, closed).patch.edits == ()


def hold_tables(workspace: Workspace, source: Catalog) -> None:
    """Every table has a model of its own, with all its columns."""
    found = derive_mapping(source, workspace.models().models, workspace.config).entities
    assert [one.table for one in found] == sorted(table.key for table in source.tables)
    assert len({one.entity for one in found} - {None}) == len({one.collection for one in found}) == len(found)
    assert {one.left_out for one in found} == {()}


def test_a_section_only_where_the_name_does_not_lead_back(tmp_path: Path) -> None:
    workspace = in_a_folder(tmp_path / "app", before().catalog)
    assert [edit.file for edit in generated(workspace, with_tables([("public", "orders")])).patch.edits] == [
        "shop/models/orders.py"
    ]
    assert (workspace.project / "bravo.toml").read_text() == SHOP


def test_what_people_wrote_in_the_configuration_stays(tmp_path: Path) -> None:
    workspace = in_a_folder(tmp_path / "app", before().catalog)
    generated(workspace, with_tables([("public", "../x")]))
    text = (workspace.project / "bravo.toml").read_text()
    assert text == SHOP + '\n[entities."public.../x"]\nmodel = "X"\ncollection = "%2E%2E/x"\n'


def test_a_class_that_was_generated_before_gets_its_section_and_no_twin(tmp_path: Path) -> None:
    workspace, source = in_a_folder(tmp_path / "app", before().catalog), with_tables([("public", "../x")])
    generated(workspace, source)
    (workspace.project / "bravo.toml").write_text(SHOP)
    again = open_workspace(workspace.project, workspace.environ)
    assert [edit.file for edit in generated(again, source).patch.edits] == ["bravo.toml"]
    assert {one.state for one in detect(open_workspace(workspace.project), source).changes} == {"settled"}


def test_a_configuration_that_takes_no_section_is_left_and_listed(tmp_path: Path) -> None:
    workspace = in_a_folder(tmp_path / "app", before().catalog)
    text = f"entities = {{ 'public.ads' = {{ model = 'Ad' }} }}\n{SHOP}"
    (workspace.project / "bravo.toml").write_text(text)
    cascade = generated(
        open_workspace(workspace.project, workspace.environ), with_tables([("public", "../x")])
    )
    (work,) = cascade.patch.manual
    assert (work.file, 'write [entities."public.../x"] with model = "X"' in work.suggestion) == (
        "bravo.toml",
        True,
    )
    assert (workspace.project / "bravo.toml").read_text() == text


@given(st.text(LETTERS), st.text(LETTERS, min_size=1))
def test_any_text_is_a_toml_string(one: str, other: str) -> None:
    assert tomllib.loads(f"x = {toml_string(one)}") == {"x": one}
    assert tomllib.loads(with_table("a = 1", ("entities", one), {"model": other}) or "") == {
        "a": 1,
        "entities": {one: {"model": other}},
    }


@pytest.mark.parametrize("text", ["[a]\nb = 1", "[a]\r\nb = 1\r\n", "", "# only words"])
def test_a_table_at_the_end_leaves_every_byte_before_it(text: str) -> None:
    after = with_table(text, ("entities", "x.y"), {"model": "Y"})
    assert after is not None
    assert after.startswith(text)
    assert ("\r\n" in text) == ("\r\n" in after)
    assert after.count("\n") == after.count("\r\n") or "\r\n" not in after


@pytest.mark.parametrize("text", ["entities = {}", "[entities.'x.y']\nignore = []", "[[entities]]"])
def test_a_text_that_takes_no_table_is_not_touched(text: str) -> None:
    assert with_table(text, ("entities", "x.y"), {"model": "Y"}) is None
