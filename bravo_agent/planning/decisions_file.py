"""bravo.decisions.json: canonical text <-> decisions. Committed with the application, reviewed like code.

What an answer took the place of is named by its content hash (``supersedes``); the text itself is in the file's
history, where its author and reviewers are too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bravo_agent import wire
from bravo_agent.model.change import Decision, Evidence
from bravo_agent.planning._decisions_text import FORMAT, parsed, refuse_contradictions


@dataclass(frozen=True)
class Decisions:
    """The whole file, sorted by change id; an accepted answer stands before a proposal."""

    decisions: tuple[Decision, ...] = ()
    format_version: int = FORMAT


def read_decisions(text: str) -> tuple[Decision, ...]:
    """The decisions of ``text``, sorted; raises ``UsageError`` ``decisions-invalid`` naming the entry."""
    found = parsed(text)
    refuse_contradictions(found)
    return _sorted(found)


def write_decisions(decisions: Iterable[Decision]) -> str:
    """The canonical text: the same decisions in any order give the same bytes."""
    return wire.dumps(Decisions(_sorted(decisions)))


def content(decision: Decision) -> dict[str, Any]:
    """The hashed part: everything but when it was written. Two with the same content are the same decision."""
    found: dict[str, Any] = wire.plain(replace(decision, decided_at=None))
    del found["decided_at"]
    return found


def content_hash(decision: Decision) -> str:
    """16 hex digits of the content."""
    return wire.fingerprint(content(decision))[:16]


def evidence_hash(evidence: Evidence) -> str | None:
    """What was measured, in a hash; None where nothing was. Keys of rows, and what catalogs tell, are no part of it."""
    measured = replace(evidence, similarity=None, identity=False, keys=())
    return None if measured == Evidence() else wire.fingerprint(measured)


def record(decisions: Iterable[Decision], new: Iterable[Decision]) -> tuple[Decision, ...]:
    """``decisions`` with ``new`` in place of what stood under the same change.

    An accepted answer takes the place of all, and names the accepted one that it supersedes; a proposal only of an
    earlier proposal, so that a model can never undo what a person accepted. The same answer again changes nothing.
    """
    kept = {(decision.change_id, decision.status): decision for decision in decisions}
    for decision in new:
        key = (decision.change_id, decision.status)
        if decision.status == "accepted":
            kept.pop((decision.change_id, "proposed"), None)
        kept[key] = _in_place_of(kept.get(key), decision)
    return _sorted(kept.values())


def remove(decisions: Iterable[Decision], gone: Iterable[Decision]) -> tuple[Decision, ...]:
    """``decisions`` without those of ``gone``."""
    keys = {(decision.change_id, decision.status) for decision in gone}
    return _sorted(one for one in decisions if (one.change_id, one.status) not in keys)


def _in_place_of(old: Decision | None, new: Decision) -> Decision:
    if old is None:
        return new
    if content(replace(new, supersedes=old.supersedes)) == content(old):
        return old
    return replace(new, supersedes=content_hash(old)) if new.status == "accepted" else new


def _sorted(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    return tuple(sorted(decisions, key=lambda decision: (decision.change_id, decision.status)))
