"""Rules that need more than one field or document. The models know the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .models import Ad, AdGroup, Advertiser, Campaign, CampaignStatus, DailyMetric
from .settings import Settings

MAX_DAILY_BUDGET = {  # by currency
    "USD": Decimal("250000.00"),
    "EUR": Decimal("250000.00"),
    "JPY": Decimal("35000000.00"),
}
_DEFAULT_MAXIMUM = Decimal("250000.00")

FORMATS_WITH_ASSETS = frozenset({"image", "video", "carousel"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and with which field."""

    field: str
    message: str


def check_campaign(
    campaign: Campaign, advertiser: Advertiser, settings: Settings | None = None
) -> list[Problem]:
    """All problems of a campaign, in the order of its fields."""
    settings = settings or Settings()
    problems: list[Problem] = []

    maximum = MAX_DAILY_BUDGET.get(advertiser.currency, _DEFAULT_MAXIMUM)
    if campaign.daily_budget > maximum:
        problems.append(Problem("daily_budget", f"over the maximum of {maximum} {advertiser.currency}"))
    elif campaign.status is CampaignStatus.ACTIVE and campaign.daily_budget < settings.min_budget:
        problems.append(Problem("daily_budget", f"an active campaign needs {settings.min_budget}"))

    if campaign.target_cpa is not None and campaign.target_cpa > campaign.daily_budget:
        problems.append(Problem("target_cpa", "one conversion would cost more than a day's budget"))
    try:
        ZoneInfo(campaign.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        problems.append(Problem("timezone", f"unknown time zone {campaign.timezone!r}"))
    return problems


def check_ad_group(ad_group: AdGroup) -> list[Problem]:
    problems: list[Problem] = []
    if ad_group.bid_amount <= 0:
        problems.append(Problem("bid_amount", "must be positive"))
    if ad_group.quality_score is not None and not 0 <= ad_group.quality_score <= 10:
        problems.append(Problem("quality_score", "must lie between 0 and 10"))
    for keyword in set(ad_group.keywords) & set(ad_group.negative_keywords or ()):
        problems.append(Problem("negative_keywords", f"{keyword!r} is a keyword as well"))
    return problems


def check_ad(ad: Ad) -> list[Problem]:
    problems: list[Problem] = []
    if ad.format in FORMATS_WITH_ASSETS and not ad.assets:
        problems.append(Problem("assets", f"a {ad.format} ad needs an asset"))
    if ad.is_approved and ad.policy_flags:
        problems.append(Problem("policy_flags", "an approved ad cannot be flagged"))
    return problems


def check_metrics(metrics: Iterable[DailyMetric], today: date) -> list[Problem]:
    """Problems of imported metrics, one line per row that has some."""
    problems: list[Problem] = []
    for metric in metrics:
        where = f"ad {metric.ad_id}, {metric.day}"
        if metric.clicks > metric.impressions:
            problems.append(Problem("clicks", f"{where}: more clicks than impressions"))
        if metric.cost + metric.adjustment < 0:
            problems.append(Problem("adjustment", f"{where}: the credit is larger than the cost"))
        if metric.day > today:
            problems.append(Problem("day", f"{where}: lies in the future"))
    return problems
