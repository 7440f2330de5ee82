"""Changes that ask nothing by default: one safe answer, which is to take note."""

from __future__ import annotations

from bravo_agent.model.change import Option, Question

ACCEPT = Option(
    "accept",
    "Take note",
    "The baseline moves on; code and documents stay as they are.",
    safe=True,
    takes_hold="at-once",
)


def noted(text: str) -> Question:
    """A question whose only answer is to take note."""
    return Question(text, (ACCEPT,))
