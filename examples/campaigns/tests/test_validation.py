from datetime import date
from decimal import Decimal

from campaigns.models import AdAsset, CampaignStatus
from campaigns.settings import Settings
from campaigns.validation import (
    Problem,
    check_ad,
    check_ad_group,
    check_campaign,
    check_metrics,
)

from .factories import make_ad, make_ad_group, make_advertiser, make_campaign, make_metric


def test_good_campaign() -> None:
    assert check_campaign(make_campaign("100.00"), make_advertiser()) == []


def test_budget_over_the_maximum() -> None:
    problems = check_campaign(make_campaign("250000.01"), make_advertiser())
    assert problems == [Problem("daily_budget", "over the maximum of 250000.00 USD")]


def test_maximum_depends_on_the_currency() -> None:
    yen = make_advertiser(country="JP", currency="JPY")
    assert check_campaign(make_campaign("250000.01"), yen) == []


def test_only_active_campaigns_need_a_budget() -> None:
    settings = Settings(min_budget=Decimal("5.00"))
    [problem] = check_campaign(make_campaign("4.99"), make_advertiser(), settings)
    assert problem.field == "daily_budget"
    draft = make_campaign("0.00", status=CampaignStatus.DRAFT)
    assert check_campaign(draft, make_advertiser(), settings) == []


def test_target_cpa_and_time_zone() -> None:
    campaign = make_campaign("10.00").model_copy(
        update={"target_cpa": Decimal("10.01"), "timezone": "Mars/Olympus"}
    )
    fields = [problem.field for problem in check_campaign(campaign, make_advertiser())]
    assert fields == ["target_cpa", "timezone"]


def test_ad_group() -> None:
    ad_group = make_ad_group(bid="0.00", quality="10.0001", keywords=["shoes"])
    ad_group.negative_keywords = ["shoes"]
    assert [problem.field for problem in check_ad_group(ad_group)] == [
        "bid_amount",
        "quality_score",
        "negative_keywords",
    ]
    assert check_ad_group(make_ad_group()) == []


def test_ad() -> None:
    assert [p.field for p in check_ad(make_ad(format="video"))] == ["assets"]
    assert check_ad(make_ad(format="video", assets=[AdAsset(kind="video")])) == []
    assert [p.field for p in check_ad(make_ad(is_approved=True, policy_flags=["alcohol"]))] == [
        "policy_flags"
    ]


def test_metrics() -> None:
    metrics = [
        make_metric(1),
        make_metric(2, impressions=5, clicks=6),
        make_metric(3, cost="1.00", adjustment="-1.01"),
        make_metric(30),
    ]
    problems = check_metrics(metrics, today=date(2025, 6, 28))
    assert [problem.field for problem in problems] == ["clicks", "adjustment", "day"]
    assert problems[0].message == "ad 11, 2025-06-02: more clicks than impressions"
