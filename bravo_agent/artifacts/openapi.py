"""The OpenAPI document of the application, as FastAPI itself gives it, in one canonical spelling.

The application object is imported by ``Given.openapi``, never here. Lists keep their order, keys are sorted.
"""

from __future__ import annotations

from dataclasses import dataclass

from bravo_agent.artifacts._given import Files, Given, as_json
from bravo_agent.artifacts._regions import MADE_BY


@dataclass(frozen=True)
class OpenApi:
    """The kind ``openapi``."""

    regenerated: bool = True

    def files(self, given: Given, folder: str) -> Files:
        """The one file that ``folder`` names."""
        return {folder: as_json({**given.openapi(), "x-generated-by": MADE_BY})}


KIND = OpenApi()
