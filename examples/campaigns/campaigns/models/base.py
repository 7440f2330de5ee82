"""What all documents have in common."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class Document(BaseModel):
    """A document of MongoDB. Columns that the application never wanted are ignored."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore")


class Entity(Document):
    """A document with a surrogate key and the two usual timestamps."""

    id: int = Field(alias="_id")
    created_at: datetime
    updated_at: datetime
