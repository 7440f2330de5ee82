"""Ad groups: bids and keywords inside a campaign."""

from pydantic import Field

from .base import Entity
from .campaigns import Targeting
from .enums import BidStrategy, EntityStatus
from .types import Count, Money, Rate


class AdGroup(Entity):
    campaign_id: int
    name: str = Field(max_length=200)
    status: EntityStatus = EntityStatus.ENABLED

    bid_strategy: BidStrategy = BidStrategy.MANUAL_CPC
    bid_amount: Money
    quality_score: Rate | None = None  # 0 to 10, from the ad network
    frequency_cap: Count | None = None

    keywords: list[str] = Field(default_factory=list)
    negative_keywords: list[str] | None = None
    targeting_override: Targeting | None = None
