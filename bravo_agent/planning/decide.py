"""Open changes and what is known of answers -> changes with verdict, state and option."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Literal, cast

from bravo_agent.config import Config
from bravo_agent.deciders import policy
from bravo_agent.deciders._decider import Decider, Grounds
from bravo_agent.errors import StaleError, UsageError
from bravo_agent.model.change import Change, Decision, Verdict
from bravo_agent.planning.claims import kinds
from bravo_agent.registry import shelf


def decide(
    changes: Sequence[Change],
    decisions: Iterable[Decision],
    config: Config,
    *,
    stale: Literal["raise", "ask"] = "raise",
) -> tuple[Change, ...]:
    """The same changes, each open one judged, and decided where somebody can tell.

    Settled changes and those ahead of the source stay as they are; decisions for changes that are not there
    are no fault. Raises ``StaleError`` ``decision-stale`` for accepted answers that are not legal any more
    (``ask``: their questions are open again), and ``UsageError`` ``policy-unknown-kind``.
    """
    accepted = {d.change_id: d for d in decisions if d.status == "accepted"}
    if stale == "ask":
        accepted = {key: d for key, d in accepted.items() if not _illegal_among(changes, d)}
    grounds = Grounds(accepted, _policy(config))
    _check_legal(changes, grounds)
    return tuple(_decided(change, grounds) if change.state == "open" else change for change in changes)


@cache
def _deciders() -> tuple[Decider, ...]:
    found = (cast(Decider, kind) for kind in shelf("bravo_agent.deciders").values())
    return tuple(sorted(found, key=lambda decider: decider.rank))


def _decided(change: Change, grounds: Grounds) -> Change:
    verdict, reason = policy.verdict(change, grounds)
    judged = replace(change, verdict=verdict, reason=reason)
    for decider in _deciders():
        answer = decider.answer(judged, grounds)
        if answer is not None:
            return replace(
                judged,
                state="decided",
                decided_by=answer.decided_by,
                option=answer.option,
                params=answer.params,
                reason=answer.reason,
            )
    return judged


def _policy(config: Config) -> dict[str, Verdict]:
    """By the kinds' tags; bravo.toml may write them with hyphens as well."""
    found = {name.replace("-", "_"): verdict for name, verdict in config.policy.kinds.items()}
    unknown = sorted(set(found) - set(kinds()))
    if unknown:
        raise UsageError(
            "policy-unknown-kind",
            f"bravo.toml has a policy for {', '.join(unknown)}, which is no kind of change",
            hint=f"The kinds are: {', '.join(sorted(kinds()))}.",
            where="bravo.toml [policy.kinds]",
        )
    return found


def _check_legal(changes: Sequence[Change], grounds: Grounds) -> None:
    stale = [
        f"{change.id} ({change.kind} {'.'.join(filter(None, (change.table, change.field)))}): {why}"
        for change in changes
        if change.state == "open" and change.id in grounds.recorded
        for why in _illegal(change, grounds.recorded[change.id])
    ]
    if stale:
        raise StaleError(
            "decision-stale",
            f"recorded answers are not legal any more: {'; '.join(stale)}",
            hint="Answer again with `bravo-agent decide`, or remove the lines from bravo.decisions.json.",
            where="bravo.decisions.json",
        )


def _illegal_among(changes: Sequence[Change], decision: Decision) -> bool:
    asked = (c for c in changes if c.state == "open" and c.id == decision.change_id)
    return any(_illegal(change, decision) for change in asked)


def _illegal(change: Change, decision: Decision) -> list[str]:
    options = {option.name: option for option in change.question.options} if change.question else {}
    option = options.get(decision.option)
    if option is None:
        return [f"{decision.option} is not among {', '.join(sorted(options)) or 'its options: it has none'}"]
    missing = sorted(set(option.params) - {name for name, _ in decision.params})
    return [f"{decision.option} needs {', '.join(missing)}"] if missing else []
