"""Every field of every document is what its row became, by order-independent checksums of both sides."""

from __future__ import annotations

from bravo_agent.model.check import Finding, Stage
from bravo_agent.ports import CheckContext


class Checksums:
    """See the module."""

    stage: Stage = "post-load"

    def check(self, context: CheckContext) -> tuple[int, tuple[Finding, ...]]:
        """Checksum by document key: of what the rows became, and of what MongoDB gives back."""
        source, target = context.source_checksums(), context.target_checksums()
        collection = context.mapping.collection
        findings = [
            Finding(f"{collection}.{name}", "differs from the source")
            for name, sum_ in sorted(source.items())
            if target.get(name) != sum_
        ]
        return sum(sum_.count for sum_ in source.values()), tuple(findings)


KIND = Checksums()
