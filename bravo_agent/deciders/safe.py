"""What is auto-approved by the default table takes its one safe option."""

from __future__ import annotations

from typing import ClassVar

from bravo_agent.deciders._decider import Answer, Grounds, safe_option
from bravo_agent.model.change import Change


class Safe:
    """Answers an auto-approved question that has exactly one safe option."""

    name: ClassVar[str] = "safe"
    rank: ClassVar[int] = 30

    def answer(self, change: Change, grounds: Grounds) -> Answer | None:
        """The safe option."""
        option = safe_option(change)
        if option is None or change.verdict != "auto-approve":
            return None
        return Answer(option.name, "safe", f"{change.reason}; {option.name} is its safe option")


KIND = Safe()
