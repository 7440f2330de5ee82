from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from bson.decimal128 import Decimal128
from pydantic import ValidationError

from campaigns.models import (
    COLLECTIONS,
    Campaign,
    CampaignStatus,
    DailyMetric,
    Document,
    Targeting,
    User,
)
from campaigns.serializers import to_document

from .conftest import load_json
from .factories import make_ad, make_campaign


@pytest.mark.parametrize("name", list(COLLECTIONS))
def test_fixtures_round_trip(name: str) -> None:
    model: type[Document] = COLLECTIONS[name]
    for raw in load_json(name):
        read = model.model_validate(raw)
        assert model.model_validate(to_document(read)) == read


def test_document_of_mongodb_is_read() -> None:
    raw: dict[str, Any] = load_json("campaigns")[0]
    raw["daily_budget"] = Decimal128("120.10")
    raw["start_date"] = datetime(2025, 6, 1, tzinfo=UTC)  # BSON has no date
    raw["internal_notes"] = "a column the application never wanted"

    campaign = Campaign.model_validate(raw)

    assert campaign.id == 1001
    assert campaign.daily_budget == Decimal("120.10")
    assert campaign.start_date == date(2025, 6, 1)
    assert campaign.status is CampaignStatus.ACTIVE
    assert not hasattr(campaign, "internal_notes")


def test_money_has_two_digits() -> None:
    raw = load_json("campaigns")[1] | {"daily_budget": "75.505"}
    with pytest.raises(ValidationError, match="daily_budget"):
        Campaign.model_validate(raw)


def test_budget_is_not_negative() -> None:
    with pytest.raises(ValidationError) as caught:
        make_campaign("-0.01")
    assert caught.value.errors()[0]["loc"] == ("daily_budget",)


def test_schedule_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValidationError, match="end_date lies before start_date"):
        make_campaign(end=date(2025, 5, 31))


def test_lifetime_budget_holds_at_least_a_day() -> None:
    with pytest.raises(ValidationError, match="smaller than one day"):
        make_campaign("100.00", lifetime="99.99")


@pytest.mark.parametrize(
    ("lifetime", "end", "planned"),
    [
        ("2500.00", None, Decimal("2500.00")),
        (None, date(2025, 6, 30), Decimal("3000.00")),
        (None, None, None),
    ],
)
def test_planned_budget(lifetime: str | None, end: date | None, planned: Decimal | None) -> None:
    assert make_campaign("100.00", lifetime=lifetime, end=end).planned_budget == planned


def test_money_is_text_in_json() -> None:
    dumped = make_campaign("100").model_dump(mode="json", include={"daily_budget", "target_cpa"})
    assert dumped == {"daily_budget": "100.00", "target_cpa": None}


def test_large_references_are_text_in_json() -> None:
    ad = make_ad(network_ref=2**63 - 1)
    assert ad.model_dump(mode="json")["network_ref"] == "9223372036854775807"
    assert ad.model_dump()["network_ref"] == 2**63 - 1


def test_email_is_normalised() -> None:
    assert User.model_validate(load_json("users")[0]).email == "ana.novak@example.com"


def test_net_cost_counts_credits() -> None:
    metric = DailyMetric.model_validate(load_json("daily_metrics")[1])
    assert metric.net_cost == Decimal("43.60")
    assert metric.key.day == metric.day


def test_targeting_keeps_what_it_does_not_know() -> None:
    targeting = Targeting.model_validate({"custom": {"experiment.variant": "b"}, "weather": ["rain"]})
    assert targeting.model_dump()["custom"] == {"experiment.variant": "b"}
    assert targeting.model_dump()["weather"] == ["rain"]
