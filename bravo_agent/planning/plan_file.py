"""A plan as a file: canonical text <-> plan. Its hash is its name, and is held against what the file says."""

from __future__ import annotations

import json
from dataclasses import replace

from bravo_agent import wire
from bravo_agent.errors import UsageError
from bravo_agent.model.plan import Plan, Told

FORMAT = 1


def with_hash(plan: Plan) -> Plan:
    """``plan`` under the hash of all that it says but ``told``."""
    return replace(plan, hash=_hash(plan))


def write_plan(plan: Plan) -> str:
    """The canonical text."""
    return wire.dumps(plan)


def read_plan(text: str, *, where: str) -> Plan:
    """The plan in ``text``; raises ``UsageError`` ``plan-format``, ``plan-damaged``, ``file-unreadable``."""
    if (found := _format(text)) != FORMAT:
        raise UsageError(
            "plan-format",
            f"the plan has the form {found}, this bravo-agent reads form {FORMAT}",
            hint="Make it again: bravo-agent plan",
            where=where,
        )
    plan = wire.loads(Plan, text, where=where)
    if _hash(plan) != plan.hash:
        raise damaged(where)
    return plan


def damaged(where: str) -> UsageError:
    """The error of a file that is not the plan that its hash or its name stands for."""
    return UsageError(
        "plan-damaged",
        "the file does not say what its hash stands for: somebody changed it",
        hint="A plan is never edited. Make a new one: bravo-agent plan",
        where=where,
    )


def _hash(plan: Plan) -> str:
    return wire.fingerprint(replace(plan, hash="", told=Told()))


def _format(text: str) -> object:
    try:
        value = json.loads(text)
    except ValueError:
        return FORMAT  # wire says what is wrong with it
    return value.get("format") if isinstance(value, dict) else FORMAT
