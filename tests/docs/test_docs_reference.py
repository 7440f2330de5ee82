"""The reference pages name everything that is there, and nothing else."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from docs_pages import DOCS, ROOT, blocks, first_cells, sections, text
from pydantic import BaseModel

from bravo_agent import checks, wire
from bravo_agent.cli.main import group
from bravo_agent.config import Config, EntitySection
from bravo_agent.errors import BravoError
from bravo_agent.model.catalog import Catalog
from bravo_agent.registry import shelf

PAGES = [*sorted(DOCS.rglob("*.md")), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md"))]


def commands(found: click.Command = group, name: str = "bravo-agent") -> Iterator[tuple[str, click.Command]]:
    if not isinstance(found, click.Group):
        yield name.removeprefix("bravo-agent "), found
        return
    context = click.Context(found)
    for one in found.list_commands(context):
        inner = found.get_command(context, one)
        assert inner is not None
        yield from commands(inner, f"{name} {one}")


@pytest.mark.parametrize(("name", "command"), [pytest.param(*one, id=one[0]) for one in commands()])
def test_commands_page_has_every_option(name: str, command: click.Command) -> None:
    page = sections("docs/commands.md")
    assert name in page, "no section"
    there = {opt for one in command.params if isinstance(one, click.Option) for opt in one.opts}
    said = set(re.findall(r"--?[a-zA-Z][\w-]*", " ".join(re.findall(r"^\|([^|]*)\|", page[name], re.M))))
    assert there - {"--json", "-C", "--project"} == said


def test_commands_page_has_no_other_command() -> None:
    there = {name for name, _ in commands()} | {"Commands", "mcp", "refactor", "snapshot", "schema"}
    assert set(sections("docs/commands.md")) == there


def test_choices_and_defaults_of_options_are_named() -> None:
    page = sections("docs/commands.md")
    for name, command in commands():
        for one in command.params:
            if isinstance(one.type, click.Choice) and name != "load":
                assert all(f"`{c}`" in page[name] or f" {c}`" in page[name] for c in one.type.choices), name


def test_every_exit_code_has_a_row() -> None:
    codes = {str(one.exit_code) for one in [BravoError, *BravoError.__subclasses__()]}
    assert codes | {"0", "130"} == set(first_cells(text("docs/exit-codes.md"))) - {"code"}


def config_keys() -> Iterator[tuple[str, str]]:
    """(heading, key) of every key of bravo.toml."""
    for name, field in Config.model_fields.items():
        if name == "entities":
            for key in EntitySection.model_fields:
                yield '`[entities."schema.table"]`', key
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            for key in field.annotation.model_fields:
                yield f"`[{name}]`", key
        else:
            yield f"`[{name}]`", ""


def test_configuration_page_has_every_key_and_no_other() -> None:
    page = sections("docs/configuration.md")
    for heading, key in config_keys():
        assert heading in page
        assert not key or key in first_cells(page[heading]), (heading, key)
    for heading in (one for one in page if one.startswith("`[")):
        known = {key for one, key in config_keys() if one == heading}
        if known != {""}:
            assert set(first_cells(page[heading])) - {"key"} == known


def test_configuration_page_has_every_artifact() -> None:
    kinds = {name for name, kind in shelf("bravo_agent.artifacts").items() if kind.regenerated}
    assert set(first_cells(sections("docs/configuration.md")["`[artifacts]`"])) - {"key"} == kinds


def test_configuration_page_has_every_variable() -> None:
    read = {
        name
        for path in (ROOT / "bravo_agent").rglob("*.py")
        for name in re.findall(r'"(BRAVO_[A-Z0-9_]+)"', path.read_text(encoding="utf-8"))
    }
    assert {name for name in read if f"`{name}`" not in text("docs/configuration.md")} == set()


def test_types_page_has_every_family() -> None:
    files = set(shelf("bravo_agent.types"))
    assert set(first_cells(text("docs/types.md"))) - {"file"} == files


def test_checks_page_has_every_check_with_its_stage() -> None:
    page = text("docs/checks.md")
    assert set(first_cells(page)) - {"check"} == set(checks.kinds())
    for name, kind in checks.kinds().items():
        assert f"| `{name}` | {kind.stage} |" in page


def test_configuration_page_has_every_rule() -> None:
    page = sections("docs/configuration.md")['`[entities."schema.table"]`']
    # Masking is asked for in [privacy.columns].
    assert all(name in page for name in shelf("bravo_agent.rules") if name != "masking")


def test_changes_page_is_what_the_shelf_says() -> None:
    spec = importlib.util.spec_from_file_location("make_changes", DOCS / "make_changes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.page() == text("docs/changes.md"), "run python docs/make_changes.py"


def test_catalog_page_shows_a_catalog(tmp_path: Path) -> None:
    (shown,) = blocks("docs/catalog-format.md", "json")
    catalog = wire.loads(Catalog, shown, where="the page")
    assert [table.key for table in catalog.tables] == ["public.orders"]
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(wire.dumps(Catalog((), catalog.database, catalog.system_identifier)))
    after.write_text(shown)
    done = CliRunner().invoke(group, ["detect", "--before", str(before), "--after", str(after), "--json"])
    assert done.exit_code == 0
    assert [one["type"] for one in json.loads(done.stdout)["changes"]] == ["table_added"]


def schema_keys(catalog: dict[str, Any]) -> set[str]:
    return {key for one in [catalog, *catalog["$defs"].values()] for key in one["properties"]}


def test_catalog_page_has_every_key() -> None:
    from pydantic import TypeAdapter

    page = text("docs/catalog-format.md")
    keys = schema_keys(TypeAdapter(Catalog).json_schema())
    assert {key for key in keys if f"`{key}`" not in page} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]*)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if target and not target.startswith("http"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.relative_to(ROOT).as_posix())
def test_pages_name_commands_that_exist(page: Path) -> None:
    tops = {name.split()[0] for name, _ in commands()}
    said = set(
        re.findall(
            r"bravo-agent (?!at |alone|and |is |needs |runs |copies |from |in |has )([a-z]+)\b",
            " ".join(re.findall(r"`[^`\n]+`|^\s*bravo-agent .*$", page.read_text("utf-8"), re.M)),
        )
    )
    assert said <= tops


def test_decisions_are_all_listed() -> None:
    listed = set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", text("docs/decisions/README.md")))
    assert listed == {path.name for path in (DOCS / "decisions").glob("0*.md")}
