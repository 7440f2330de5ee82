"""An accepted decision of bravo.decisions.json, replayed."""

from __future__ import annotations

from typing import ClassVar

from bravo_agent.deciders._decider import Answer, Grounds
from bravo_agent.model.change import Change


class Recorded:
    """Answers with what was recorded for this very change; legality is judged before (decide)."""

    name: ClassVar[str] = "recorded"
    rank: ClassVar[int] = 10

    def answer(self, change: Change, grounds: Grounds) -> Answer | None:
        """The recorded option with its params."""
        found = grounds.recorded.get(change.id)
        if found is None:
            return None
        said = f"bravo.decisions.json: {found.option} ({found.decided_by}, via {found.via})"
        return Answer(found.option, found.decided_by, said, found.params)


KIND = Recorded()
