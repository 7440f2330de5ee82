"""The policy of bravo.toml: its lines give the verdict; an explicit auto-approve takes the safe option."""

from __future__ import annotations

from typing import ClassVar

from bravo_agent.deciders._decider import Answer, Grounds, safe_option
from bravo_agent.model.change import Change, Verdict


class Policy:
    """Answers where a line of [policy.kinds] says auto-approve and the question has one safe option."""

    name: ClassVar[str] = "policy"
    rank: ClassVar[int] = 20

    def answer(self, change: Change, grounds: Grounds) -> Answer | None:
        """The safe option, by that line."""
        option = safe_option(change)
        if (
            option is None
            or change.verdict != "auto-approve"
            or grounds.policy.get(change.kind) != "auto-approve"
        ):
            return None
        return Answer(option.name, "policy", line(change.kind, "auto-approve"))


def verdict(change: Change, grounds: Grounds) -> tuple[Verdict, str]:
    """The verdict and the line it comes from.

    A block that nothing can answer stays one. An auto-approve without a safe option becomes a review: a
    policy may lift a question to nobody, it may not guess.
    """
    said = grounds.policy.get(change.kind)
    if said is None or said == change.verdict:
        return change.verdict, line(change.kind, said) if said else change.reason
    if change.question is None:
        return change.verdict, f"{change.reason}; no policy lifts it"
    if said == "auto-approve" and safe_option(change) is None:
        return "review", f"{line(change.kind, said)}, but no option is safe: somebody has to choose"
    return said, line(change.kind, said)


def line(kind: str, said: Verdict) -> str:
    """The line of bravo.toml as a person finds it."""
    return f'bravo.toml: policy.kinds.{kind} = "{said}"'


KIND = Policy()
