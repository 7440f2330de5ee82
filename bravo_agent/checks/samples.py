"""Sampled rows, converted by the slow exact way, equal the documents value by value."""

from __future__ import annotations

from bravo_agent.model.check import Finding, Stage
from bravo_agent.ports import CheckContext


class Samples:
    """See the module."""

    stage: Stage = "post-load"

    def check(self, context: CheckContext) -> tuple[int, tuple[Finding, ...]]:
        """Independent of the batch encoder and of the checksums."""
        compared, different = context.samples()
        collection = context.mapping.collection
        findings = [Finding(f"{collection}.{key}", "differs from the row", count) for key, count in different]
        return compared, tuple(findings)


KIND = Samples()
