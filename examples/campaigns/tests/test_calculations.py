from datetime import date
from decimal import Decimal

import pytest

from campaigns import calculations
from campaigns.models import BidStrategy, MetricTotals

from .factories import make_ad_group, make_advertiser, make_campaign, make_metric

TODAY = date(2025, 6, 10)


@pytest.fixture
def totals() -> MetricTotals:
    return calculations.sum_metrics(
        [
            make_metric(1, impressions=12_000, clicks=240, conversions=12, cost="96.40", revenue="410.00"),
            make_metric(2, impressions=8_000, clicks=110, conversions=3, cost="51.10", revenue="89.97",
                        adjustment="-7.50"),
            make_metric(2, ad_id=12, impressions=0, clicks=0, conversions=0, cost="0.00", revenue="0.00"),
        ]
    )  # fmt: skip


def test_sums(totals: MetricTotals) -> None:
    assert totals == MetricTotals(
        days=2,
        impressions=20_000,
        clicks=350,
        conversions=15,
        cost=Decimal("147.50"),
        revenue=Decimal("499.97"),
        adjustment=Decimal("-7.50"),
    )
    assert calculations.net_cost(totals) == Decimal("140.00")


def test_rates(totals: MetricTotals) -> None:
    assert calculations.ctr(totals) == Decimal("0.0175")
    assert calculations.cpm(totals) == Decimal("7.375")
    assert calculations.cpc(totals) == pytest.approx(Decimal("0.4214"), abs=Decimal("0.0001"))
    assert calculations.cpa(totals) == pytest.approx(Decimal("9.8333"), abs=Decimal("0.0001"))
    assert calculations.roas(totals) == pytest.approx(Decimal("3.5712"), abs=Decimal("0.0001"))
    assert calculations.conversion_rate(totals) == pytest.approx(
        Decimal("0.0429"), abs=Decimal("0.0001")
    )


@pytest.mark.parametrize("figure", ["ctr", "cpc", "cpm", "cpa", "roas", "conversion_rate"])
def test_nothing_to_divide_by(figure: str) -> None:
    assert getattr(calculations, figure)(MetricTotals()) is None


def test_viewability_is_weighted() -> None:
    metrics = [
        make_metric(1, impressions=3000, viewability="0.8000"),
        make_metric(2, impressions=1000, viewability="0.4000"),
        make_metric(3, impressions=9999, viewability=None),
    ]
    assert calculations.average_viewability(metrics) == Decimal("0.7")


# --- budgets ---


@pytest.mark.parametrize(
    ("today", "days"),
    [(date(2025, 5, 31), 0), (date(2025, 6, 1), 1), (TODAY, 10), (date(2025, 8, 1), 30)],
)
def test_days_elapsed(today: date, days: int) -> None:
    assert calculations.days_elapsed(make_campaign(), today) == days


def test_pacing() -> None:
    campaign = make_campaign("100.00")
    assert calculations.expected_spend(campaign, TODAY) == Decimal("1000.00")
    assert calculations.pacing(campaign, Decimal("900.00"), TODAY) == Decimal("0.9")
    assert calculations.pacing(campaign, Decimal(0), date(2025, 5, 1)) is None


def test_pacing_follows_the_budget() -> None:
    campaign = make_campaign("100.00").model_copy(update={"daily_budget": Decimal("50.00")})
    assert calculations.pacing(campaign, Decimal("900.00"), TODAY) == Decimal("1.8")


def test_budget_utilisation() -> None:
    spend = Decimal("750.00")
    assert calculations.budget_utilisation(make_campaign(), spend) == Decimal("0.25")
    assert calculations.budget_utilisation(make_campaign(lifetime="1500.00"), spend) == Decimal("0.5")
    assert calculations.budget_utilisation(make_campaign(end=None), spend) is None


@pytest.mark.parametrize(
    ("lifetime", "end", "left"),
    [
        ("1500.00", None, "600.00"),
        (None, None, "100.00"),
        (None, date(2025, 6, 30), "2100.00"),
        ("800.00", None, "0.00"),
    ],
)
def test_remaining_budget(lifetime: str | None, end: date | None, left: str) -> None:
    campaign = make_campaign("100.00", lifetime=lifetime, end=end)
    assert calculations.remaining_budget(campaign, Decimal("900.00"), TODAY) == Decimal(left)


def test_split_daily_budget_loses_no_cent() -> None:
    parts = calculations.split_daily_budget(daily_budget=Decimal("100.00"), shares=[Decimal(1)] * 3)
    assert parts == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert calculations.split_daily_budget(Decimal("1.00"), [Decimal(0)]) == [Decimal(0)]


def test_daily_plan() -> None:
    assert calculations.daily_plan(make_campaign("80.00"), 2) == [
        (date(2025, 6, 1), Decimal("80.00")),
        (date(2025, 6, 2), Decimal("80.00")),
    ]


# --- bids ---


@pytest.mark.parametrize(
    ("quality", "factor"), [(None, "1"), ("0.0000", "0.5"), ("7.5000", "1.25"), ("10.0000", "1.5")]
)
def test_quality_factor(quality: str | None, factor: str) -> None:
    assert calculations.quality_factor(make_ad_group(quality=quality)) == Decimal(factor)


def test_effective_bid() -> None:
    campaign = make_campaign().model_copy(
        update={"bid_multiplier": Decimal("1.5000"), "target_cpa": Decimal("2.50")}
    )
    assert calculations.effective_bid(make_ad_group(quality="7.5000"), campaign) == Decimal("3.75")
    limited = make_ad_group(strategy=BidStrategy.TARGET_CPA)
    assert calculations.effective_bid(limited, campaign) == Decimal("2.50")


def test_margin(totals: MetricTotals) -> None:
    assert calculations.margin(make_advertiser(), totals) == Decimal("21.00")
