"""Advertisers: who pays."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from .base import Entity
from .enums import AdvertiserStatus
from .types import CountryCode, CurrencyCode, Money, Rate


class BillingDetails(BaseModel):
    """What accounting keeps about an advertiser; ERP systems add keys of their own."""

    model_config = ConfigDict(extra="allow")

    vat_id: str | None = None
    payment_terms_days: int = 30
    references: dict[str, Any] = Field(default_factory=dict)


class Advertiser(Entity):
    external_id: UUID
    name: str = Field(max_length=200)
    legal_name: str | None = None
    country: CountryCode
    currency: CurrencyCode = "USD"
    industry: str | None = "other"  # the column has a default, and old rows hold NULL
    status: AdvertiserStatus = AdvertiserStatus.ACTIVE

    credit_limit: Money
    margin_rate: Rate  # our share of the cost, 0.1500 = 15%
    is_agency: bool = False
    tags: list[str] = Field(default_factory=list)
    billing: BillingDetails | None = None
