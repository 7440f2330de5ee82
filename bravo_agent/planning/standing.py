"""How each record of bravo.decisions.json stands to what is there now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bravo_agent.model.change import Change, Decision
from bravo_agent.planning.decide import illegal

State = Literal["replayed", "proposed", "stale", "settled", "obsolete"]


@dataclass(frozen=True)
class Standing:
    """``change`` is None where the record's change is not there (any more, or on this branch)."""

    decision: Decision
    state: State
    change: Change | None = None
    why: str = ""


def standings(decisions: Iterable[Decision], changes: Sequence[Change]) -> tuple[Standing, ...]:
    """One for each decision, in their order."""
    by_id = {change.id: change for change in changes}
    return tuple(_standing(decision, by_id.get(decision.change_id)) for decision in decisions)


def obsolete_note(decisions: Iterable[Decision], changes: Sequence[Change]) -> tuple[str, ...]:
    """One note on answers to changes that are not there: no fault, another branch may have them."""
    gone = [one.decision for one in standings(decisions, changes) if one.state == "obsolete"]
    if not gone:
        return ()
    what = "1 answer to a change that is" if len(gone) == 1 else f"{len(gone)} answers to changes that are"
    return (
        f"bravo.decisions.json holds {what} not there; `bravo-agent decide --list` shows, --prune removes",
    )


def _standing(decision: Decision, change: Change | None) -> Standing:
    if change is None:
        return Standing(decision, "obsolete", None, "its change is not there")
    if change.state in ("settled", "ahead-of-source"):
        # A rename without identity is known by its answer, until the baseline has moved over it.
        return Standing(
            decision, "settled", change, "the models show it; the baseline has not moved over it yet"
        )
    wrong = "; ".join(illegal(change, decision))
    if decision.status == "proposed":
        return Standing(decision, "proposed", change, wrong)
    return Standing(decision, "stale" if wrong else "replayed", change, wrong)
