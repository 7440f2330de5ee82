"""Accepted drops that the code is not ready for: a person takes the uses away, or chooses another answer."""

from __future__ import annotations

from bravo_agent.model.change import Change
from bravo_agent.model.plan import DropField
from bravo_agent.planning.model_edits import model_edits

_SHOWN, _ID = 3, 12


def drops(change: Change) -> tuple[DropField, ...]:
    """The fields that an accepted answer drops and whose uses hold the run.

    An answer does not lift the block of a dropped column. A policy that says ``review`` does: what it lifts before
    there is an answer stays lifted.
    """
    if change.state != "decided" or change.verdict == "review":
        return ()
    return tuple(edit for edit in model_edits(change) if isinstance(edit, DropField))


def held_text(change: Change) -> str:
    """How many uses hold the change, the first of them, and what to do; "" where none does."""
    count = len(change.held_by)
    if not count:
        return ""
    first = ", ".join(f"{use.file}:{use.line} ({use.role})" for use in change.held_by[:_SHOWN])
    more = f" and {count - _SHOWN} more" if count > _SHOWN else ""
    places = "1 use" if count == 1 else f"{count} uses"
    return f"{change.option} leaves {places} in code: {first}{more}; take them away by hand{_instead(change)}"


def _instead(change: Change) -> str:
    options = change.question.options if change.question else ()
    names = " | ".join(option.name for option in options if option.name != change.option)
    return f", or choose another option: bravo-agent decide {change.id[:_ID]} {names}" if names else ""
