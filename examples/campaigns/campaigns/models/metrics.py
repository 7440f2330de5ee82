"""Daily metrics per ad, and sums of them."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, Field, computed_field

from .base import Document
from .types import AnyDecimal, Count, Money, Rate


class MetricKey(BaseModel):
    """The composite key, in the key order of production."""

    ad_id: int
    day: date


class DailyMetric(Document):
    """What one ad did on one day. Rows stay open to corrections until `is_final`."""

    key: MetricKey = Field(alias="_id")
    ad_id: int
    day: date
    campaign_id: int

    impressions: Count
    clicks: Count
    conversions: Count = 0
    video_views: int | None = None

    cost: Money
    revenue: Money = Decimal("0.00")
    adjustment: Money = Decimal("0.00")  # credits are negative
    viewability_rate: Rate | None = None

    is_final: bool = False
    imported_at: datetime

    @computed_field  # type: ignore[prop-decorator]
    @property
    def net_cost(self) -> Decimal:
        return self.cost + self.adjustment


class MetricTotals(BaseModel):
    """Sums over any number of days and ads."""

    days: int = 0
    impressions: int = 0
    clicks: int = 0
    conversions: int = 0
    cost: AnyDecimal = Decimal(0)
    revenue: AnyDecimal = Decimal(0)
    adjustment: AnyDecimal = Decimal(0)
