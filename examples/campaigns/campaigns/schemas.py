"""Bodies of requests and responses of the API."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from .models import CampaignObjective, CampaignStatus, EntityStatus, MetricTotals, Targeting
from .models.types import AdFormat, AnyDecimal, Money, Rate


class AdvertiserOut(BaseModel):
    id: int
    external_id: UUID
    name: str
    country: str
    currency: str
    industry: str | None
    status: str
    tags: list[str]


class UserOut(BaseModel):
    """A user as colleagues see them: no phone, no date of birth."""

    id: int
    full_name: str
    email: str
    role: str
    is_active: bool


class CampaignCreate(BaseModel):
    """Body of `POST /campaigns`."""

    model_config = ConfigDict(extra="forbid")

    advertiser_id: int
    owner_user_id: int | None = None
    name: str = Field(min_length=1, max_length=200)
    objective: CampaignObjective
    daily_budget: Money
    lifetime_budget: Money | None = None
    target_cpa: Money | None = None
    start_date: date
    end_date: date | None = None
    timezone: str = "UTC"
    labels: list[str] = Field(default_factory=list)
    targeting: Targeting = Field(default_factory=Targeting)


class CampaignOut(BaseModel):
    """A campaign in responses; filled from `Campaign.model_dump()`."""

    id: int
    external_id: UUID
    advertiser_id: int
    name: str
    status: CampaignStatus
    objective: CampaignObjective
    daily_budget: Money
    lifetime_budget: Money | None
    planned_budget: Decimal | None
    start_date: date
    end_date: date | None
    priority: int
    labels: list[str]
    targeting: Targeting


class BudgetChange(BaseModel):
    """Body of `PATCH /campaigns/{id}/budget`. Its `amount` is the new daily budget."""

    amount: Money = Field(gt=0)


class AdGroupOut(BaseModel):
    id: int
    campaign_id: int
    name: str
    status: EntityStatus
    bid_amount: Money
    quality_score: Rate | None
    effective_bid: Decimal
    keywords: list[str]


class AdOut(BaseModel):
    id: int
    ad_group_id: int
    headline: str
    final_url: str
    format: AdFormat
    status: EntityStatus
    network_ref: str | None


class DailyMetricOut(BaseModel):
    day: date
    impressions: int
    clicks: int
    conversions: int
    cost: AnyDecimal
    net_cost: AnyDecimal
    revenue: AnyDecimal


class Performance(BaseModel):
    """Key figures of a campaign, rounded."""

    campaign_id: int
    totals: MetricTotals
    ctr: Decimal | None
    cpc: Decimal | None
    cpm: Decimal | None
    cpa: Decimal | None
    roas: Decimal | None
    conversion_rate: Decimal | None
    pacing: Decimal | None
    budget_utilisation: Decimal | None


class BudgetSimulation(BaseModel):
    """Body of `POST /simulations/budget`: what a visitor types in, no document behind it."""

    daily_budget: Decimal = Field(gt=0)  # of the simulation, not of a campaign
    days: int = Field(default=30, ge=1, le=366)
    shares: list[Decimal] = Field(min_length=1)


class SimulationResult(BaseModel):
    total: Decimal
    daily_parts: list[Decimal]
