"""Fields that are worked out: by a function beside those of their neighbours, registered and called as those are."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bravo_agent.model.catalog import Catalog, Column, ColumnType, Table
from bravo_agent.model.refactor import Add
from bravo_agent.stores.application import write_edits
from bravo_agent.usecases.cascade import Cascade, apply_cascade, make_cascade
from bravo_agent.usecases.decide import record_decision
from bravo_agent.usecases.detect import detect
from bravo_agent.usecases.refactor import refactor
from bravo_agent.workspace import Workspace, open_code, open_workspace

EXAMPLE = Path(__file__).parents[2] / "examples/campaigns"
MODELS = """from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, computed_field

from . import calculations


class Ad(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    id: int = Field(alias="_id")
    clicks: int
    views: int
    cost: Decimal
    bid: Decimal | None = None

    @computed_field
    @property
    def ctr(self) -> Decimal:
        return calculations.compute_ctr(self.clicks, self.views)
"""
CALCULATIONS = '''"""Key figures."""

from decimal import Decimal


def compute_ctr(clicks: int, views: int) -> Decimal:
    """Click-through rate."""
    return Decimal(clicks) / Decimal(views)


def compute_cpm(cost: Decimal, views: int) -> Decimal:
    """Cost per thousand views."""
    return cost * 1000 / views


FIGURES = {
    "ctr": compute_ctr,
    "cpm": compute_cpm,
}
'''
FUNCTION = '''def compute_cpc(cost: Decimal, clicks: int) -> Decimal:
    """Cpc: cost / clicks."""
    return cost / clicks
'''
CHECK = """
from app.calculations import FIGURES
from app.models import Ad
from decimal import Decimal
ad = Ad(_id=1, clicks=4, views=8, cost=Decimal(2))
assert ad.cpc == Decimal("0.5"), ad
"""
COLUMNS = (
    Column("id", ColumnType("int4"), False, number=1),
    Column("clicks", ColumnType("int4"), False, number=2),
    Column("views", ColumnType("int4"), False, number=3),
    Column("cost", ColumnType("numeric"), False, number=4),
    Column("bid", ColumnType("numeric"), True, number=5),
)
ADS = Table("public", "ads", COLUMNS, ("id",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    for name, text in {"__init__.py": "", "models.py": MODELS, "calculations.py": CALCULATIONS}.items():
        (tmp_path / "app" / name).write_text(text)
    (tmp_path / "bravo.toml").write_text('[project]\nmodels = ["app/models.py"]\n[privacy]\nmode = "keep"\n')
    return tmp_path


def hold(folder: Path, statement: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", statement],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_computed_field_has_a_function_an_entry_and_a_call(folder: Path) -> None:
    workspace = open_code(folder, python=sys.executable)
    made = refactor(workspace, Add("Ad", "cpc", "Decimal", computed="cost / clicks"))
    assert (made.refused, made.patch.manual, made.notes) == ((), (), ())
    calculations, models = made.patch.edits
    wanted = CALCULATIONS.replace("\n\n\nFIGURES", f"\n\n\n{FUNCTION}\n\nFIGURES")
    assert calculations.after == wanted.replace("compute_cpm,\n", 'compute_cpm,\n    "cpc": compute_cpc,\n')
    assert "return calculations.compute_cpc(self.cost, self.clicks)" in models.after
    write_edits(folder, made.patch.edits)
    hold(folder, CHECK + "assert FIGURES['cpc'](Decimal(2), 4) == ad.cpc\nassert 'cpc' in ad.model_dump()")
    assert refactor(workspace, Add("Ad", "cpc", "Decimal", computed="cost / clicks")).patch.edits == ()


def answered(folder: Path, expression: str) -> tuple[Workspace, Catalog, Cascade]:
    """A required column, to be worked out by ``expression``."""
    workspace = open_workspace(folder, {"BRAVO_USER": "tester"})
    workspace.save_baseline(Catalog((ADS,), "prod", "1"))
    new = Column("cpc", ColumnType("numeric"), False, number=9)
    source = Catalog((replace(ADS, columns=(*COLUMNS, new)),), "prod", "1")
    found = detect(workspace, source)
    record_decision(workspace, found, found.changes[0].id, "calculate", params={"expression": expression})
    return workspace, source, make_cascade(workspace, detect(workspace, source))


def test_a_column_that_is_calculated_where_it_is_missing(folder: Path) -> None:
    workspace, source, cascade = answered(folder, "cost / clicks")
    assert (cascade.patch.manual, cascade.notes) == ((), ())
    assert FUNCTION in cascade.patch.edits[0].after
    assert (
        'lambda data: calculations.compute_cpc(data["cost"], data["clicks"])' in cascade.patch.edits[1].after
    )
    apply_cascade(workspace, cascade)
    hold(folder, CHECK + "assert Ad(_id=1, clicks=4, views=8, cost=Decimal(2), cpc=7).cpc == 7")
    assert {one.state for one in detect(workspace, source).changes} <= {"settled"}
    assert make_cascade(workspace, detect(workspace, source)).patch.edits == ()


def test_an_expression_that_the_type_checker_refuses_is_not_written(folder: Path) -> None:
    _, _, cascade = answered(folder, "bid / clicks")
    assert cascade.patch.edits == ()
    (work,) = cascade.patch.manual
    assert "the type checker would object" in work.why
    assert work.file == "app/calculations.py"


def test_without_a_home_the_expression_stands_in_the_model_and_that_is_told(folder: Path) -> None:
    (folder / "app/calculations.py").unlink()
    plain = MODELS.partition("\n    @computed_field")[0].replace("from . import calculations\n\n\n", "\n")
    (folder / "app/models.py").write_text(plain)
    _, _, cascade = answered(folder, "cost / clicks")
    (edit,) = cascade.patch.edits
    assert 'lambda data: data["cost"] / data["clicks"]' in edit.after
    (note,) = cascade.notes
    assert "no module works anything out for Ad yet: the expression stands in the model" in note


def test_a_module_that_no_model_can_import_is_left_alone() -> None:
    workspace = open_code(EXAMPLE, python=sys.executable)
    made = refactor(workspace, Add("AdGroup", "top", "Rate", computed="bid_amount * 2"))
    assert "campaigns/calculations.py" not in {edit.file for edit in made.patch.edits}
    (note,) = made.notes
    assert "campaigns/calculations.py imports the models" in note
