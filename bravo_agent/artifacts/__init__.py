"""Generated artifacts, one kind per file: pure functions from values to files."""

from bravo_agent.artifacts._given import Artifact, Files, Given, Schema

__all__ = ["Artifact", "Files", "Given", "Schema"]
