"""An accepted decision of bravo.decisions.json, replayed."""

from __future__ import annotations

from typing import ClassVar

from bravo_agent.deciders._decider import Answer, Grounds
from bravo_agent.model.change import Change, Decision


class Recorded:
    """Answers with what was recorded for this very change; legality is judged before (decide)."""

    name: ClassVar[str] = "recorded"
    rank: ClassVar[int] = 10

    def answer(self, change: Change, grounds: Grounds) -> Answer | None:
        """The recorded option with its params."""
        found = grounds.recorded.get(change.id)
        if found is None:
            return None
        return Answer(found.option, found.decided_by, _line(found), found.params)


def _line(found: Decision) -> str:
    who = f"{found.decided_by} {found.who}".strip()
    drafted = f", proposed by {found.model}" if found.model else ""
    why = f': "{found.rationale}"' if found.rationale else ""
    return f"bravo.decisions.json: {found.option} ({who}, via {found.via}{drafted}){why}"


KIND = Recorded()
