"""What a decider is and gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Protocol

from bravo_agent.config import PolicySection
from bravo_agent.model.change import Change, Decision, Option


@dataclass(frozen=True)
class Answer:
    """The option taken, by whom, and the line that says so."""

    option: str
    decided_by: str
    reason: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Grounds:
    """What deciders may stand on: accepted decisions by change id, and the policy of bravo.toml.

    ``today`` is what waivers expire by; where nobody says which day it is, all of them have.
    """

    recorded: Mapping[str, Decision] = field(default_factory=dict)
    policy: PolicySection = field(default_factory=PolicySection)
    today: date = date.max


class Decider(Protocol):
    """A file of deciders/; the answer of the lowest ``rank`` counts."""

    name: ClassVar[str]
    rank: ClassVar[int]

    def answer(self, change: Change, grounds: Grounds) -> Answer | None:
        """The answer, or None where this decider cannot tell."""
        ...


def safe_option(change: Change) -> Option | None:
    """The one option of the question that may be taken without a person, or None."""
    options = change.question.options if change.question else ()
    safe = [option for option in options if option.safe and not option.params]
    return safe[0] if len(safe) == 1 else None
