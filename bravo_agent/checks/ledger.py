"""Every row became a document; what could not is counted by column and reason."""

from __future__ import annotations

from bravo_agent.model.check import Finding, Stage
from bravo_agent.ports import CheckContext


class Ledger:
    """See the module."""

    stage: Stage = "post-transform"

    def check(self, context: CheckContext) -> tuple[int, tuple[Finding, ...]]:
        """The conversion ledger, grouped."""
        groups: dict[tuple[str, str], int] = {}
        entries = context.ledger()
        for entry in entries:
            groups[entry.column, entry.reason] = groups.get((entry.column, entry.reason), 0) + 1
        table = context.mapping.table
        findings = [
            Finding(f"{table}.{column}" if column else table, reason, n)
            for (column, reason), n in sorted(groups.items())
        ]
        return context.manifest_rows(), tuple(findings)


KIND = Ledger()
