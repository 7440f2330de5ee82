"""The documents, one module per area. Import from here."""

from .ad_groups import AdGroup
from .ads import Ad, AdAsset
from .advertisers import Advertiser, BillingDetails
from .base import Document, Entity
from .campaigns import AgeRange, Campaign, Targeting
from .enums import (
    AdvertiserStatus,
    BidStrategy,
    CampaignObjective,
    CampaignStatus,
    EntityStatus,
    UserRole,
)
from .metrics import DailyMetric, MetricKey, MetricTotals
from .users import NotificationSettings, User

#: collection name -> model of its documents
COLLECTIONS: dict[str, type[Document]] = {
    "advertisers": Advertiser,
    "users": User,
    "campaigns": Campaign,
    "ad_groups": AdGroup,
    "ads": Ad,
    "daily_metrics": DailyMetric,
}

__all__ = [
    "COLLECTIONS",
    "Ad",
    "AdAsset",
    "AdGroup",
    "Advertiser",
    "AdvertiserStatus",
    "AgeRange",
    "BidStrategy",
    "BillingDetails",
    "Campaign",
    "CampaignObjective",
    "CampaignStatus",
    "DailyMetric",
    "Document",
    "Entity",
    "EntityStatus",
    "MetricKey",
    "MetricTotals",
    "NotificationSettings",
    "Targeting",
    "User",
    "UserRole",
]
