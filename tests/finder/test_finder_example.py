"""The example application: which lines mean the field, and which are only called so; held against reading it by eye."""

from __future__ import annotations

import shutil

import pytest
from finder_scene import EXAMPLE, lines

from bravo_agent.config import Config
from bravo_agent.model.code import FieldRef, Finding
from bravo_agent.usecases.uses import find_uses
from bravo_agent.workspace import make_workspace
from codemods import finding_uses

CODE = ("declaration", "attribute", "keyword", "match", "name")
BUDGET = {
    "campaigns/api.py": [136],
    "campaigns/calculations.py": [94, 113, 131],
    "campaigns/models/campaigns.py": [53, 79, 83, 98],
    "campaigns/repository.py": [80, 81, 95, 104],
    "campaigns/rounding.py": [10],
    "campaigns/schemas.py": [43, 62],
    "campaigns/serializers.py": [129, 145],
    "campaigns/validation.py": [38, 39, 40, 41, 43],
    "tests/factories.py": [52],
    "tests/fixtures/campaigns.json": [10, 39, 61],
    "tests/test_api.py": [9, 34, 46, 56, 62, 64, 70],
    "tests/test_calculations.py": [83],
    "tests/test_models.py": [34, 41, 48, 49, 56, 82, 83],
    "tests/test_repository.py": [15, 22, 34, 35, 36],
    "tests/test_rounding.py": [12],
    "tests/test_serializers.py": [26, 44, 82],
    "tests/test_validation.py": [23, 34],
}
NOT_BUDGET = {
    "campaigns/api.py": [96, 99, 168, 169],
    "campaigns/calculations.py": [118, 124, 125, 131, 132],
    "campaigns/schemas.py": [127],
    "production/generate.py": [185],
    "tests/fixtures/campaigns.json": [25],
    "tests/test_api.py": [38, 48, 112],
    "tests/test_calculations.py": [109],
    "tests/test_serializers.py": [46],
}
COST = {
    "campaigns/calculations.py": [32],
    "campaigns/models/metrics.py": [32, 43],
    "campaigns/schemas.py": [104],
    "campaigns/serializers.py": [104],
    "campaigns/validation.py": [79],
    "tests/factories.py": [115],
    "tests/test_repository.py": [67],
}
NOT_COST = {
    "campaigns/calculations.py": [32, 41, 54, 59, 64],
    "campaigns/models/metrics.py": [53],
    "production/generate.py": [285, 288, 301],
    "tests/factories.py": [101, 115],
    "tests/test_calculations.py": [18, 19, 21, 32],
    "tests/test_repository.py": [57],
    "tests/test_serializers.py": [35],
    "tests/test_validation.py": [70],
}
QUALITY = {
    "campaigns/calculations.py": [140, 142],
    "campaigns/models/ad_groups.py": [18],
    "campaigns/schemas.py": [84],
    "campaigns/serializers.py": [88],
    "campaigns/validation.py": [56],
    "tests/factories.py": [74],
    "tests/test_repository.py": [72, 73],
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finding]:
    """All three at once, as detect asks for them."""
    project = tmp_path_factory.mktemp("example") / "campaigns"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("__pycache__", ".bravo"))
    workspace = make_workspace(project, Config())
    models = workspace.models().models
    asked = {"daily_budget": "Campaign", "cost": "DailyMetric", "quality_score": "AdGroup"}
    refs = []
    for field, name in asked.items():
        entity = models.entity(name)
        assert entity is not None
        refs.append(FieldRef(entity.module, entity.name, field))
    findings = find_uses(workspace, models, refs)
    assert find_uses(workspace, models, refs[::-1]) == findings[::-1]
    return dict(zip(asked, findings, strict=True))


def test_daily_budget_in_every_form(found: dict[str, Finding]) -> None:
    finding = found["daily_budget"]
    assert lines(finding, "target") == BUDGET
    assert lines(finding, "other") == NOT_BUDGET
    assert lines(finding, "mixed") == {}
    assert lines(finding, "unknown") == {}
    assert sum(one.verdict == "target" for one in finding.occurrences) == 54
    assert {one.file for one in finding.unread} == {"production/schema.sql", "production/drift/03_rename.sql"}
    assert [(ref.entity, why) for ref, why in finding.group.coupled] == [
        ("CampaignCreate", "Campaign is filled from CampaignCreate in campaigns/api.py:115"),
        ("CampaignOut", "CampaignOut is filled from Campaign in campaigns/serializers.py:75"),
    ]


def test_cost_is_not_the_sums_of_it(found: dict[str, Finding]) -> None:
    finding = found["cost"]
    assert lines(finding, "target", *CODE) == COST
    assert lines(finding, "other", *CODE) == NOT_COST
    assert lines(finding, "unknown", *CODE) == lines(finding, "mixed", *CODE) == {}
    assert [ref.entity for ref, _ in finding.group.coupled] == ["DailyMetricOut"]


def test_quality_score(found: dict[str, Finding]) -> None:
    finding = found["quality_score"]
    assert lines(finding, "target", *CODE) == QUALITY
    assert lines(finding, "other", *CODE) == lines(finding, "unknown", *CODE) == {}
    assert [ref.entity for ref, _ in finding.group.coupled] == ["AdGroupOut"]


def test_uses_are_what_depends_on_the_field(found: dict[str, Finding]) -> None:
    uses = finding_uses(found["daily_budget"])
    places = {(use.file, use.line): use for use in uses}
    assert places["campaigns/calculations.py", 94].how == "types"
    assert places["campaigns/calculations.py", 94].role == "calculation"
    assert places["campaigns/schemas.py", 62].role == "api"
    assert places["campaigns/rounding.py", 10].role == "rounding"
    assert ("production/generate.py", 185) not in places
    assert ("campaigns/models/campaigns.py", 53) not in places
    assert ("campaigns/schemas.py", 127) not in places
    assert ("campaigns/calculations.py", 118) not in places
