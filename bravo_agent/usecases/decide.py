"""Recording an answer to a change's question."""

from __future__ import annotations

from collections.abc import Mapping

from bravo_agent import wire
from bravo_agent.errors import UsageError
from bravo_agent.model.change import Change, Decision
from bravo_agent.planning.decisions_file import record
from bravo_agent.usecases.detect import Detection
from bravo_agent.workspace import Workspace


def find_change(found: Detection, change_id: str) -> Change:
    """The change of that id, or of that beginning of an id; raises ``change-unknown``, ``change-ambiguous``."""
    matching = [change for change in found.changes if change.id.startswith(change_id)]
    if len(matching) == 1:
        return matching[0]
    known = ", ".join(change.id[:12] for change in found.changes) or "none"
    raise UsageError(
        "change-ambiguous" if matching else "change-unknown",
        f"{change_id} is the beginning of {len(matching)} changes",
        hint=f"`bravo-agent detect` lists them. There are: {known}.",
        where=change_id,
    )


def record_decision(
    workspace: Workspace,
    found: Detection,
    change_id: str,
    option: str,
    *,
    params: Mapping[str, str],
    rationale: str = "",
) -> Decision:
    """Writes a person's answer to bravo.decisions.json; raises ``UsageError`` where it is not a legal one."""
    change = find_change(found, change_id)
    _check(change, option, params)
    decision = Decision(
        change.id,
        option,
        tuple(sorted(params.items())),
        rationale=rationale,
        evidence_hash=wire.fingerprint(change.evidence),
        table=change.table,
        field=change.field,
        kind=change.kind,
    )
    workspace.save_decisions(record(workspace.decisions(), (decision,)))
    return decision


def _check(change: Change, option: str, params: Mapping[str, str]) -> None:
    options = {one.name: one for one in change.question.options} if change.question else {}
    found = options.get(option)
    if found is None:
        raise UsageError(
            "option-unknown",
            f"{option!r} is no answer to {change.kind} of {change.table}",
            hint=f"Answers are: {', '.join(options) or 'none: nothing is asked'}.",
            where=change.id[:12],
        )
    missing = [name for name in found.params if name not in params]
    unknown = [name for name in params if name not in found.params]
    if missing or unknown:
        raise UsageError(
            "option-params",
            f"{option} takes {', '.join(found.params) or 'no parameters'}",
            hint="Give each as --param NAME=VALUE.",
            where=change.id[:12],
        )
