"""Who loaded what, when, and with what outcome: one document a run in ``etl_audit``.

``run`` (its id), ``who``, ``started_at``, ``finished_at`` (dates), ``what`` (command, refresh, snapshot,
version, plan hash), ``outcome`` (``published``, ``rolled-back``, ``failed``, ``blocked`` ...), ``error`` (a
code, or null), ``metrics`` (records per table, seconds per stage, changes found, validation failures, peak
memory, bytes). The collection belongs to the database's people: it is never renamed, pruned or rolled back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bravo_agent.stores.mongodb.connection import Document
from bravo_agent.stores.mongodb.errors import mapped
from bravo_agent.stores.mongodb.guard import Guard
from bravo_agent.stores.mongodb.names import AUDIT


class Audit(Guard):
    """The audit trail of a target."""

    @mapped
    def record_run(self, run: Mapping[str, Any]) -> None:
        """Write what a run did, under its ``run`` id; the same run again replaces what was said before."""
        self.guard()
        self.durable(AUDIT).replace_one({"run": run["run"]}, dict(run), upsert=True)

    @mapped
    def runs(self, limit: int = 50) -> tuple[Document, ...]:
        """The last runs, newest first."""
        return tuple(self.durable(AUDIT).find({}, {"_id": 0}).sort("started_at", -1).limit(limit))
