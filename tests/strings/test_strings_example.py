"""The example application: which texts mean the field, and which only look like it, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from bravo_agent.config import ProjectSection
from bravo_agent.model.code import FieldGroup, FieldRef, Token
from bravo_agent.model.entities import ModelSet
from bravo_agent.stores.application import read_models
from codemods._strings import Judged, string_verdicts

EXAMPLE = Path(__file__).parents[2] / "examples" / "campaigns"
DOCUMENTS = "campaigns.models"
DAILY_BUDGET = FieldGroup(
    FieldRef(f"{DOCUMENTS}.campaigns", "Campaign", "daily_budget"),
    (
        (FieldRef("campaigns.schemas", "CampaignCreate", "daily_budget"), "campaigns/api.py:120"),
        (FieldRef("campaigns.schemas", "CampaignOut", "daily_budget"), "campaigns/serializers.py:75"),
    ),
)
COST = FieldGroup(FieldRef(f"{DOCUMENTS}.metrics", "DailyMetric", "cost"))
QUALITY_SCORE = FieldGroup(
    FieldRef(f"{DOCUMENTS}.ad_groups", "AdGroup", "quality_score"),
    ((FieldRef("campaigns.schemas", "AdGroupOut", "quality_score"), "campaigns/serializers.py:88"),),
)
STATUS = FieldGroup(
    FieldRef(f"{DOCUMENTS}.campaigns", "Campaign", "status"),
    ((FieldRef("campaigns.schemas", "CampaignOut", "status"), "campaigns/serializers.py:75"),),
)
TARGETS = {
    DAILY_BUDGET: """
        campaigns/api.py:136 campaigns/models/campaigns.py:79,79,83 campaigns/repository.py:80,81,95,104
        campaigns/rounding.py:10 campaigns/serializers.py:129,145 campaigns/validation.py:39,41
        tests/fixtures/campaigns.json:10,39,61 tests/test_api.py:9,34,46,56,62,64,70 tests/test_calculations.py:83
        tests/test_models.py:34,48,49,56,82,83 tests/test_repository.py:35,36 tests/test_rounding.py:12
        tests/test_serializers.py:26,44,82 tests/test_validation.py:23,34""",
    COST: """
        campaigns/repository.py:140 tests/fixtures/daily_metrics.json:11,27,43 tests/test_serializers.py:38""",
    QUALITY_SCORE: """
        campaigns/rounding.py:21 campaigns/serializers.py:88 campaigns/validation.py:57
        tests/fixtures/ad_groups.json:9,24 tests/test_api.py:88 tests/test_rounding.py:16
        tests/test_serializers.py:54 tests/test_validation.py:52""",
    STATUS: """
        campaigns/repository.py:78,104 campaigns/serializers.py:129 tests/fixtures/campaigns.json:8,37,59
        tests/test_api.py:47 tests/test_serializers.py:28,29,82""",
}
OTHERS = {
    DAILY_BUDGET: """
        production/generate.py:185 tests/fixtures/campaigns.json:25 tests/test_api.py:38,48,112
        tests/test_serializers.py:46""",
    COST: """
        campaigns/repository.py:140 tests/fixtures/expected_performance.json:8 tests/test_api.py:100
        tests/test_serializers.py:66""",
    QUALITY_SCORE: "",
    STATUS: """
        campaigns/api.py:74 tests/fixtures/ad_groups.json:6,21 tests/fixtures/ads.json:11,29
        tests/fixtures/advertisers.json:10,27 tests/test_api.py:16,38""",
}
# DIGITS["cost"] is the rule of DailyMetric's cost and of the totals' too; messages speak of costs.
OPEN = {
    DAILY_BUDGET: "",
    COST: """
        campaigns/rounding.py:15 campaigns/serializers.py:104,105 campaigns/validation.py:44,80
        production/generate.py:301 tests/test_rounding.py:14,15""",
    QUALITY_SCORE: "",
    STATUS: "",
}


def texts(*suffixes: str) -> dict[str, str]:
    found = (path for suffix in suffixes for path in EXAMPLE.rglob(f"*{suffix}"))
    return {path.relative_to(EXAMPLE).as_posix(): path.read_text(encoding="utf-8") for path in found}


@pytest.fixture(scope="module")
def models() -> ModelSet:
    return read_models(EXAMPLE, ProjectSection(), allow_import=False).models


def found(group: FieldGroup, models: ModelSet, files: Mapping[str, str]) -> Mapping[Token, Judged]:
    return string_verdicts(files, group, models, (group.asked.field,), data=texts(".json"))


def listed(text: str) -> list[str]:
    pairs = [one.partition(":") for one in text.split()]
    return sorted(f"{file}:{line}" for file, _, lines in pairs for line in lines.split(","))


def places(verdicts: Mapping[Token, Judged], *wanted: str) -> list[str]:
    return sorted(f"{token.file}:{token.line}" for token, one in verdicts.items() if one.verdict in wanted)


@pytest.mark.parametrize("group", TARGETS, ids=lambda group: group.asked.field)
def test_the_example_line_by_line(group: FieldGroup, models: ModelSet) -> None:
    verdicts = found(group, models, texts(".py"))
    assert places(verdicts, "target") == listed(TARGETS[group])
    assert places(verdicts, "other") == listed(OTHERS[group])
    assert places(verdicts, "mixed", "unknown") == listed(OPEN[group])


@pytest.mark.parametrize("group", [DAILY_BUDGET, COST], ids=lambda group: group.asked.field)
def test_the_order_of_the_files_does_not_matter(group: FieldGroup, models: ModelSet) -> None:
    files = list(texts(".py").items())
    first = found(group, models, dict(files))
    for seed in range(3):
        Random(seed).shuffle(files)
        again = found(group, models, dict(files))
        assert {token: (one.verdict, one.how) for token, one in again.items()} == {
            token: (one.verdict, one.how) for token, one in first.items()
        }


def test_the_key_of_a_field_is_followed_too(models: ModelSet) -> None:
    group = FieldGroup(FieldRef(f"{DOCUMENTS}.base", "Entity", "id", "_id"))
    verdicts = string_verdicts(texts(".py"), group, models, ("id", "_id"))
    assert {
        "campaigns/models/base.py:17",
        "campaigns/repository.py:65",
        "tests/test_serializers.py:24",
    } <= set(places(verdicts, "target"))
    assert {"campaigns/models/metrics.py:22", "tests/test_serializers.py:36"} <= set(
        places(verdicts, "other")
    )
