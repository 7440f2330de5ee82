"""The journal of plans: ``_bravo_plans`` holds one document for each that was begun, under the plan's hash.

``state`` is ``running`` from before the first step, ``applied`` when all are done, ``failed`` when a check did not
pass. ``running`` without its holder of the lease is what a crash leaves: whether the plan took effect is then told by
the version that it names, whose own journal says what became of it. ``version`` is None until it is begun. ``holder``
is the token of the lease under which it was written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

from bravo_agent import wire
from bravo_agent.stores.mongodb.errors import mapped
from bravo_agent.stores.mongodb.guard import Guard
from bravo_agent.stores.mongodb.names import PLANS

PlanState = Literal["running", "applied", "failed"]


@dataclass(frozen=True)
class PlanRecord:
    """What the journal holds of a plan."""

    plan: str
    state: PlanState
    version: str | None
    exit_code: int | None
    outcome: str
    by: str
    at: str
    holder: str | None = None


class Plans(Guard):
    """Looking a plan up by its hash, and noting how far it got."""

    @mapped
    def plan_record(self, plan: str) -> PlanRecord | None:
        """What is known of the plan here, or None where nobody began it."""
        found: dict[str, Any] | None = self.durable(PLANS).find_one({"_id": plan}, {"_id": 0})
        return wire.loads(PlanRecord, json.dumps(found), where=f"{PLANS} {plan[:12]}") if found else None

    @mapped
    def note_plan(self, record: PlanRecord) -> None:
        """Write how far the plan got; durable, as all that was written before it."""
        self.enter()
        noted = replace(record, holder=self.lease.token)
        self.durable(PLANS).replace_one({"_id": record.plan}, wire.plain(noted), upsert=True)

    @mapped
    def broken_off(self, record: PlanRecord) -> bool:
        """Whether whoever began it is gone: nobody finishes it before the same plan is applied again."""
        if record.state != "running" or self.lease.held(record.holder):
            return False
        # It may have come to its end between the two looks.
        now = self.plan_record(record.plan)
        return now is not None and now.state == "running"
