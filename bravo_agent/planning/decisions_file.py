"""bravo.decisions.json: canonical text <-> decisions. Committed with the application, reviewed like code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bravo_agent import wire
from bravo_agent.model.change import Decision

FILE = "bravo.decisions.json"


@dataclass(frozen=True)
class Decisions:
    """The whole file, sorted by change id; an accepted answer stands before a proposal."""

    decisions: tuple[Decision, ...] = ()
    format_version: int = 1


def read_decisions(text: str) -> tuple[Decision, ...]:
    """The decisions of ``text``, sorted; raises ``UsageError`` ``file-unreadable``."""
    return _sorted(wire.loads(Decisions, text, where=FILE).decisions)


def write_decisions(decisions: Iterable[Decision]) -> str:
    """The canonical text: the same decisions in any order give the same bytes."""
    return wire.dumps(Decisions(_sorted(decisions)))


def record(decisions: Iterable[Decision], new: Iterable[Decision]) -> tuple[Decision, ...]:
    """``decisions`` with ``new`` in place of what stood under the same change.

    An accepted answer takes the place of all; a proposal only of an earlier proposal, so that a model can
    never undo what a person accepted.
    """
    kept = {(decision.change_id, decision.status): decision for decision in decisions}
    for decision in new:
        if decision.status == "accepted":
            kept.pop((decision.change_id, "proposed"), None)
        kept[decision.change_id, decision.status] = decision
    return _sorted(kept.values())


def _sorted(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    return tuple(sorted(decisions, key=lambda decision: (decision.change_id, decision.status)))
