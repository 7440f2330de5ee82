"""One change read out: what it is, how sure, whom it hurts, who decided, what may be answered, what follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bravo_agent import wire
from bravo_agent.errors import StaleError
from bravo_agent.model.change import Change
from bravo_agent.model.plan import Patch
from bravo_agent.planning.claims import kinds
from bravo_agent.planning.policy_names import options_of
from bravo_agent.planning.report import schema_change
from bravo_agent.planning.standing import Standing
from bravo_agent.usecases._change_lines import (
    about_lines,
    cascade_lines,
    evidence_lines,
    fact_line,
    next_lines,
    option_lines,
    record_lines,
    use_lines,
)
from bravo_agent.usecases.cascade import make_cascade
from bravo_agent.usecases.decide import find_change, list_decisions
from bravo_agent.usecases.detect import Detection
from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class ChangeExplanation:
    """``document`` is plain data for JSON; ``lines`` say the same to a person, as they are: escape what is printed."""

    document: dict[str, Any]
    lines: tuple[str, ...]


def explain_change(workspace: Workspace, found: Detection, change_id: str) -> ChangeExplanation:
    """Why the change of that id (or beginning of an id) is judged as it is, and what follows; writes nothing.

    ``found`` is best detected with ``stale="ask"``, so that a stale answer can be explained too. Raises
    ``UsageError`` ``change-unknown``, ``change-ambiguous``.
    """
    change = find_change(found, change_id)
    records = tuple(one for one in list_decisions(workspace, found) if one.decision.change_id == change.id)
    patch = _patch(workspace, found, change)
    elsewhere = _not_offered(change)
    document = {
        **schema_change(change),
        "what": kinds()[change.kind].summary,
        "facts": [fact_line(fact) for fact in change.facts],
        "usesByRole": _uses_by_role(change),
        "optionsNotOffered": elsewhere,
        "records": [_record(one) for one in records],
        "cascade": _cascade(patch) if patch is not None else None,
        "next": next_lines(change, records, patch),
    }
    lines = (
        *about_lines(change, kinds()[change.kind].summary),
        *evidence_lines(change, records),
        *use_lines(change),
        *option_lines(change, elsewhere),
        *record_lines(records),
        *_edits(change, patch),
        *next_lines(change, records, patch),
    )
    return ChangeExplanation(document, lines)


def _patch(workspace: Workspace, found: Detection, change: Change) -> Patch | None:
    """What this change alone edits; None where it is not decided, or another answer is stale."""
    if change.state != "decided":
        return None
    try:
        return make_cascade(workspace, replace(found, changes=(change,)), check=False).patch
    except StaleError:
        return None


def _edits(change: Change, patch: Patch | None) -> tuple[str, ...]:
    if patch is not None:
        return tuple(cascade_lines(patch))
    return ("edits: not told while another answer is stale",) if change.state == "decided" else ()


def _not_offered(change: Change) -> list[str]:
    """Answers that this kind of change may have, and this very change does not."""
    offered = {option.name for option in change.question.options} if change.question else set()
    return sorted(options_of([change.kind]) - offered) if offered else []


def _uses_by_role(change: Change) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for use in change.uses:
        found.setdefault(use.role, []).append(f"{use.file}:{use.line}")
    return found


def _record(one: Standing) -> dict[str, Any]:
    return {**wire.plain(one.decision), "state": one.state, "why": one.why}


def _cascade(patch: Patch) -> dict[str, Any]:
    return {
        "files": [edit.file for edit in patch.edits],
        "manual": [wire.plain(work) for work in patch.manual],
    }
