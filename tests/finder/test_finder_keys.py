"""Files that nobody edits: where they hold the field's name as a key a person is told, and prose says nothing."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest
from finder_scene import find

from codemods import finding_uses
from codemods._everywhere import left_alone, unread
from codemods._finding.keys import keys_in

MODEL = "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n    cost: int = 0\n"
SETTINGS = (
    "from pydantic import BaseModel\n\n\nclass AppSettings(BaseModel):\n    pass\n\n\n"
    "class Ad(AppSettings):\n    cost: int = 0\n"
)
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": ["The cost of an ad.\n", "ad.cost\n"]},
        {"cell_type": "code", "source": ["# ad.cost\n", "cost = 1\n", "print(ad.cost)\n", "Ad(cost=2)"]},
    ]
}

KEYS: dict[str, tuple[str | bytes, list[int]]] = {
    "a.provenance": ('{"x": {\n "cost": 1}}', [2]),
    "noending": ('{"cost": 1}', [1]),
    "b.log": ("read {'cost': 1}", [1]),
    "a.toml": ("[ads]\ncost = 1\nx = { cost = 2 }\ny.cost = 3\n[cost.more]\n[[ads.cost]]\n", [2, 3, 4, 5, 6]),
    "pyproject.toml": ("[project]\ncost = 1\n[tool.ads]\ncost = 2\n[tool.ruff.lint]\ncost = 3\n", [4]),
    "a.ini": ("[ads]\ncost: 1\n; the cost = 1 of it\n", [2]),
    "odd.settings": ("; mine\n[ads]\ncost = 1\n", [3]),
    "a.csv": ("id;\"cost\"\n1;2\n", [1]),
    "b.tsv": ("id\tcost\r\n1\tcost\r\n", [1]),
    ".env": ("export cost=1\n", [1]),
    "a.html": ("<p>The cost is {{ ad.cost }}</p>\n{% if ad['cost'] %}\n{{ _('the cost of it') }}\n", [1, 2]),
    "templates/mail.body": ("Cost:\n\n${cost}\n", [3]),
    "a.xml": ("<ad\n cost='1'><cost>2</cost></ad>\n", [2]),
    "a.ipynb": (json.dumps(NOTEBOOK, indent=1), [15, 16]),
    "short.ipynb": (json.dumps(NOTEBOOK), [1]),
    "latin.json": ('{"é": 1,\n "cost": 2}'.encode("latin-1"), [2]),
    "wide.txt": (codecs.BOM_UTF16_LE + '{"cost": 2}'.encode("utf-16-le"), [1]),
    "large.json": (json.dumps([{"price": 1}] * 400_000 + [{"cost": 1}], indent=0), [1_200_003]),
    "bad.json": ('{\n"cost": 1,}', [2]),
    "large.csv": ("id,cost\n" + "1,2\n" * 1_500_000, [1]),
}  # fmt: skip
PROSE: dict[str, str | bytes] = {
    "LICENSE": "At no cost: none.\ncost\n",
    "Makefile": "cost:\n\techo cost\n",
    "a.sql": "SELECT cost FROM ads",
    "run.sh": "cost=1\necho ${cost}\n",
    "a.csv": "id,the cost\ncost,1\n",
    "a.toml": "# cost = 1\ntext = \"the cost of it\"\nfiles = ['cost']\n",
    "a.cfg": "[ads]\ncosts = 1\ntext = the cost: high\n",
    "setup.cfg": "[options]\ncost = 1\n",
    "uv.lock": "[[package]]\ncost = 1\n",
    ".gitmodules": "[submodule]\ncost = 1\n",
    ".env": "TEXT=the cost\n",
    "a.html": "<title>The cost</title><p>cost: {{ price }}</p>",
    "a.xml": "<p>the cost = 1</p>",
    "a.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": "cost = 1\n# ad.cost"}]}),
    "latin.txt": "the cost of a café".encode("latin-1"),
    "vendor/a.json5": '{"cost": 1}',
}


def written(project: Path, file: str, text: str | bytes, model: str = MODEL) -> None:
    for name, content in (("models.py", model), (file, text)):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize("file", KEYS)
def test_a_key_in_a_file_that_is_not_read_is_work_for_a_person(tmp_path: Path, file: str) -> None:
    text, expected = KEYS[file]
    written(tmp_path, file, text)
    finding = find(tmp_path, "Ad", "cost")
    assert [(one.file, one.keys) for one in finding.unread] == [(file, tuple(expected))]
    assert [(one.file, one.line) for one in unread(finding)] == [(file, line) for line in expected]
    assert all("the name stands here as a key, and" in one.why for one in unread(finding))
    assert left_alone(finding) == ()
    assert [one.line for one in finding_uses(finding) if one.file == file] == expected


@pytest.mark.parametrize("file", PROSE)
def test_a_word_in_prose_is_none(tmp_path: Path, file: str) -> None:
    written(tmp_path, file, PROSE[file])
    finding = find(tmp_path, "Ad", "cost")
    assert [(one.file, one.keys) for one in finding.unread] == [(file, ())]
    assert unread(finding) == ()
    assert [note.split(" is left")[0] for note in left_alone(finding)] == [file]


def test_the_variables_of_settings_are_in_capitals(tmp_path: Path) -> None:
    text = "# COST=1\nCOST=1\nexport APP_COST=2\nCOSTS=3\nOTHER=cost\n"
    written(tmp_path, "prod.env", text, SETTINGS)
    assert [one.line for one in unread(find(tmp_path, "Ad", "cost"))] == [2, 3]
    written(tmp_path, "prod.env", text)
    assert unread(find(tmp_path, "Ad", "cost")) == ()


def test_many_lines_are_told_shortly(tmp_path: Path) -> None:
    written(tmp_path, "a.lines", '{"cost": 1}\n' * 9)
    told = unread(find(tmp_path, "Ad", "cost"))
    assert [one.line for one in told] == [1, 2, 3, 4, 5]
    assert told[-1].why == "the name stands here as a key (and on 4 more lines), and lines files are not read"


def test_each_word_for_itself() -> None:
    assert keys_in("a.toml", "cost = 1\nprice = 2\n", ["cost", "price"]) == {"cost": (1,), "price": (2,)}
