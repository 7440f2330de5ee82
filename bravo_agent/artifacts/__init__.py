"""Generated artifacts, one kind per file: pure functions from values to files."""

from bravo_agent.artifacts._given import Artifact, Definitions, Files, Given, Schema
from bravo_agent.artifacts._regions import is_ours, placed

__all__ = ["Artifact", "Definitions", "Files", "Given", "Schema", "is_ours", "placed"]
