"""Enumerations, equal to the enum types of production."""

from enum import StrEnum


class AdvertiserStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class UserRole(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    ANALYST = "analyst"
    VIEWER = "viewer"


class CampaignStatus(StrEnum):
    """Life of a campaign; only `ACTIVE` ones spend money."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class CampaignObjective(StrEnum):
    AWARENESS = "awareness"
    TRAFFIC = "traffic"
    LEADS = "leads"
    SALES = "sales"


class EntityStatus(StrEnum):
    """Shared by ad groups and ads."""

    ENABLED = "enabled"
    PAUSED = "paused"
    REMOVED = "removed"


class BidStrategy(StrEnum):
    MANUAL_CPC = "manual_cpc"
    TARGET_CPA = "target_cpa"
    MAXIMIZE_CLICKS = "maximize_clicks"
