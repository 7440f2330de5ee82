"""``bravo-agent refactor`` on a project of its own: no database, no bravo.toml, the real type checker."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from refactor_project import FILES, Project, project_in

from bravo_agent.model.code import FieldRef
from bravo_agent.model.plan import Edit, Patch
from bravo_agent.model.refactor import CodeChange
from bravo_agent.usecases._code_checks import new_errors
from bravo_agent.usecases.uses import find_uses
from bravo_agent.workspace import open_code


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_in(tmp_path)


def renamed(text: str) -> str:
    """What the rename of Ad.cost makes of a file of the project."""
    for old, new in (
        ("        cost: what", "        price: what"),
        ("cost: Decimal", "price: Decimal"),
        ('("cost")', '("price")'),
        ("ad.cost", "ad.price"),
        ("cost=Decimal", "price=Decimal"),
        ("make().cost", "make().price"),
    ):
        text = text.replace(old, new)
    return text


def test_the_diff_is_shown_and_nothing_written(project: Project) -> None:
    done = project.refactor("rename", "Ad.cost", "price")
    assert done.exit_code == 0, done.output
    assert (
        "-    cost: Decimal = Field(ge=0)  # a day\n+    price: Decimal = Field(ge=0)  # a day\n"
        in done.stdout
    )
    assert project.texts() == FILES
    assert project.git("status", "--porcelain") == ""


def test_rename_changes_what_means_the_field_and_nothing_else(project: Project) -> None:
    done = project.refactor("rename", "Ad.cost", "price", "--apply")
    assert done.exit_code == 0, done.output
    assert project.texts() == {file: renamed(text) for file, text in FILES.items()}
    assert project.suite().returncode == 0


def test_there_and_back_gives_the_same_bytes(project: Project) -> None:
    assert project.refactor("rename", "Ad.cost", "price", "--apply").exit_code == 0
    project.git("commit", "-qam", "renamed")
    assert project.refactor("rename", "Ad.price", "cost", "--apply").exit_code == 0
    assert project.texts() == FILES


def test_a_second_time_nothing_is_left_to_do(project: Project) -> None:
    project.refactor("rename", "Ad.cost", "price", "--apply")
    before = project.texts()
    again = project.refactor("rename", "Ad.cost", "price", "--apply")
    assert again.exit_code == 0
    assert "done already" in again.output
    assert project.texts() == before


def test_uncommitted_changes_are_not_touched_unless_told(project: Project) -> None:
    path = project.folder / "app/use.py"
    path.write_text(path.read_text() + "\n# mine\n")
    before = project.texts()
    done = project.refactor("rename", "Ad.cost", "price", "--apply")
    assert done.exit_code == 3
    assert "app/use.py" in done.output
    assert project.texts() == before
    assert project.refactor("rename", "Ad.cost", "price", "--apply", "--allow-dirty").exit_code == 0
    assert "# mine" in path.read_text()
    assert "ad.price" in path.read_text()


def test_a_branch_gets_the_commit_and_the_working_tree_stays(project: Project) -> None:
    done = project.refactor("rename", "Ad.cost", "price", "--branch", "price")
    assert done.exit_code == 0, done.output
    assert project.texts() == FILES
    assert project.git("status", "--porcelain") == ""
    assert project.git("log", "-1", "--format=%s", "price") == "Rename Ad.cost to price\n"
    assert project.git("rev-parse", "price^") == project.git("rev-parse", "main")
    for file, text in FILES.items():
        assert project.git("show", f"price:{file}") == renamed(text)
    again = project.refactor("rename", "Ad.cost", "price", "--branch", "price")
    assert (again.exit_code, "branch-exists" in again.output) == (2, True)


def test_a_branch_from_a_folder_inside_of_the_repository(tmp_path: Path) -> None:
    outer = project_in(tmp_path, {f"service/{file}": text for file, text in FILES.items()})
    inner = Project(tmp_path / "service")
    assert inner.refactor("rename", "Ad.cost", "price", "--branch", "price").exit_code == 0
    assert outer.git("show", "price:service/app/models.py") == renamed(FILES["app/models.py"])
    assert outer.git("diff", "--name-only", "main", "price").split() == [
        "service/app/models.py",
        "service/app/use.py",
        "service/tests/test_use.py",
    ]


def test_a_patch_file_is_what_git_takes_with_its_manifest_beside(project: Project, tmp_path: Path) -> None:
    patch = project.folder / "price.patch"
    assert project.refactor("rename", "Ad.cost", "price", "--patch", str(patch)).exit_code == 0
    manifest = json.loads((project.folder / "price.patch.json").read_text())
    assert {one["fate"] for one in manifest["places"]} == {"edited", "left"}
    edited = [one for one in manifest["places"] if one["fate"] == "edited"]
    assert {one["file"] for one in edited} == {"app/models.py", "app/use.py", "tests/test_use.py"}
    assert all(one["how"] and one["verdict"] for one in manifest["places"])
    project.git("apply", str(patch))
    found = {file: text for file, text in project.texts().items() if not file.startswith("price.patch")}
    assert found == {file: renamed(text) for file, text in FILES.items()}


def test_one_json_document(project: Project) -> None:
    done = project.refactor("rename", "Ad.cost", "price", "--json")
    document = json.loads(done.stdout)
    assert document["files"] == ["app/models.py", "app/use.py", "tests/test_use.py"]
    assert document["change"] == {"entity": "Ad", "field": "cost", "new": "price", "tag": "rename"}
    assert "+    price: Decimal" in document["diff"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["rename", "Ad.cost", "2x"], "field-name-invalid"),
        (["rename", "Ad.cost", "class"], "field-name-invalid"),
        (["rename", "Ad.cost", "_price"], "field-name-invalid"),
        (["rename", "Ad.cost", "model_dump"], "field-name-invalid"),
        (["rename", "Add.cost", "price"], "model-unknown"),
        (["rename", "Ad.costs", "price"], "field-unknown"),
        (["drop", "Ad.costs"], "field-unknown"),
    ],
)
def test_wrong_usage(project: Project, arguments: list[str], code: str) -> None:
    done = project.refactor(*arguments)
    assert done.exit_code == 2
    assert code in done.output


def test_a_name_that_is_taken_is_refused_before_anything_is_written(project: Project) -> None:
    done = project.refactor("rename", "Ad.cost", "note", "--apply")
    assert done.exit_code == 3
    assert "Ad has a note already" in done.output
    assert project.texts() == FILES


def test_an_unknown_place_is_left_and_listed(tmp_path: Path) -> None:
    lost = "def show(thing):\n    return thing.cost\n"
    project = project_in(tmp_path, {**FILES, "app/lost.py": lost})
    done = project.refactor("rename", "Ad.cost", "price", "--apply")
    assert done.exit_code == 3
    assert "by hand: app/lost.py:2" in done.output
    assert project.texts()["app/lost.py"] == lost
    assert "price: Decimal" in project.texts()["app/models.py"]


def test_drop_takes_what_only_fills_it(project: Project) -> None:
    done = project.refactor("drop", "Ad.note", "--apply")
    assert done.exit_code == 0, done.output
    assert project.texts() == {
        **FILES,
        "app/models.py": FILES["app/models.py"].replace("    note: str | None = None\n", ""),
        "app/use.py": FILES["app/use.py"].replace(', note="n"', ""),
    }
    assert project.suite().returncode == 0


def test_drop_of_what_is_read_does_nothing_and_says_where(project: Project) -> None:
    done = project.refactor("drop", "Ad.cost", "--apply")
    assert done.exit_code == 3
    for place in ("app/models.py:19", "app/use.py:7", "tests/test_use.py:5"):
        assert f"by hand: {place}" in done.output
    assert project.texts() == FILES


def test_a_new_type_error_is_found_in_every_file_that_names_the_field(project: Project) -> None:
    workspace = open_code(project.folder, python=sys.executable)
    (finding,) = find_uses(workspace, workspace.models().models, [FieldRef("app.models", "Ad", "cost")])
    before = FILES["app/models.py"]
    half = Patch((Edit("app/models.py", before, before.replace("    cost: Decimal", "    price: Decimal")),))
    errors = new_errors(workspace, finding, CodeChange(half), {"cost": "price"})
    assert {(one.file, one.line) for one in errors} >= {("app/use.py", 7), ("tests/test_use.py", 5)}
    assert new_errors(workspace, finding, CodeChange(), {}) == []


@pytest.mark.parametrize(
    "added",
    [
        ("str", "--optional"),
        ("int", "--default", "3"),
        ("int",),
        ("Decimal",),
        ("date",),
        ("list[str]",),
    ],
    ids=" ".join,
)
def test_drop_after_add_gives_the_same_bytes(project: Project, added: tuple[str, ...]) -> None:
    done = project.refactor("add", "Ad.extra", *added, "--apply")
    # 3: a required one gets a made-up value outside of tests, and a person is asked to look.
    assert done.exit_code == (0 if len(added) > 1 else 3), done.output
    assert "extra: " in project.texts()["app/models.py"]
    assert project.suite().returncode == 0
    project.git("commit", "-qam", "added")
    done = project.refactor("drop", "Ad.extra", "--apply")
    assert done.exit_code == 0, done.output
    assert project.texts() == FILES


def test_libcst_s_own_command_line(project: Project) -> None:
    done = libcst(project, "RenameField", "--model", "Ad", "--field", "cost", "--to", "price")
    assert done.returncode == 0, done.stderr
    assert project.texts() == {file: renamed(text) for file, text in FILES.items()}


GENERATED = """from pydantic import BaseModel


