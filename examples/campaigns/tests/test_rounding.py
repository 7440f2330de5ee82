from decimal import Decimal

import pytest

from campaigns.models import AdGroup, Advertiser, Campaign, DailyMetric
from campaigns.rounding import DIGITS, quantum, round_field, round_fields


@pytest.mark.parametrize(
    ("name", "value", "rounded"),
    [
        ("daily_budget", "99.995", "100.00"),
        ("bid_amount", "0.125", "0.13"),
        ("cost", "10.005", "10.01"),
        ("cost", "-0.005", "-0.01"),
        ("quality_score", "7.12345", "7.1235"),
        ("ctr", "0.01745", "0.0174"),  # to even
        ("pacing", "0.58333", "0.583"),
    ],
)
def test_round_field(name: str, value: str, rounded: str) -> None:
    assert str(round_field(name, Decimal(value))) == rounded


def test_nothing_stays_nothing() -> None:
    assert round_field("cpa", None) is None


def test_a_field_without_a_rule_is_an_error() -> None:
    with pytest.raises(KeyError):
        round_field("unknown", Decimal(1))


def test_round_fields_passes_on_the_rest() -> None:
    values = {"cpm": Decimal("7.375"), "clicks": 3, "other": Decimal("0.12345"), "cpa": None}
    assert round_fields(values) == values | {"cpm": Decimal("7.38")}


def test_quantum() -> None:
    assert quantum(0) == Decimal(1)
    assert quantum(4) == Decimal("0.0001")


@pytest.mark.parametrize("model", [Advertiser, AdGroup, Campaign, DailyMetric])
def test_rules_agree_with_the_models(model: type) -> None:
    """A rule keeps as many digits as the model's field has."""
    for name, field in model.model_fields.items():
        for constraint in field.metadata:
            places = getattr(constraint, "decimal_places", None)
            if places is not None:
                assert DIGITS[name] == places, name
