"""A file in another encoding than UTF-8 that names the field: left as it is and listed, and the rest is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from refactor_project import Project, project_in

MODELS = """from decimal import Decimal

from pydantic import BaseModel, Field


class Ad(BaseModel):
    id: int
    cost: Decimal = Field(max_digits=12, decimal_places=2)
    note: str | None = None
"""
USE = "from app.models import Ad\n\n\ndef show(ad: Ad) -> str:\n    return f'{ad.cost} {ad.note}'\n"
TOLD = (
    "from app.models import Ad\n\n\ndef tell(ad: Ad) -> str:\n    # a café costs\n"
    '    return f"café {ad.cost} {ad.note}"\n'
)
MADE = (
    "from decimal import Decimal\n\nfrom app.models import Ad\n\nNAME = 'café'\n"
    'AD = Ad(id=1, cost=Decimal("1.00"), note="né")\n'
)
COOKIE = "# -*- coding: latin-1 -*-\n"
FILES = {"app/__init__.py": "", "app/models.py": MODELS, "app/use.py": USE}


def project(folder: Path, **odd: bytes) -> Project:
    """With files of other encodings, committed too."""
    found = project_in(folder, FILES)
    for name, data in odd.items():
        (folder / "app" / f"{name}.py").write_bytes(data)
    found.git("add", "-A")
    found.git("commit", "-qm", "odd", "--allow-empty")
    return found


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "app").glob("*.py"))}


KINDS = {
    "latin-1 that says so": (COOKIE + TOLD).encode("latin-1"),
    "latin-1 that says nothing": TOLD.encode("latin-1"),
    "utf-16": TOLD.encode("utf-16"),
    "no python": b"def f(ad:\n    return ad.cost\n",
}
LINES = {"latin-1 that says so": 7, "latin-1 that says nothing": 6, "utf-16": 6, "no python": 2}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("words", "done"),
    [
        (("rename", "Ad.cost", "price"), True),
        (("retype", "Ad.cost", "int"), True),
        (("retype", "Ad.cost", "Decimal | None"), True),
        (("precision", "Ad.cost", "4"), True),
        (("drop", "Ad.cost"), False),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_it_is_left_and_listed_with_its_line(
    kind: str, words: tuple[str, ...], done: bool, tmp_path: Path
) -> None:
    odd = project(tmp_path, odd=KINDS[kind])
    before = texts(tmp_path)
    made = odd.refactor(*words, "--apply")
    assert made.exit_code == 3, made.output
    assert f": app/odd.py:{LINES[kind]}: " in made.output
    assert "refused" not in made.output
    after = texts(tmp_path)
    assert after["odd.py"] == before["odd.py"]
    assert (after["models.py"] != before["models.py"]) is done


def test_the_rest_of_a_rename_is_made_and_comes_back(tmp_path: Path) -> None:
    odd = project(tmp_path, told=(COOKIE + TOLD).encode("latin-1"), made=(COOKIE + MADE).encode("latin-1"))
    before = texts(tmp_path)
    there = odd.refactor("rename", "Ad.cost", "price", "--apply")
    assert there.exit_code == 3, there.output
    for place in ("app/told.py:7", "app/made.py:7"):
        assert f"by hand: {place}: it means the field, and the file is not in UTF-8" in there.output
    assert "Write price here." in there.output
    assert texts(tmp_path)["use.py"] == USE.replace("cost", "price").encode()
    odd.git("commit", "-qam", "renamed")
    assert odd.refactor("rename", "Ad.price", "cost", "--apply").exit_code == 0
    assert texts(tmp_path) == before


def test_where_the_field_itself_is_declared_nothing_is_done(tmp_path: Path) -> None:
    odd = project(tmp_path)
    (tmp_path / "app/models.py").write_bytes((COOKIE + MODELS + "    # café\n").encode("latin-1"))
    odd.git("commit", "-qam", "latin-1")
    before = texts(tmp_path)
    for words in (
        ("rename", "Ad.cost", "price"),
        ("retype", "Ad.cost", "int"),
        ("precision", "Ad.cost", "4"),
        ("add", "Ad.more", "int"),
        ("drop", "Ad.note"),
    ):
        made = odd.refactor(*words, "--apply")
        assert made.exit_code == 3, made.output
        assert "not in UTF-8" in made.output
        assert "app/models.py:" in made.output
        assert texts(tmp_path) == before


def test_a_comment_there_keeps_no_field_from_being_dropped(tmp_path: Path) -> None:
    odd = project(tmp_path, odd=(COOKIE + "# café: `Ad.note`, Ad.note\n").encode("latin-1"))
    (tmp_path / "app/use.py").write_text("")
    odd.git("commit", "-qam", "less")
    made = odd.refactor("drop", "Ad.note", "--apply")
    assert made.exit_code == 0, made.output
    assert "note" not in (tmp_path / "app/models.py").read_text()
