"""The whole way from a drifted production to a published version and back, as an agent with a person plays it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from loop_transcript import Transcript
from mcp import Client
from mcp.types import ElicitRequestFormParams, ElicitResult

CENTS = "alter table ad_groups alter column bid_amount type integer using (bid_amount * 100)::integer"
HASTY = "def transform(value):\n    return open('/etc/passwd').read()\n"
FUNCTION = '''"""Cents, as production keeps bids now, as the amount that the application has."""

from decimal import Decimal

from bson.decimal128 import Decimal128


def transform(value):
    if value is None:
        return Decimal128("0.00")
    return Decimal128((Decimal(int(value)) / 100).quantize(Decimal("0.01")))
'''


@dataclass
class Person:
    """Answers as the script says; every question is kept."""

    transcript: Transcript
    answers: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, context: Any, params: Any) -> ElicitResult:
        assert isinstance(params, ElicitRequestFormParams)
        said = self.answers.pop(0)
        self.asked.append(params.message)
        self.transcript.asked(params.message, f"They answer: {said}.")
        if said == "yes":
            return ElicitResult(action="accept", content={"confirm": True})
        return ElicitResult(action=said)  # type: ignore[arg-type]


@dataclass
class Play:
    """One session; ``seen`` holds the last result of each tool."""

    client: Client
    person: Person
    transcript: Transcript
    seen: dict[str, dict[str, Any]] = field(default_factory=dict)
    progress: list[str] = field(default_factory=list)

    async def call(self, tool: str, expect: str, *answers: str, **arguments: Any) -> dict[str, Any]:
        """The call's result, which must have the status; a person answers what is asked on the way."""
        self.person.answers = list(answers)
        self.transcript.calls(tool, arguments)
        result = await self.client.call_tool(tool, arguments, progress_callback=self._noted)
        text = result.content[0].text  # type: ignore[union-attr]
        found = json.loads(text)
        assert result.is_error or result.structured_content == found
        self.transcript.gets(found)
        assert found["status"] == expect, text
        assert found.get("next_steps") or found.get("hint")
        assert self.person.answers == [], "nobody asked"
        self.seen[tool] = found
        return dict(found)

    async def _noted(self, done: float, total: float | None, message: str | None) -> None:
        self.progress.append(message or "")


async def play(to: Play) -> None:
    """Everything; raises where a step does not do what it says."""
    say, head = to.transcript.say, to.transcript.head
    head("Where things stand")
    await to.call("get_status", "open")
    found = (await to.call("list_changes", "changes", state="open"))["changes"]
    by_column = {one["column"]: one for one in found}
    head("Evidence, and what each answer would do")
    snapshot = (await to.call("list_snapshots", "snapshots"))["snapshots"][0]["id"]
    for column in ("daily_budget", "cost", "bid_amount"):
        change = await to.call("get_change", "open", change_id=by_column[column]["id"])
        assert change["snapshot"] == snapshot
        assert change["uses_total"] > 0
    rename = by_column["daily_budget"]["id"]
    await to.call("preview_cascade", "edits", change_id=rename, option="rename", limit=2)
    await _decisions(to, by_column)
    await _function(to, by_column["bid_amount"]["id"])
    head("The code, and the plan")
    await to.call("preview_cascade", "edits", limit=3)
    plan = (await to.call("make_plan", "planned", snapshot=snapshot))["plan"]
    await to.call("get_plan", "ready", plan=plan, limit=40)
    head("Carried out")
    say("The person at the client looks away for a moment, and the question is cancelled: nothing happens.")
    await to.call("apply_plan", "needs_confirmation", "cancel", plan=plan)
    await to.call("apply_plan", "applied", "yes", plan=plan)
    await to.call("get_run", "finished")
    await to.call("validate_target", "valid")
    say("Called again, it is not applied again, and nobody is asked.")
    await to.call("apply_plan", "already_applied", plan=plan)
    head("And back")
    versions = (await to.call("list_versions", "versions"))["versions"]
    now, before = versions[0]["id"], versions[1]["id"]
    await to.call("rollback_version", "rolled_back", "yes", version=before, current=now)
    await to.call("list_versions", "versions")


async def _decisions(to: Play, by_column: dict[str, dict[str, Any]]) -> None:
    to.transcript.head("Decisions")
    to.transcript.say(
        "The agent tells the person what it saw and what it would answer: the column was renamed, the score starts at "
        "0.00, the cost keeps four digits. They agree, and are asked by the server itself."
    )
    answers = [
        {
            "change_id": by_column["daily_budget"]["id"],
            "option": "rename",
            "rationale": "The database's own numbers prove that it is the same column.",
        },
        {
            "change_id": by_column["performance_score"]["id"],
            "option": "default",
            "params": {"value": "0.00"},
            "rationale": "Every row has a score; what was written before has none.",
        },
        {
            "change_id": by_column["cost"]["id"],
            "option": "follow",
            "rationale": "Fractions of a cent are billed now.",
        },
    ]
    await to.call("record_decisions", "recorded", "yes", answers=answers)


async def _function(to: Play, change_id: str) -> None:
    to.transcript.head("A function for what no option covers")
    to.transcript.say(
        "Bids are whole cents now. Kept as they are they would be read as a hundred times the amount; so the agent "
        "writes a function. A first, hasty one does not pass."
    )
    await to.call("draft_transform", "refused", change_id=change_id, code=HASTY)
    drafted = await to.call(
        "draft_transform",
        "proposed",
        change_id=change_id,
        code=FUNCTION,
        rationale="Divides by a hundred, exactly.",
    )
    to.transcript.say(f"The person reads `{drafted['draft']}`, and the agent asks for their approval.")
    await to.call("approve_transform", "approved", "yes", change_id=change_id, sha256=drafted["sha256"])
