"""Key figures. Everything here is pure: models in, exact decimals out, rounding elsewhere."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from .models import AdGroup, Advertiser, BidStrategy, Campaign, DailyMetric, MetricTotals

ZERO = Decimal(0)
ONE = Decimal(1)


def ratio(numerator: Decimal | int, denominator: Decimal | int) -> Decimal | None:
    """A quotient; None where there is nothing to divide by."""
    if not denominator:
        return None
    return Decimal(numerator) / Decimal(denominator)


# --- sums ---------------------------------------------------------------------


def sum_metrics(metrics: Iterable[DailyMetric]) -> MetricTotals:
    """Add up daily metrics; `days` counts different days, not rows."""
    totals = MetricTotals()
    days: set[date] = set()
    for metric in metrics:
        days.add(metric.day)
        totals.impressions += metric.impressions
        totals.clicks += metric.clicks
        totals.conversions += metric.conversions
        totals.cost += metric.cost
        totals.revenue += metric.revenue
        totals.adjustment += metric.adjustment
    totals.days = len(days)
    return totals


def net_cost(totals: MetricTotals) -> Decimal:
    """The cost after corrections."""
    return totals.cost + totals.adjustment


# --- rates --------------------------------------------------------------------


def ctr(totals: MetricTotals) -> Decimal | None:
    """Click-through rate: clicks per impression."""
    return ratio(totals.clicks, totals.impressions)


def cpc(totals: MetricTotals) -> Decimal | None:
    """Cost per click."""
    return ratio(totals.cost, totals.clicks)


def cpm(totals: MetricTotals) -> Decimal | None:
    """Cost per thousand impressions."""
    return ratio(totals.cost * 1000, totals.impressions)


def cpa(totals: MetricTotals) -> Decimal | None:
    """Cost per conversion (action)."""
    return ratio(totals.cost, totals.conversions)


def roas(totals: MetricTotals) -> Decimal | None:
    """Return on ad spend: revenue per unit of net cost."""
    return ratio(totals.revenue, net_cost(totals))


def conversion_rate(totals: MetricTotals) -> Decimal | None:
    return ratio(totals.conversions, totals.clicks)


def average_viewability(metrics: Iterable[DailyMetric]) -> Decimal | None:
    """Viewability weighted with impressions; days without a measurement do not count."""
    measured = [(m.viewability_rate, m.impressions) for m in metrics if m.viewability_rate is not None]
    weight = sum(impressions for _, impressions in measured)
    return ratio(sum((rate * count for rate, count in measured), ZERO), weight)


# --- budgets ------------------------------------------------------------------


def days_elapsed(campaign: Campaign, today: date) -> int:
    """Days of the schedule up to and including `today`."""
    last = today if campaign.end_date is None else min(today, campaign.end_date)
    return max(0, (last - campaign.start_date).days + 1)


def expected_spend(campaign: Campaign, today: date) -> Decimal:
    """What should have been spent by the end of `today`."""
    return campaign.daily_budget * days_elapsed(campaign, today)


def pacing(campaign: Campaign, spend: Decimal, today: date) -> Decimal | None:
    """Spend against plan: 1 is on plan, above it too fast."""
    return ratio(spend, expected_spend(campaign, today))


def budget_utilisation(campaign: Campaign, spend: Decimal) -> Decimal | None:
    """Share of the planned budget that is spent; None for campaigns without an end."""
    planned = campaign.planned_budget
    return None if planned is None else ratio(spend, planned)


def remaining_budget(campaign: Campaign, spend: Decimal, today: date) -> Decimal:
    """What is left until the end, or for `today` where no end is known."""
    match campaign:
        case Campaign(lifetime_budget=Decimal() as lifetime):
            return max(ZERO, lifetime - spend)
        case Campaign(end_date=None, daily_budget=amount):
            return max(ZERO, amount * days_elapsed(campaign, today) - spend)
    return max(ZERO, (campaign.planned_budget or ZERO) - spend)


def split_daily_budget(daily_budget: Decimal, shares: Iterable[Decimal]) -> list[Decimal]:
    """Divide an amount by shares, to the cent; the last part takes what rounding leaves."""
    weights = list(shares)
    total = sum(weights, ZERO)
    if not total:
        return [ZERO for _ in weights]
    parts = [(daily_budget * weight / total).quantize(Decimal("0.01")) for weight in weights]
    parts[-1] += daily_budget - sum(parts, ZERO)
    return parts


def daily_plan(campaign: Campaign, days: int) -> list[tuple[date, Decimal]]:
    """The budget of the first days of a campaign."""
    daily_budget = campaign.daily_budget  # a local of the same name
    return [(campaign.start_date + timedelta(days=n), daily_budget) for n in range(days)]


# --- bids ---------------------------------------------------------------------


def quality_factor(ad_group: AdGroup) -> Decimal:
    """From 0.5 for the worst to 1.5 for the best quality; 1 where it is not known."""
    if ad_group.quality_score is None:
        return ONE
    return Decimal("0.5") + ad_group.quality_score / 10


def effective_bid(ad_group: AdGroup, campaign: Campaign) -> Decimal:
    """The bid that goes to the auction."""
    bid = ad_group.bid_amount * campaign.bid_multiplier
    if ad_group.bid_strategy is BidStrategy.TARGET_CPA and campaign.target_cpa is not None:
        bid = min(bid, campaign.target_cpa)
    return bid * quality_factor(ad_group)


def margin(advertiser: Advertiser, totals: MetricTotals) -> Decimal:
    """Our share of the net cost."""
    return net_cost(totals) * advertiser.margin_rate
