"""MongoDB does not look at documents that exist when a validator changes: so they are scanned."""

from __future__ import annotations

from bravo_agent.model.check import Finding, Stage
from bravo_agent.ports import CheckContext


class ValidatorScan:
    """See the module."""

    stage: Stage = "post-load"

    def check(self, context: CheckContext) -> tuple[int, tuple[Finding, ...]]:
        """Documents that the collection's validator would refuse."""
        examined, refused = context.violations()
        if not refused:
            return examined, ()
        message = "documents that the collection's validator refuses"
        return examined, (Finding(context.mapping.collection, message, refused),)


KIND = ValidatorScan()
