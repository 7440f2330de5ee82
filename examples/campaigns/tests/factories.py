"""Models for tests. Say what matters; the rest has a usual value."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from campaigns.models import (
    Ad,
    AdGroup,
    Advertiser,
    BidStrategy,
    Campaign,
    CampaignObjective,
    CampaignStatus,
    DailyMetric,
    MetricKey,
)

CREATED = datetime(2025, 5, 1, 9, 0, tzinfo=UTC)


def make_advertiser(**overrides: Any) -> Advertiser:
    values: dict[str, Any] = {
        "id": 1,
        "external_id": UUID(int=1, version=4),
        "name": "Acme",
        "country": "US",
        "credit_limit": Decimal("1000.00"),
        "margin_rate": Decimal("0.1500"),
        "created_at": CREATED,
        "updated_at": CREATED,
    }
    return Advertiser(**{**values, **overrides})


def make_campaign(
    budget: str = "100.00",
    *,
    lifetime: str | None = None,
    start: date = date(2025, 6, 1),
    end: date | None = date(2025, 6, 30),
    status: CampaignStatus = CampaignStatus.ACTIVE,
) -> Campaign:
    return Campaign(
        id=1001,
        external_id=UUID(int=1001, version=4),
        advertiser_id=1,
        name="Spring sale",
        status=status,
        objective=CampaignObjective.SALES,
        daily_budget=Decimal(budget),
        lifetime_budget=None if lifetime is None else Decimal(lifetime),
        start_date=start,
        end_date=end,
        created_at=CREATED,
        updated_at=CREATED,
    )


def make_ad_group(
    *,
    bid: str = "2.00",
    quality: str | None = None,
    strategy: BidStrategy = BidStrategy.MANUAL_CPC,
    keywords: list[str] | None = None,
) -> AdGroup:
    return AdGroup(
        id=1,
        campaign_id=1001,
        name="Group A",
        bid_strategy=strategy,
        bid_amount=Decimal(bid),
        quality_score=None if quality is None else Decimal(quality),
        keywords=keywords or [],
        created_at=CREATED,
        updated_at=CREATED,
    )


def make_ad(**overrides: Any) -> Ad:
    values: dict[str, Any] = {
        "id": 11,
        "external_id": UUID(int=11, version=4),
        "ad_group_id": 1,
        "headline": "Run faster",
        "final_url": "https://example.com/run",
        "created_at": CREATED,
        "updated_at": CREATED,
    }
    return Ad(**{**values, **overrides})


def make_metric(
    day: int = 1,
    *,
    ad_id: int = 11,
    impressions: int = 1000,
    clicks: int = 20,
    conversions: int = 2,
    cost: str = "10.00",
    revenue: str = "50.00",
    adjustment: str = "0.00",
    viewability: str | None = None,
) -> DailyMetric:
    on = date(2025, 6, day)
    return DailyMetric(
        key=MetricKey(ad_id=ad_id, day=on),
        ad_id=ad_id,
        day=on,
        campaign_id=1001,
        impressions=impressions,
        clicks=clicks,
        conversions=conversions,
        cost=Decimal(cost),
        revenue=Decimal(revenue),
        adjustment=Decimal(adjustment),
        viewability_rate=None if viewability is None else Decimal(viewability),
        imported_at=CREATED,
    )
