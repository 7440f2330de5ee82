"""The indexes of the table are there on the collection."""

from __future__ import annotations

from bravo_agent.model.check import Finding, Stage
from bravo_agent.ports import CheckContext


class Indexes:
    """See the module."""

    stage: Stage = "post-load"

    def check(self, context: CheckContext) -> tuple[int, tuple[Finding, ...]]:
        """Wanted against there."""
        wanted, there = context.indexes()
        missing = sorted(wanted - there)
        findings = [Finding(context.mapping.collection, f"no index on {', '.join(keys)}") for keys in missing]
        return len(wanted), tuple(findings)


KIND = Indexes()
