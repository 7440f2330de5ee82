"""The harness that renames fields of open-source projects, tried on small ones and on the example: no network."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from benchmarks.real_projects import page
from benchmarks.real_renames import Asked, Judged, Measured, judge, models_of, replaced, sample, trace, worse
from benchmarks.real_sources import Home, Project
from bravo_agent.model.entities import ModelSet

ROOT = Path(__file__).resolve().parents[2]
MODELS = """\
from pydantic import BaseModel


class Base(BaseModel):
    score: int = 0


class Player(Base):
    name: str = ""

    def __init__(self, /, **given):
        super().__init__(**given)


class Game(BaseModel):
    score: int
"""
USES = """\
from models import Game, Player


def test_all():
    ä = Player(name="ä", score=1); assert (ä . score) == 1  # columns in characters
    game = Game(score=ä.score)
    ä.score = game.score
    ä.score += 1
    assert getattr(ä, "score") == 2
    match ä:
        case Player(score=2, name="ä"):
            pass
    both = [one.score for one in (ä, game)]
    assert both == [2, 1]
    assert ä.model_dump() == {"score": 2, "name": "ä"}
"""


def home_of(folder: Path, project: Project) -> Home:
    """The interpreter is the one that runs this."""
    (folder / "venv").symlink_to(sys.prefix)
    home = Home(project, folder)
    home.fresh()
    return home


def small(tmp_path: Path) -> Home:
    (tmp_path / "pristine").mkdir()
    (tmp_path / "pristine" / "models.py").write_text(MODELS)
    (tmp_path / "pristine" / "test_uses.py").write_text(USES)
    (tmp_path / "pristine" / "pytest.ini").write_text("[pytest]\n")
    return home_of(tmp_path, Project("small", "1", ("models.py",)))


def test_the_trace_tells_the_tokens_of_each_class(tmp_path: Path) -> None:
    home = small(tmp_path)
    baseline = home.test()
    assert baseline == {"test_uses.py::test_all": "passed"}
    models = models_of(home)
    traced = trace(home, [Asked(False, "", "models", "Base", "score")], models, baseline)
    assert traced is not None
    lines = USES.splitlines()
    found = {
        (one["line"], one["column"], kinds[0].partition(":")[2]) for one in traced for kinds in one["classes"]
    }
    assert all(lines[line - 1][column : column + 5] == "score" for line, column, _ in found)
    assert found == {
        (5, lines[4].index("score=1"), "Player"),
        (5, lines[4].index("score)"), "Player"),
        (6, lines[5].index("score="), "Game"),
        (6, lines[5].index("score)"), "Player"),
        (7, lines[6].index("score ="), "Player"),
        (7, lines[6].rindex("score"), "Game"),
        (8, lines[7].index("score"), "Player"),
        (9, lines[8].index("score"), "Player"),
        (11, lines[10].index("score"), "Player"),
        (13, lines[12].index("score"), "Player"),
        (13, lines[12].index("score"), "Game"),
    }


def test_what_is_worse() -> None:
    before = {"a": "passed", "b": "failed", "c": "skipped", "d": "passed"}
    assert worse(before, {"a": "passed", "b": "failed", "c": "skipped", "d": "passed"}) == ()
    assert worse(before, {"a": "failed", "b": "failed", "c": "skipped"}) == ("a", "d")
    assert worse(before, {**before, "new": "failed", "d": "skipped"}) == ("d", "new")


def test_replaced_only_where_the_name_stands() -> None:
    asked = Asked(False, "", "m", "M", "score")
    assert replaced("a.score\r\nscore", asked, [("f", 1, 2), ("f", 2, 1)]) == "a.score_renamed\r\nscore"
    keyed = Asked(False, "", "m", "M", "core_metadata")
    assert replaced("'core-metadata'", keyed, [("f", 1, 1)]) == "'core-metadata-renamed'"


def test_the_page_tells_what_failed() -> None:
    one = Measured(Project("p", "1", ()))
    one.renames = [
        Judged(Asked(False, "", "m", "M", "a"), "green", edited={("f", 1, 2)}, used={("f", 1, 2)}, named=1),
        Judged(Asked(True, "", "m", "M", "b"), "red", edited={("f", 1, 2)}, used={("f", 9, 2)}, named=3),
    ]
    text = page([one])
    assert "| p 1 | 0 | 0 | 2 | 1 | 1 | 0 | 0 | 1 | 0 | 0 | 0 |" in text
    assert "| p | 4 | 2 | 0 | 2 | 2 | 1 | 0 | 1 | 0 | 0 |" in text
    assert "- p, M.b: red, its name stands in the project's data or configuration files" in text


@pytest.mark.slow
def test_the_example_renamed_and_judged(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "examples" / "campaigns",
        tmp_path / "pristine",
        ignore=shutil.ignore_patterns(".*", "__pycache__"),
    )
    home = home_of(tmp_path, Project("campaigns", "1", ("campaigns",)))
    baseline = home.test()
    assert "failed" not in baseline.values()
    models = models_of(home)
    assert sample(home, models, 5) == sample(home, models, 5)
    fields = [_field(models, "Campaign", "end_date"), _field(models, "DailyMetric", "day")]
    traced = trace(home, fields, models, baseline)
    assert traced
    for one in fields:
        judged = judge(home, one, traced, baseline)
        assert judged.used
        assert judged.result not in ("red", "failed"), judged
        assert (judged.missed, judged.wrong, judged.unlisted_edits) == (set(), set(), 0)


def _field(models: ModelSet, entity: str, name: str) -> Asked:
    found = models.entity(entity)
    assert found is not None
    return Asked(True, "", found.module, entity, name)
