from datetime import UTC, date, datetime

from bson.decimal128 import Decimal128
from bson.int64 import Int64

from campaigns.calculations import sum_metrics
from campaigns.models import AdGroup, Campaign, DailyMetric
from campaigns.serializers import (
    ad_group_out,
    budget_line,
    campaign_out,
    campaigns_csv,
    metric_out,
    performance,
    to_document,
)

from .conftest import load_json
from .factories import make_campaign, make_metric


def test_document_types() -> None:
    document = to_document(make_campaign("100.00"))
    assert document["_id"] == 1001
    assert isinstance(document["_id"], Int64)
    assert document["daily_budget"] == Decimal128("100.00")
    assert document["start_date"] == datetime(2025, 6, 1, tzinfo=UTC)
    assert document["status"] == "active"
    assert type(document["status"]) is str
    assert document["owner_user_id"] is None
    assert "planned_budget" not in document


def test_document_with_a_composite_key() -> None:
    document = to_document(make_metric(7, cost="12.30"))
    assert document["_id"] == {"ad_id": 11, "day": datetime(2025, 6, 7, tzinfo=UTC)}
    assert list(document["_id"]) == ["ad_id", "day"]
    assert document["cost"] == Decimal128("12.30")
    assert "net_cost" not in document


def test_campaign_out() -> None:
    out = campaign_out(Campaign.model_validate(load_json("campaigns")[0])).model_dump(mode="json")
    assert out["daily_budget"] == "120.00"
    assert out["planned_budget"] == "3000.00"
    assert out["targeting"]["custom"] == {"experiment": {"variant": "b", "daily_budget": "15.00"}}
    assert "target_cpa" not in out


def test_ad_group_out() -> None:
    campaign = Campaign.model_validate(load_json("campaigns")[0])
    first, second = (AdGroup.model_validate(raw) for raw in load_json("ad_groups"))
    out = ad_group_out(first, campaign).model_dump(mode="json")
    assert out["quality_score"] == "7.5000"
    assert out["effective_bid"] == "1.25"
    assert ad_group_out(second, campaign).model_dump(mode="json")["effective_bid"] == "15.00"


def test_metric_out() -> None:
    metric = DailyMetric.model_validate(load_json("daily_metrics")[1])
    assert metric_out(metric).model_dump(mode="json") == {
        "day": "2025-06-02",
        "impressions": 8000,
        "clicks": 110,
        "conversions": 3,
        "cost": "51.10",
        "net_cost": "43.60",
        "revenue": "89.97",
    }


def test_performance() -> None:
    campaign = Campaign.model_validate(load_json("campaigns")[0])
    metrics = [DailyMetric.model_validate(raw) for raw in load_json("daily_metrics")]
    figures = performance(campaign, sum_metrics(metrics), date(2025, 6, 2))
    assert figures.model_dump(mode="json") == load_json("expected_performance")


def test_csv() -> None:
    campaigns = [Campaign.model_validate(raw) for raw in load_json("campaigns")[:2]]
    assert campaigns_csv(campaigns) == (
        "id,name,status,daily_budget,lifetime_budget,start_date\n"
        "1001,Spring sale,active,120.00,3000.00,2025-06-01\n"
        '1002,"Brand, always on",paused,75.50,,2025-01-01\n'
    )


def test_budget_line() -> None:
    assert budget_line(make_campaign("120")) == "Spring sale: 120.00 a day"
