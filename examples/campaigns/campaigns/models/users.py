"""Users of advertisers. Personal data lives here and nowhere else."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field, field_validator

from .base import Entity
from .enums import UserRole


class NotificationSettings(BaseModel):
    email: bool = True
    sms: bool = False
    digest: str = "weekly"
    muted_campaigns: list[int] = Field(default_factory=list)


class User(Entity):
    """A person who signs in. `password_hash` stays in production: it has no field here."""

    external_id: UUID
    advertiser_id: int
    invited_by: int | None = None  # another user

    # personal data
    email: str = Field(max_length=320)
    full_name: str
    phone: str | None = Field(default=None, max_length=32)
    birth_date: date | None = None

    role: UserRole = UserRole.VIEWER
    locale: str = "en"
    is_active: bool = True
    marketing_opt_in: bool | None = None  # None: never asked
    last_login_at: datetime | None = None
    notifications: NotificationSettings = Field(default_factory=NotificationSettings)

    @field_validator("email")
    @classmethod
    def _normalise_email(cls, value: str) -> str:
        return value.strip().lower()
