"""Ads and their assets."""

from uuid import UUID

from pydantic import BaseModel, Field, field_serializer

from .base import Entity
from .enums import EntityStatus
from .types import AdFormat


class AdAsset(BaseModel):
    kind: str
    url: str | None = None
    width: int | None = None
    height: int | None = None


class Ad(Entity):
    external_id: UUID
    ad_group_id: int
    headline: str = Field(max_length=120)
    description: str = ""
    final_url: str
    display_path: list[str] = Field(default_factory=list)
    format: AdFormat = "text"
    status: EntityStatus = EntityStatus.ENABLED
    is_approved: bool = False
    policy_flags: list[str] | None = None
    assets: list[AdAsset] = Field(default_factory=list)
    weight: int = Field(default=100, ge=0, le=1000)
    network_ref: int | None = None  # the network's own id: all 63 bits are used

    @field_serializer("network_ref", when_used="json")
    def _ref_as_text(self, value: int | None) -> str | None:
        """JavaScript's numbers end at 2**53."""
        return None if value is None else str(value)
