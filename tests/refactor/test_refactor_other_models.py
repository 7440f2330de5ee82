"""What an edit makes of other models: names in annotations and defaults follow, anything else is refused in words."""

from __future__ import annotations

from pathlib import Path

from refactor_project import project_in

MODELS = """from typing import Annotated

from pydantic import BaseModel, Field


class Ad(BaseModel):
    cost: Annotated[int, Field(alias="cost")] = 0
    note: str = ""


class Sub(Ad):
    cost: Annotated[int, Field(alias="cost", ge=1)]


class Shop(BaseModel):
    first: int = Ad.model_fields["cost"].default
    best: Ad = Ad(cost=3, note="n")
"""


def test_a_name_in_an_annotation_or_a_default_is_no_other_difference(tmp_path: Path) -> None:
    project = project_in(tmp_path, {"models.py": MODELS})
    done = project.refactor("rename", "Ad.cost", "price", "--apply")
    assert done.exit_code == 0, done.output
    assert project.texts() == {"models.py": MODELS.replace("cost", "price")}
    project.git("commit", "-qam", "renamed")
    assert project.refactor("rename", "Ad.price", "cost", "--apply").exit_code == 0
    assert project.texts() == {"models.py": MODELS}


def test_a_model_that_would_become_another_one_is_told_in_words(tmp_path: Path) -> None:
    project = project_in(tmp_path, {"models.py": MODELS})
    done = project.refactor("drop", "Ad.note", "--apply")
    assert done.exit_code == 3
    assert (
        "refused: models.py:15: with this edit Shop would have another type, key or default of best, "
        "and Ad.note alone was to change. Nothing was edited. Change by hand what in Shop depends on note"
    ) in done.output
    assert project.texts() == {"models.py": MODELS}
