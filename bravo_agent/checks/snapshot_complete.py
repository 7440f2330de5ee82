"""The snapshot holds as many rows as count(*) said in the same PostgreSQL snapshot."""

from __future__ import annotations

from bravo_agent.model.check import Finding, Stage
from bravo_agent.ports import CheckContext


class SnapshotComplete:
    """See the module."""

    stage: Stage = "pre-transform"

    def check(self, context: CheckContext) -> tuple[int, tuple[Finding, ...]]:
        """Rows in the files against the manifest."""
        said, stored = context.manifest_rows(), context.stored_rows()
        if said == stored:
            return stored, ()
        message = f"the manifest says {said} rows, the files hold {stored}"
        return stored, (Finding(context.mapping.table, message, abs(said - stored)),)


KIND = SnapshotComplete()
