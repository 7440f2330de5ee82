"""A new required field and what makes its model in files that nobody edits: each line is work for a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from refactor_project import project_in

MODELS = (
    "from pydantic import BaseModel\n\n\nclass Ad(BaseModel):\n    id: int\n\n\n"
    "class Rich(Ad):\n    more: int = 0\n"
)
NOTEBOOK = json.dumps(
    {
        "cells": [
            {"cell_type": "markdown", "source": ["Ad(id=1) is an ad\n"]},
            {
                "cell_type": "code",
                "source": ["from app.models import Ad\n", "ad = Ad(\n", "    id=1,\n", ")\n", "ad\n"],
            },
            {"cell_type": "code", "source": ["# Ad(id=2)\n", "given = Ad(id=2, score=3)\n", "Rich(id=3)"]},
        ],
        "nbformat": 4,
    },
    indent=1,
)
FILES = {
    "docs/use.md": (
        "# Ad(s)\n\nAn Ad(s) costs. `Ad()` makes one.\n\n```python\nclass Ad(BaseModel): ...\nad = Ad(id=1)\n"
        "Ad(\n    id=1,\n    score=2,\n)\n```\n\nAd(id=2) in prose\n\n    app.Ad.model_construct(id=3)\n"
    ),
    "docs/use.rst": "Ads\n===\n\nAd(id=2) in prose::\n\n  Ad(id=1)\n\n>>> Rich(id=1)\n",
    "notes/try.ipynb": NOTEBOOK,
    "app/broken.py": "from app.models import Ad\n\ndef f(:\n    # Ad(id=0)\n    return Ad(id=1), Adder(id=2)\n",
    "app/latin.py": "# coding: latin-1\nfrom app.models import Ad\n\nAD = Ad(id=1)  # café\n",
    "app/old.py": "from app.models import Ad\n\nNAME = 'café'\nAD = Ad(id=1)\n",
    "app/made.py": "# @generated\nfrom app.models import Ad\n\nAD = Ad(id=1)\n",
    "migrations/one.py": "from app.models import Ad\n\nAD = Ad(id=1)\n",
    "vendor/x.py": "from app.models import Ad\n\nAD = Ad.model_validate({'id': 1})\n",
    "page.html": "<p>Ad(id=1)</p>",
}
LINES = {
    "docs/use.md": ([7, 16], "it is documentation"),
    "docs/use.rst": ([6, 8], "it is documentation"),
    "notes/try.ipynb": (
        [NOTEBOOK[: NOTEBOOK.index(one)].count("\n") + 1 for one in ("ad = Ad(", "Rich(id=3)")],
        "it is a notebook",
    ),
    "app/broken.py": ([5], "it does not parse"),
    "app/latin.py": ([4], "it is not in UTF-8"),
    "app/old.py": ([4], "its encoding cannot be read"),
    "app/made.py": ([4], "it is generated"),
    "migrations/one.py": ([3], "it is a migration"),
    "vendor/x.py": ([3], "it is somebody else's code"),
    "page.html": ([], ""),
}


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("type_", ["int", "dict[str, Ad]"])
def test_each_line_is_listed_and_the_file_stays(file: str, type_: str, tmp_path: Path) -> None:
    before = {"app/__init__.py": "", "app/models.py": MODELS}
    project = project_in(tmp_path, before)
    data = FILES[file].encode("latin-1" if file in ("app/latin.py", "app/old.py") else "utf-8")
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_bytes(data)
    done = project.refactor("add", "Ad.score", type_, "--apply")
    lines, why = LINES[file]
    told = [one for one in done.output.splitlines() if f" {file}:" in one]
    assert [int(one.split(":")[2]) for one in told] == lines, done.output
    assert all(one.startswith("by hand: ") and why in one and "Give it score" in one for one in told)
    assert done.exit_code == (3 if lines or type_ != "int" else 0), done.output
    assert (tmp_path / file).read_bytes() == data
    assert f"    score: {type_}\n" in (tmp_path / "app/models.py").read_text()


def test_a_field_that_need_not_be_given_asks_nobody(tmp_path: Path) -> None:
    project = project_in(
        tmp_path, {"models.py": MODELS, **{k: v for k, v in FILES.items() if k != "app/broken.py"}}
    )
    done = project.refactor("add", "Ad.score", "int", "--optional", "--apply")
    assert done.exit_code == 0, done.output
    assert "by hand" not in done.output
