"""Open changes and what is known of answers -> changes with verdict, state and option."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Literal, cast

from bravo_agent.config import Config
from bravo_agent.deciders import policy
from bravo_agent.deciders._decider import Answer, Decider, Grounds
from bravo_agent.deciders._legal import faults
from bravo_agent.errors import StaleError
from bravo_agent.model.change import Change, Decision
from bravo_agent.planning.decisions_file import evidence_hash
from bravo_agent.planning.policy_names import check_policy
from bravo_agent.registry import shelf


def decide(
    changes: Sequence[Change],
    decisions: Iterable[Decision],
    config: Config,
    *,
    stale: Literal["raise", "ask"] = "raise",
    today: date = date.max,
) -> tuple[Change, ...]:
    """The same changes, each open one judged, and decided where somebody can tell.

    Settled changes and those ahead of the source stay as they are; decisions for changes that are not there
    are no fault. Waivers expire by ``today``. Raises ``StaleError`` ``decision-stale`` for accepted answers that are
    not legal any more (``ask``: their questions are open again), and ``UsageError`` ``policy-unknown-kind``.
    """
    check_policy(config.policy)
    accepted = {d.change_id: d for d in decisions if d.status == "accepted"}
    if stale == "ask":
        accepted = {key: d for key, d in accepted.items() if not _illegal_among(changes, d)}
    grounds = Grounds(accepted, config.policy, today)
    _check_legal(changes, grounds)
    return tuple(_decided(change, grounds) if change.state == "open" else change for change in changes)


def illegal(change: Change, decision: Decision) -> tuple[str, ...]:
    """Why ``decision`` is no answer to an open ``change`` any more; nothing where it is one."""
    return faults(change, decision.option, dict(decision.params))


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
            return _answered(judged, answer, grounds.recorded.get(change.id))
    return judged


def _answered(change: Change, answer: Answer, recorded: Decision | None) -> Change:
    return replace(
        change,
        state="decided",
        decided_by=answer.decided_by,
        option=answer.option,
        params=answer.params,
        reason=answer.reason,
        evidence_changed=recorded is not None and _measured_otherwise(change, recorded),
    )


def _measured_otherwise(change: Change, recorded: Decision) -> bool:
    """Only where both times something was measured: a run without a snapshot tells nothing."""
    now = evidence_hash(change.evidence)
    return now is not None and recorded.evidence_hash not in (None, now)


def _check_legal(changes: Sequence[Change], grounds: Grounds) -> None:
    stale = [
        f"{change.id} ({change.kind} {'.'.join(filter(None, (change.table, change.field)))}): {why}{_because(change)}"
        for change in changes
        if change.state == "open" and change.id in grounds.recorded
        for why in illegal(change, grounds.recorded[change.id])
    ]
    if stale:
        raise StaleError(
            "decision-stale",
            f"recorded answers are not legal any more: {'; '.join(stale)}",
            hint="Answer again with `bravo-agent decide`, or remove the lines from bravo.decisions.json.",
            where="bravo.decisions.json",
        )


def _because(change: Change) -> str:
    """What was found of it: counts and names, never values."""
    return f" ({change.details.note})" if change.details.note else ""


def _illegal_among(changes: Sequence[Change], decision: Decision) -> bool:
    asked = (c for c in changes if c.state == "open" and c.id == decision.change_id)
    return any(illegal(change, decision) for change in asked)