def dashed(name: str) -> str:
    return name.replace("_", "-")


class Signed(BaseModel, alias_generator=dashed, populate_by_name=True):
    the_sign: bool


def f(x: Signed) -> bool:
    return x.the_sign and Signed.model_validate({"the-sign": True}).the_sign
"""


def test_a_key_that_the_application_makes_follows_the_name(tmp_path: Path) -> None:
    project = project_in(tmp_path, {"made.py": GENERATED})
    done = project.refactor("rename", "Signed.the_sign", "my_own", "--apply")
    assert done.exit_code == 0, done.output
    wanted = GENERATED.replace("the_sign", "my_own").replace("the-sign", "my-own")
    assert project.texts() == {"made.py": wanted}


def test_libcst_keeps_line_ends_and_marks(tmp_path: Path) -> None:
    odd = {file: "\ufeff" * bool(text) + text.replace("\n", "\r\n") for file, text in FILES.items()}
    project = project_in(tmp_path, odd)
    libcst(project, "RenameField", "--model", "Ad", "--field", "cost", "--to", "price")
    assert project.texts() == {file: renamed(text) for file, text in odd.items()}


def test_files_that_nobody_can_read_are_named(tmp_path: Path) -> None:
    broken = "def (ad): return ad.cost\n"
    project = project_in(tmp_path, {**FILES, "app/broken.py": broken})
    done = project.refactor("rename", "Ad.cost", "price", "--apply")
    assert done.exit_code == 3
    assert "not read: app/broken.py:1: it was not read: it does not parse" in done.output
    assert project.texts()["app/broken.py"] == broken
    assert project.refactor("drop", "Ad.note", "--apply", "--allow-dirty").exit_code == 0


def test_libcst_s_own_command_line_drops(project: Project) -> None:
    done = libcst(project, "DropField", "--model", "Ad", "--field", "note")
    assert done.returncode == 0, done.stderr
    assert "note" not in project.texts()["app/use.py"]
    before = project.texts()
    left = libcst(project, "DropField", "--model", "Ad", "--field", "cost")
    assert "read here" in left.stderr
    assert project.texts() == before


def libcst(project: Project, kind: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``python -m libcst.tool codemod`` in the project."""
    command = [sys.executable, "-m", "libcst.tool", "codemod", "-x", f"bravo_agent.libcst_commands.{kind}"]
    return subprocess.run(
        [*command, *arguments, "--python", sys.executable, "--no-format", "-j", "2", "app", "tests"],
        cwd=project.folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
