"""Additions, types and digits through the whole example application; its tests stay green."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from bravo_agent.model.refactor import Add, CodeChange, Drop, FieldChange, Precision, Retype
from bravo_agent.stores.application import run_suite, scratch_copy, write_edits
from bravo_agent.usecases.refactor import apply_refactoring, refactor
from bravo_agent.workspace import Workspace, open_code

EXAMPLE = Path(__file__).parents[2] / "examples/campaigns"
MODEL, TYPES, ROUNDING = "campaigns/models/campaigns.py", "campaigns/models/types.py", "campaigns/rounding.py"
FACTORIES, FIXTURES = "tests/factories.py", "tests/fixtures/campaigns.json"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    skipped = shutil.ignore_patterns("__pycache__", ".pytest_cache", ".bravo", "*.egg-info")
    shutil.copytree(EXAMPLE, tmp_path / "campaigns", ignore=skipped)
    return open_code(tmp_path / "campaigns", python=sys.executable)


def lines(made: CodeChange, sign: str) -> dict[str, list[str]]:
    """By file the lines that are new (``+``) or gone (``-``), without their indents."""
    found: dict[str, list[str]] = {}
    for edit in made.patch.edits:
        before, after = (edit.before or "").splitlines(), edit.after.splitlines()
        here, there = (after, before) if sign == "+" else (before, after)
        rest = list(there)
        for line in here:
            if line in rest:
                rest.remove(line)
            else:
                found.setdefault(edit.file, []).append(line.strip())
    return found


def green(workspace: Workspace, made: CodeChange) -> bool:
    with scratch_copy(workspace.project) as copy:
        write_edits(copy, made.patch.edits)
        run = run_suite(workspace.project, copy, workspace.config.project)
    return run.failing == () and sum(one.outcome == "passed" for one in run.outcomes) > 80


def test_a_required_field_is_given_wherever_a_campaign_is_made(workspace: Workspace) -> None:
    made = refactor(workspace, Add("Campaign", "fee", "Money"))
    assert lines(made, "-") == {}
    assert lines(made, "+") == {
        "campaigns/api.py": ['fee=Decimal("0.00"),'],
        MODEL: ["fee: Money"],
        ROUNDING: ['"fee": 2,'],
        FACTORIES: ['fee=Decimal("0.00"),'],
        FIXTURES: ['"fee": "0.00",'] * 3,
    }
    (work,) = made.patch.manual
    assert (work.file, work.line) == ("campaigns/api.py", 115)
    assert "made up" in work.why
    assert green(workspace, made)


def test_what_was_added_and_dropped_leaves_the_same_bytes(workspace: Workspace) -> None:
    before = texts(workspace.project)
    wish = Add("Campaign", "fee", "Money")
    apply_refactoring(workspace, wish, refactor(workspace, wish))
    assert texts(workspace.project) != before
    again = refactor(workspace, wish)
    assert again.patch.edits == ()
    drop = Drop("Campaign", "fee")
    apply_refactoring(workspace, drop, refactor(workspace, drop))
    assert texts(workspace.project) == before


def texts(project: Path) -> dict[str, bytes]:
    files = (path for path in project.rglob("*") if path.is_file() and ".bravo" not in path.parts)
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in files}


@pytest.mark.slow
def test_a_field_of_an_enum_of_the_application(workspace: Workspace) -> None:
    made = refactor(workspace, Add("AdGroup", "kind", "BidStrategy"))
    plus = lines(made, "+")
    assert plus["tests/factories.py"] == ["kind=BidStrategy.MANUAL_CPC,"]
    assert plus["tests/fixtures/ad_groups.json"] == ['"kind": "manual_cpc",'] * 2
    assert green(workspace, made)


@pytest.mark.parametrize(
    ("change", "line", "others"),
    [
        (Add("Ad", "note", "str", optional=True), "note: str | None = None", 0),
        pytest.param(Add("Ad", "size", "int", default="7"), "size: int = 7", 0, marks=pytest.mark.slow),
        pytest.param(
            Add("Ad", "made_on", "date | None"), "made_on: date | None = None", 0, marks=pytest.mark.slow
        ),
        (Add("AdGroup", "top", "Rate", computed="bid_amount * 2"), "return self.bid_amount * 2", 1),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_fields_that_nobody_has_to_give(
    workspace: Workspace, change: FieldChange, line: str, others: int
) -> None:
    made = refactor(workspace, change)
    assert (made.refused, made.patch.manual) == ((), ())
    assert line in [one for found in lines(made, "+").values() for one in found]
    assert len(made.patch.edits) == 1 + others
    assert green(workspace, made)


def test_an_expression_over_what_may_be_none_is_listed(workspace: Workspace) -> None:
    made = refactor(workspace, Add("AdGroup", "top", "Decimal", computed="quality_score * 2"))
    assert any("type checker" in one.why for one in made.patch.manual)
    refused = refactor(workspace, Add("AdGroup", "top", "Decimal", computed="quality * 2"))
    assert (refused.patch.edits, "quality is no field" in refused.refused[0].why) == ((), True)


@pytest.mark.slow
def test_digits_of_a_budget_follow_through_the_models_of_the_api(workspace: Workspace) -> None:
    made = refactor(workspace, Precision("Campaign", "daily_budget", 4))
    plus = lines(made, "+")
    assert plus[TYPES] == [
        "DailyBudget = Annotated[Decimal, BeforeValidator(decimal_from_bson), Field(max_digits=14, decimal_places=4)]"
    ]
    assert plus[ROUNDING] == ['"daily_budget": 4,']
    assert plus["campaigns/schemas.py"].count("daily_budget: DailyBudget") == 2
    assert "daily_budget: DailyBudget = Field(ge=0)  # in the advertiser's currency" in plus[MODEL]
    shared, test = made.patch.manual
    assert (shared.file, "lifetime_budget, target_cpa" in shared.why) == (MODEL, True)
    assert (test.file, test.why.startswith('"75.505" was refused, and is taken now')) == (
        "tests/test_models.py",
        True,
    )
    assert refactor(workspace, Precision("Campaign", "daily_budget", 2)).notes


@pytest.mark.slow
def test_another_type_follows_through_the_group_and_its_values(workspace: Workspace) -> None:
    made = refactor(workspace, Retype("Campaign", "priority", "str"))
    assert made.patch.manual == ()
    assert lines(made, "+") == {
        MODEL: ['priority: str = "0"'],
        "campaigns/schemas.py": ["priority: str"],
        FIXTURES: ['"priority": "5",', '"priority": "0",', '"priority": "-1",'],
    }
    assert green(workspace, made)


def test_a_type_that_calculations_cannot_take_is_listed_where_they_are(workspace: Workspace) -> None:
    made = refactor(workspace, Retype("DailyMetric", "clicks", "str"))
    listed = {(one.file, one.line) for one in made.patch.manual}
    assert ("campaigns/validation.py", 78) in listed or ("campaigns/calculations.py", 34) in listed
    assert made.refused == ()
