"""Files that nobody could read and that hold a field: work for a person, whatever a cascade changes of the field."""

from __future__ import annotations

import json

import pytest
from runs_scene import Scene

NOTEBOOK = json.dumps(
    {"cells": [{"cell_type": "code", "source": ["row.FIELD\n"]}], "nbformat": 4, "nbformat_minor": 5},
    indent=1,
)
FILES = {
    "campaigns/broken.py": b"def f(:\n    return row.FIELD\n",
    "campaigns/latin.py": "NAME = 'caf\xe9'\n\n\ndef f(row):\n    return row.FIELD\n".encode("latin-1"),
    "try.ipynb": NOTEBOOK.encode(),
}
LINES = {
    "campaigns/broken.py": (2, "it does not parse"),
    "campaigns/latin.py": (5, "its encoding cannot be read"),
    "try.ipynb": (NOTEBOOK[: NOTEBOOK.index("FIELD")].count("\n") + 1, "it is a notebook"),
}
CASES = [
    pytest.param("ad_groups ALTER frequency_cap TYPE text", "frequency_cap", "cast", id="retype"),
    pytest.param("daily_metrics ALTER cost TYPE numeric(14, 4)", "cost", "follow", id="precision"),
    pytest.param("ads ALTER final_url DROP NOT NULL", "final_url", "make-optional", id="make-optional"),
    pytest.param(6, "status", "add-value", id="enum values"),
]


def drifted(scene: Scene, drift: str | int, field: str, option: str) -> None:
    """The files in the project; then the drift (a script's number, or what is altered) with its answer."""
    for file, data in FILES.items():
        (scene.project / file).write_bytes(data.replace(b"FIELD", field.encode()))
    scene.commit()
    if isinstance(drift, int):
        scene.drift(drift)
    else:
        scene.sql(f"ALTER TABLE {drift}")
    for change in scene.json("detect")["changes"]:
        if change["decision"] != "auto-approve":
            done = scene.cli("decide", change["id"], option)
            assert done.code in (0, 3), done.err


@pytest.mark.parametrize(("drift", "field", "option"), CASES)
def test_a_cascade_lists_them(scene: Scene, drift: str | int, field: str, option: str) -> None:
    drifted(scene, drift, field, option)
    found = scene.json("cascade")
    assert found["files"] != [], found["manual"]
    told = {one["file"]: one for one in found["manual"] if one["file"] in FILES}
    assert {file: one["line"] for file, one in told.items()} == {
        file: line for file, (line, _) in LINES.items()
    }
    assert all(
        why in told[file]["why"] and f".{field} " in told[file]["why"] for file, (_, why) in LINES.items()
    )
