from datetime import date
from decimal import Decimal

from bson.decimal128 import Decimal128

from campaigns.models import CampaignStatus, MetricTotals
from campaigns.repository import Repository

from .factories import make_campaign


def test_campaign_is_read(repository: Repository) -> None:
    campaign = repository.campaign(1001)
    assert campaign is not None
    assert campaign.daily_budget == Decimal("120.00")
    assert campaign.end_date == date(2025, 6, 30)
    assert repository.campaign(4711) is None


def test_largest_budget_comes_first(repository: Repository) -> None:
    found = repository.find_campaigns()
    assert [campaign.daily_budget for campaign in found] == [Decimal("120.00"), Decimal("75.50")]


def test_campaigns_are_filtered(repository: Repository) -> None:
    assert [c.id for c in repository.find_campaigns(status=CampaignStatus.PAUSED)] == [1002]
    assert [c.id for c in repository.find_campaigns(min_budget=Decimal("75.51"))] == [1001]
    assert len(repository.find_campaigns(limit=1)) == 1


def test_budget_is_changed(repository: Repository) -> None:
    changed = repository.set_budget(1002, Decimal("80.00"))
    assert changed is not None
    assert changed.daily_budget == Decimal("80.00")
    stored = repository.campaigns.find_one({"_id": 1002}, {"daily_budget": 1})
    assert stored == {"_id": 1002, "daily_budget": Decimal128("80.00")}
    assert repository.set_budget(4711, Decimal("1.00")) is None


def test_budgets_add_up_by_status(repository: Repository) -> None:
    assert repository.budget_by_status() == {"active": Decimal("120.00"), "paused": Decimal("75.50")}


def test_campaign_is_added(repository: Repository) -> None:
    campaign = make_campaign("33.30").model_copy(update={"id": repository.next_campaign_id()})
    assert campaign.id == 1004
    repository.add_campaign(campaign)
    assert repository.campaign(1004) == campaign


def test_totals(repository: Repository) -> None:
    assert repository.totals(1001) == MetricTotals(
        days=2,
        impressions=20_000,
        clicks=350,
        conversions=15,
        cost=Decimal("147.50"),
        revenue=Decimal("499.97"),
        adjustment=Decimal("-7.50"),
    )
    assert repository.totals(1002) == MetricTotals()


def test_metrics_of_an_ad(repository: Repository) -> None:
    found = list(repository.metrics_of(11, date(2025, 6, 2), date(2025, 6, 30)))
    assert [metric.day for metric in found] == [date(2025, 6, 2)]
    assert found[0].cost == Decimal("51.10")


def test_ad_groups_and_ads(repository: Repository) -> None:
    first, second = repository.ad_groups_of(1001)
    assert first.quality_score == Decimal("7.5000")
    assert second.quality_score is None
    assert [ad.headline for ad in repository.ads_of(first.id)] == ["Run faster", "Été à la plage"]


def test_advertisers_and_users(repository: Repository) -> None:
    assert [advertiser.id for advertiser in repository.advertisers(tag="eu")] == [1]
    assert [user.invited_by for user in repository.users_of(1)] == [None, 1]
