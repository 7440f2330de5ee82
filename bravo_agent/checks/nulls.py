"""No NULL stands in a column that the catalog declares NOT NULL."""

from __future__ import annotations

from bravo_agent.model.check import Finding, Stage
from bravo_agent.ports import CheckContext


class Nulls:
    """See the module."""

    stage: Stage = "pre-transform"

    def check(self, context: CheckContext) -> tuple[int, tuple[Finding, ...]]:
        """NULLs by column, from the files."""
        findings = []
        required = [column for column in context.table.columns if not column.nullable]
        loaded = [column for column in required if context.mapping.target_of(column.name)]
        for column in loaded:
            if count := context.nulls(column.name):
                where = f"{context.mapping.table}.{column.name}"
                findings.append(Finding(where, "holds NULL and is declared NOT NULL", count))
        return len(loaded), tuple(findings)


KIND = Nulls()
