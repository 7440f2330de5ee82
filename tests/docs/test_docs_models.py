"""docs/models.md names every way in which an entity is known, and every keyword and error of the readers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args, get_type_hints

from docs_pages import ROOT, first_cells, sections

from bravo_agent.model.entities import Entity, EntityForm
from bravo_agent.stores.application import _stated_shapes

PAGE = sections("docs/models.md")
READERS = [
    path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "bravo_agent/stores/application").glob("_stated*.py"))
]


def test_every_way_and_every_form_has_a_row() -> None:
    ways = set(get_args(get_type_hints(Entity)["known_by"]))
    assert set(first_cells(PAGE["How an entity is known"])) - {"`known_by`", "known_by"} == ways
    assert set(first_cells(PAGE["What is edited"])) - {"form"} == set(get_args(EntityForm))


def test_every_keyword_is_there_and_no_other() -> None:
    rows = [line.split("|")[1] for line in PAGE["JSON Schema"].splitlines() if line.startswith("| `")]
    said = {word for row in rows for word in re.findall(r"`([$\w]+)`", row)}
    asked = r"(?:get\(|\[|key in \(|for key in \(|^\s+)?\"([$a-z][A-Za-z]+)\""
    read = {word for text in READERS for word in re.findall(asked, text)}
    assert said <= read
    for keyword in (
        "anyOf",
        "oneOf",
        "allOf",
        "enum",
        "const",
        "prefixItems",
        "patternProperties",
        "multipleOf",
    ):
        assert keyword in said


def test_every_format_is_there() -> None:
    row = next(line for line in PAGE["JSON Schema"].splitlines() if line.startswith("| `format`"))
    assert set(re.findall(r"`([\w-]+)`", row)) == {"format", "decimal", *_stated_shapes._FORMATS}


def test_every_error_is_there() -> None:
    folder = Path(ROOT / "bravo_agent/stores/application")
    texts = [*READERS, (folder / "_zod.py").read_text(encoding="utf-8")]
    codes = {code for text in texts for code in re.findall(r'"((?:zod|schemas)-[a-z-]+)"', text)}
    assert {cell for cell in first_cells(PAGE["Zod"]) if "-" in cell} == codes
