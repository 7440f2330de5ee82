"""A rename whose old name is not there: done already where something shows it, else a person looks at the name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from refactor_project import FILES, Project, project_in


@pytest.fixture
def renamed(tmp_path: Path) -> Project:
    """Ad.cost was renamed to price, and that is committed."""
    project = project_in(tmp_path)
    assert project.refactor("rename", "Ad.cost", "price", "--apply").exit_code == 0
    project.git("commit", "-qam", "renamed")
    return project


def test_what_was_kept_of_the_rename_shows_it(renamed: Project) -> None:
    shutil.rmtree(renamed.folder / ".git")
    done = renamed.refactor("rename", "Ad.cost", "price", "--apply")
    assert done.exit_code == 0, done.output
    assert "done already (.bravo/refactor/rename-Ad.cost-" in done.output


@pytest.mark.parametrize("name", ["Ad", "app.models:Ad"])
def test_the_history_of_the_file_shows_it(renamed: Project, name: str) -> None:
    shutil.rmtree(renamed.folder / ".bravo")
    commit = renamed.git("log", "-1", "--format=%h").strip()
    done = renamed.refactor("rename", f"{name}.cost", "price", "--apply")
    assert done.exit_code == 0, done.output
    assert f"done already (cost was there before commit {commit})" in done.output


def test_a_rename_that_is_not_committed_is_seen_too(tmp_path: Path) -> None:
    project = project_in(tmp_path)
    project.refactor("rename", "Ad.cost", "price", "--apply")
    shutil.rmtree(project.folder / ".bravo")
    done = project.refactor("rename", "Ad.cost", "price", "--apply")
    assert done.exit_code == 0, done.output
    assert "done already (the last commit has cost)" in done.output


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("nope", "cost"),
        ("coste", "cost"),
        ("*", "cost"),
        ("amount", "cost"),  # a parameter of that name is no field
        ("cost", "note"),  # only Bill ever declared both
    ],
)
def test_a_mistyped_name_is_not_told_as_done(old: str, new: str, tmp_path: Path) -> None:
    project = project_in(tmp_path, {**FILES, "app/models.py": FILES["app/models.py"] + "    note: str\n"})
    model = "Bill" if old == "cost" else "Ad"
    before = project.texts()
    if model == "Bill":
        changed = before["app/models.py"].replace(
            "class Bill(BaseModel):\n    cost: int\n", "class Bill(BaseModel):\n"
        )
        (project.folder / "app/models.py").write_text(changed)
        project.git("commit", "-qam", "dropped")
        before = project.texts()
    done = project.refactor("rename", f"{model}.{old}", new, "--apply")
    assert done.exit_code == 3, done.output
    assert f"{model} has {new} and no {old}, and nothing shows that it ever had" in done.output
    assert f"{model} has " in done.output.partition("nothing is left to do; ")[2]
    assert project.texts() == before


def test_without_git_and_without_a_manifest_nothing_shows_it(tmp_path: Path) -> None:
    for file, text in FILES.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text)
    done = Project(tmp_path).refactor("rename", "Ad.costs", "cost")
    assert done.exit_code == 3
    assert "refused: app/models.py:" in done.output
