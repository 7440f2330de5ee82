"""The type checkers that a project has configured itself look at a patch before anybody writes it."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from refactor_project import FILES, Project, project_in

from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.stores.application import configured_checkers
from bravo_agent.usecases.cascade import make_cascade
from bravo_agent.usecases.decide import record_decision
from bravo_agent.usecases.detect import detect
from bravo_agent.workspace import open_workspace

MYPY = "[mypy]\nfiles = app\ndisallow_any_explicit = True\n"
OLD_ERROR = 'def wrong() -> int:\n    return "x"\n'
ANY = 'mypy, which the project has configured, would object: Explicit "Any" is not allowed'


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_in(tmp_path, {**FILES, "mypy.ini": MYPY, "app/old.py": OLD_ERROR})


def test_what_it_objects_to_is_refused(project: Project) -> None:
    before = project.texts()
    done = project.refactor("add", "Ad.extra", "Any", "--optional", "--apply")
    assert (done.exit_code, f": {ANY}" in done.output) == (3, True), done.output
    assert project.texts() == before


@pytest.mark.parametrize(
    "words", [("add", "Ad.extra", "str", "--optional"), ("rename", "Ad.cost", "price"), ("drop", "Ad.note")]
)
def test_what_it_takes_is_made_and_errors_from_before_are_no_news(
    project: Project, words: tuple[str, ...]
) -> None:
    done = project.refactor(*words, "--apply")
    assert done.exit_code == 0, done.output
    assert project.git("diff", "--name-only").split()[0] == "app/models.py"


def test_an_old_error_that_says_the_new_name_is_no_news(tmp_path: Path) -> None:
    wrong = "from app.models import Bill\n\n\ndef f(bill: Bill) -> None:\n    bill.cost.real_name\n"
    project = project_in(tmp_path, {**FILES, "mypy.ini": MYPY, "app/wrong.py": wrong.replace(".real", ".un")})
    done = project.refactor("rename", "Bill.cost", "amount", "--apply")
    assert done.exit_code == 0, done.output


def test_another_type_is_listed_where_it_objects(project: Project) -> None:
    done = project.refactor("retype", "Ad.note", "Any", "--apply")
    assert done.exit_code == 3
    assert ANY in done.output
    assert "note: Any" in project.texts()["app/models.py"]


def test_one_that_cannot_be_run_is_told(tmp_path: Path) -> None:
    broken = MYPY + "plugins = no_such_plugin\n"
    project = project_in(tmp_path, {**FILES, "mypy.ini": broken})
    done = project.refactor("add", "Ad.extra", "str", "--optional", "--json")
    assert done.exit_code == 0
    (note,) = json.loads(done.stdout)["notes"]
    assert note.startswith("mypy is configured and could not be run")
    assert "no_such_plugin" in note
    assert str(tmp_path) not in note


@pytest.mark.skipif(find_spec("pyright") is not None, reason="pyright is installed")
@pytest.mark.skipif(find_spec("basedpyright") is not None, reason="basedpyright is installed")
def test_one_that_is_not_installed_is_told(tmp_path: Path) -> None:
    project = project_in(tmp_path, {**FILES, "pyrightconfig.json": "{}"})
    done = project.refactor("add", "Ad.extra", "str", "--optional", "--apply")
    assert (done.exit_code, "note: pyright is configured and could not be run" in done.output) == (0, True)


@pytest.mark.parametrize(
    ("file", "text", "found"),
    [
        ("pyproject.toml", "[tool.mypy]\nstrict = true\n", ("mypy",)),
        ("pyproject.toml", "[tool.pyright]\n[tool.ruff]\n", ("pyright",)),
        ("pyproject.toml", "[tool.basedpyright]\n", ("basedpyright",)),
        ("pyproject.toml", "[tool.ruff]\n", ()),
        ("pyproject.toml", "[tool\n", ()),
        ("mypy.ini", "[mypy]\n", ("mypy",)),
        ("setup.cfg", "[mypy]\nstrict = 1\n[mypy-a.*]\n", ("mypy",)),
        ("setup.cfg", "[flake8]\n", ()),
        ("pyrightconfig.json", "{}", ("pyright",)),
        ("setup.py", "mypy = 1\n", ()),
    ],
)
def test_where_a_project_configures_one(tmp_path: Path, file: str, text: str, found: tuple[str, ...]) -> None:
    (tmp_path / file).write_text(text)
    assert configured_checkers(tmp_path) == found


def test_in_a_cascade_only_the_change_that_it_objects_to_is_not_made(tmp_path: Path) -> None:
    models = (
        "from pydantic import BaseModel, Field\n\n\nclass Ad(BaseModel):\n    id: int = Field(alias='_id')\n"
    )
    config = '[project]\nmodels = ["app/models.py"]\n[privacy]\nmode = "keep"\n'
    project = project_in(
        tmp_path,
        {"app/__init__.py": "", "app/models.py": models, "mypy.ini": MYPY, "bravo.toml": config},
    )
    workspace = open_workspace(project.folder, {"BRAVO_USER": "tester"})
    ads = Table("public", "ads", (Column("id", ColumnType("int4"), False, number=1),), ("id",))
    workspace.save_baseline(Catalog((ads,), "prod", "1"))
    new = (
        Column("extra", ColumnType("jsonb"), True, number=2),
        Column("note", ColumnType("text"), True, number=3),
    )
    source = Catalog((replace(ads, columns=(*ads.columns, *new)),), "prod", "1")
    found = detect(workspace, source)
    for change in found.changes:
        record_decision(workspace, found, change.id, "add-field", params={})
    cascade = make_cascade(workspace, detect(workspace, source))
    (work,) = cascade.patch.manual
    assert ANY in work.why
    assert "new_field public.ads.extra" in work.why
    (edit,) = cascade.patch.edits
    assert "note: str | None = None" in edit.after
    assert "extra" not in edit.after
    unchecked = make_cascade(workspace, detect(workspace, source), check=False)
    assert "extra: " in unchecked.patch.edits[0].after
