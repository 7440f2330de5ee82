"""The collection holds one document for every row of the snapshot, quarantined rows aside."""

from __future__ import annotations

from bravo_agent.model.check import Finding, Stage
from bravo_agent.ports import CheckContext


class Counts:
    """See the module."""

    stage: Stage = "post-load"

    def check(self, context: CheckContext) -> tuple[int, tuple[Finding, ...]]:
        """Rows less the ledger against documents."""
        expected, found = context.manifest_rows() - len(context.ledger()), context.documents()
        if expected == found:
            return found, ()
        message = f"{expected} documents were expected, {found} are there"
        return found, (Finding(context.mapping.collection, message, abs(expected - found)),)


KIND = Counts()
