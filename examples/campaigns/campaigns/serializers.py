"""Documents out of models, response bodies out of models, and the CSV export."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

from bson.decimal128 import Decimal128
from bson.int64 import Int64

from . import calculations
from .models import Ad, AdGroup, Advertiser, Campaign, DailyMetric, Document, MetricTotals, User
from .rounding import round_field, round_fields
from .schemas import (
    AdGroupOut,
    AdOut,
    AdvertiserOut,
    CampaignOut,
    DailyMetricOut,
    Performance,
    UserOut,
)

# --- MongoDB ------------------------------------------------------------------


def to_bson(value: Any, name: str = "") -> Any:
    """Turn what Pydantic gives into what the documents hold."""
    match value:
        case dict():
            return {key: to_bson(item, key) for key, item in value.items()}
        case list():
            return [to_bson(item) for item in value]
        case Enum():
            return value.value
        case Decimal():
            return Decimal128(value)
        case datetime():
            return value
        case date():
            return datetime.combine(value, time.min, UTC)
        case bool():
            return value
        case int() if name == "_id" or name.endswith("_id"):
            return Int64(value)  # keys are bigint in production
    return value


def to_document(model: Document) -> dict[str, Any]:
    """The document of a model, without its computed fields."""
    computed = set(type(model).model_computed_fields)
    return {
        name: to_bson(value, name)
        for name, value in model.model_dump(by_alias=True, exclude=computed).items()
    }


# --- API ----------------------------------------------------------------------


def advertiser_out(advertiser: Advertiser) -> AdvertiserOut:
    return AdvertiserOut.model_validate(advertiser.model_dump())


def user_out(user: User) -> UserOut:
    return UserOut.model_validate(
        user.model_dump(include={"id", "full_name", "email", "role", "is_active"})
    )


def campaign_out(campaign: Campaign) -> CampaignOut:
    return CampaignOut.model_validate(
        campaign.model_dump(exclude={"owner_user_id", "target_cpa", "bid_multiplier"})
    )


def ad_group_out(ad_group: AdGroup, campaign: Campaign) -> AdGroupOut:
    bid = calculations.effective_bid(ad_group, campaign)
    return AdGroupOut(
        id=ad_group.id,
        campaign_id=ad_group.campaign_id,
        name=ad_group.name,
        status=ad_group.status,
        bid_amount=ad_group.bid_amount,
        quality_score=round_field("quality_score", ad_group.quality_score),
        effective_bid=round_field("bid_amount", bid),
        keywords=ad_group.keywords,
    )


def ad_out(ad: Ad) -> AdOut:
    return AdOut.model_validate(ad.model_dump(mode="json"))


def metric_out(metric: DailyMetric) -> DailyMetricOut:
    return DailyMetricOut(
        day=metric.day,
        impressions=metric.impressions,
        clicks=metric.clicks,
        conversions=metric.conversions,
        cost=round_field("cost", metric.cost),
        net_cost=round_field("cost", metric.net_cost),
        revenue=metric.revenue,
    )


def performance(campaign: Campaign, totals: MetricTotals, today: date) -> Performance:
    """The key figures of a campaign, every one rounded by its rule."""
    spend = calculations.net_cost(totals)
    figures = {
        "ctr": calculations.ctr(totals),
        "cpc": calculations.cpc(totals),
        "cpm": calculations.cpm(totals),
        "cpa": calculations.cpa(totals),
        "roas": calculations.roas(totals),
        "conversion_rate": calculations.conversion_rate(totals),
        "pacing": calculations.pacing(campaign, spend, today),
        "budget_utilisation": calculations.budget_utilisation(campaign, spend),
    }
    rounded = MetricTotals(**round_fields(totals.model_dump()))
    return Performance(campaign_id=campaign.id, totals=rounded, **round_fields(figures))


# --- CSV ----------------------------------------------------------------------

CAMPAIGN_COLUMNS = ("id", "name", "status", "daily_budget", "lifetime_budget", "start_date")


def campaigns_csv(campaigns: Iterable[Campaign]) -> str:
    """A spreadsheet of campaigns, with a heading."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CAMPAIGN_COLUMNS)
    for campaign in campaigns:
        row = campaign.model_dump(mode="json", include=set(CAMPAIGN_COLUMNS))
        writer.writerow(row[column] for column in CAMPAIGN_COLUMNS)
    return out.getvalue()


def budget_line(campaign: Campaign) -> str:
    """One line for mails: `Spring sale: 120.00 a day`."""
    return f"{campaign.name}: {round_field('daily_budget', campaign.daily_budget)} a day"
