"""What the changes mean for whoever called the command."""

from __future__ import annotations

from collections.abc import Iterable

from bravo_agent.model.change import Change

DONE, REVIEW, BLOCKED = 0, 3, 4


def exit_code(changes: Iterable[Change], *, after_cascade: bool = False) -> int:
    """4 with an open block or an accepted drop that uses hold, 3 with anything else open, else 0.

    ``after_cascade``: the changes were recognised again after the code was edited, so that what is decided
    and still not in the models (a patch that nobody applied) is 3 as well.
    """
    found = list(changes)
    if blocks_unanswered(found) or any(change.held_by for change in found):
        return BLOCKED
    waiting = after_cascade and any(_waits_for_code(change) for change in found)
    return REVIEW if waiting or any(change.state == "open" for change in found) else DONE


def blocks_unanswered(changes: Iterable[Change]) -> bool:
    """Whether somebody has to answer before anything is done, in the code too."""
    return any(change.state == "open" and change.verdict == "block" for change in changes)


def _waits_for_code(change: Change) -> bool:
    return change.state == "decided" and change.answer is not None and change.answer.takes_hold == "models"
