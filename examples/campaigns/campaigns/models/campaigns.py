"""Campaigns and their targeting."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    computed_field,
    field_serializer,
    field_validator,
)

from .base import Entity
from .enums import CampaignObjective, CampaignStatus
from .types import Device, Money, Rate


class AgeRange(BaseModel):
    lower: int = Field(default=18, ge=13)
    upper: int | None = None


class Targeting(BaseModel):
    """Who sees the ads. Stored as one nested document (jsonb in production)."""

    model_config = ConfigDict(extra="allow")

    countries: list[str] = Field(default_factory=list)
    languages: list[str] = Field(default_factory=list)
    devices: list[Device] = Field(default_factory=list)
    age: AgeRange | None = None
    audiences: list[int] = Field(default_factory=list)
    custom: dict[str, Any] = Field(default_factory=dict)  # free keys, nested at will


class Campaign(Entity):
    """A campaign: one budget, one objective, many ad groups."""

    external_id: UUID
    advertiser_id: int
    owner_user_id: int | None = None
    name: str = Field(min_length=1, max_length=200)
    status: CampaignStatus = CampaignStatus.DRAFT
    objective: CampaignObjective
    legacy_code: str | None = None  # from the system before this one

    # --- money ---
    daily_budget: Money = Field(ge=0)  # in the advertiser's currency
    lifetime_budget: Money | None = None
    target_cpa: Money | None = None
    bid_multiplier: Rate = Decimal("1.0000")

    # --- schedule ---
    start_date: date
    end_date: date | None = None  # None: runs until somebody stops it
    timezone: str = "UTC"

    priority: int = 0
    labels: list[str] = Field(default_factory=list)
    targeting: Targeting = Field(default_factory=Targeting)
    is_archived: bool = False

    @field_validator("end_date")
    @classmethod
    def _ends_after_start(cls, value: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("start_date")
        if value is not None and start is not None and value < start:
            raise ValueError("end_date lies before start_date")
        return value

    @field_validator("lifetime_budget")
    @classmethod
    def _lifetime_holds_a_day(cls, value: Decimal | None, info: ValidationInfo) -> Decimal | None:
        if value is not None and "daily_budget" in info.data and value < info.data["daily_budget"]:
            raise ValueError("lifetime_budget is smaller than one day's budget")
        return value

    @field_serializer("daily_budget", "lifetime_budget", "target_cpa", when_used="json")
    def _money_as_text(self, value: Decimal | None) -> str | None:
        """Money leaves as text with two digits, so that no client reads it as a float."""
        if value is None:
            return None
        return str(value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))

    @computed_field  # type: ignore[prop-decorator]
    @property
    def planned_budget(self) -> Decimal | None:
        """Lifetime budget, or what the days of the schedule add up to; None without an end."""
        if self.lifetime_budget is not None:
            return self.lifetime_budget
        if self.end_date is None:
            return None
        return self.daily_budget * ((self.end_date - self.start_date).days + 1)
