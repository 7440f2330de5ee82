"""What the changes mean for whoever called the command."""

from __future__ import annotations

from collections.abc import Iterable

from bravo_agent.model.change import Change

DONE, REVIEW, BLOCKED = 0, 3, 4


def exit_code(changes: Iterable[Change], *, after_cascade: bool = False) -> int:
    """4 with an open block, 3 with anything else open, else 0.

    ``after_cascade``: the changes were recognised again after the code was edited, so that what is decided
    and still not in the models (a patch that nobody applied) is 3 as well.
    """
    found = list(changes)
    still_open = [change.verdict for change in found if change.state == "open"]
    if "block" in still_open:
        return BLOCKED
    waiting = after_cascade and any(_waits_for_code(change) for change in found)
    return REVIEW if still_open or waiting else DONE


def _waits_for_code(change: Change) -> bool:
    return change.state == "decided" and change.answer is not None and change.answer.takes_hold == "models"
