"""Settings, read from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Settings:
    """Where the database is, and the few limits that operations may turn."""

    mongodb_uri: str = "mongodb://127.0.0.1:27017"
    mongodb_database: str = "bravo-1"
    page_size: int = 50
    min_budget: Decimal = Decimal("1.00")  # the smallest budget the ad servers accept

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Build the settings from `MONGODB_URI`, `MONGODB_DATABASE` and `CAMPAIGNS_PAGE_SIZE`."""
        return cls(
            mongodb_uri=environ.get("MONGODB_URI", cls.mongodb_uri),
            mongodb_database=environ.get("MONGODB_DATABASE", cls.mongodb_database),
            page_size=int(environ.get("CAMPAIGNS_PAGE_SIZE", cls.page_size)),
        )
