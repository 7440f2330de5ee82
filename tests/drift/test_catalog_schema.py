"""docs/catalog.schema.json is the form that detect reads: both accept and refuse the same files."""

from __future__ import annotations

import copy
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from drift_catalogs import CATALOGS
from hypothesis import given, settings

from bravo_agent import wire
from bravo_agent.changes._samples import column, table
from bravo_agent.cli.main import group
from bravo_agent.model.catalog import Catalog

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "catalog.schema.json").read_text(encoding="utf-8")
SCHEMA = json.loads(TEXT)
SHOWN = wire.dumps(Catalog((table(column("a")),), "prod", "1"))


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_catalog_schema", DOCS / "make_catalog_schema.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_schema_is_what_the_values_say() -> None:
    assert maker().page() == TEXT, "run python docs/make_catalog_schema.py"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@settings(max_examples=50, deadline=None)
@given(CATALOGS)
def test_every_catalog_is_valid(catalog: Catalog) -> None:
    jsonschema.validate(json.loads(wire.dumps(catalog)), SCHEMA)


def without_type(catalog: dict[str, Any]) -> None:
    del catalog["tables"][0]["columns"][0]["type"]


def wrong_form(catalog: dict[str, Any]) -> None:
    catalog["tables"][0]["columns"][0]["type"]["form"] = "struct"


def no_tables(catalog: dict[str, Any]) -> None:
    del catalog["tables"]


@pytest.mark.parametrize("spoil", [without_type, wrong_form, no_tables])
def test_what_the_schema_refuses_detect_refuses(
    spoil: Callable[[dict[str, Any]], None], tmp_path: Path
) -> None:
    spoilt = copy.deepcopy(json.loads(SHOWN))
    spoil(spoilt)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoilt, SCHEMA)
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(SHOWN)
    after.write_text(json.dumps(spoilt))
    done = CliRunner().invoke(group, ["detect", "--before", str(before), "--after", str(after), "--json"])
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["code"] == "file-unreadable"
