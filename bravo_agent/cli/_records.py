"""The records of bravo.decisions.json as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bravo_agent import wire
from bravo_agent.cli._session import Session
from bravo_agent.cli._tables import lines_text, one_line
from bravo_agent.model.change import Decision
from bravo_agent.planning.decisions_file import content_hash
from bravo_agent.planning.standing import Standing
from bravo_agent.usecases.decide import list_decisions, prune_decisions, reject_proposal
from bravo_agent.usecases.detect import Detection
from bravo_agent.workspace import DECISIONS, Workspace


def show_records(session: Session, workspace: Workspace, found: Detection) -> int:
    """``decide --list``."""
    records = list_decisions(workspace, found)
    text = (
        lines_text(line for one in records for line in record_lines(one)) or f"{DECISIONS} holds no answers"
    )
    session.result({"records": [record_document(one) for one in records]}, text)
    return 0


def prune_records(session: Session, workspace: Workspace, found: Detection) -> int:
    """``decide --prune``."""
    gone = prune_decisions(workspace, found)
    text = lines_text(f"removed: {record_name(one)}: {one.option}" for one in gone) or "nothing to remove"
    session.result({"removed": [wire.plain(one) for one in gone]}, text)
    return 0


def reject_record(
    session: Session,
    workspace: Workspace,
    found: Detection,
    change_id: str,
    rationale: str,
    read: str | None = None,
) -> int:
    """``decide CHANGE_ID --reject``."""
    gone = reject_proposal(workspace, found, change_id, read=read)
    # Nothing of it stays in the file: the commit that removes it is where the reason belongs.
    why = f'; commit {DECISIONS} with the reason: "{rationale}"' if rationale else ""
    session.result(wire.plain(gone), one_line(f"{record_name(gone)}: {gone.option}, proposal removed{why}"))
    return 0


def record_document(one: Standing) -> dict[str, Any]:
    """The record, and how it stands, as plain data."""
    changed = bool(one.change and one.change.evidence_changed)
    return {**wire.plain(one.decision), "state": one.state, "why": one.why, "evidenceChanged": changed}


def record_name(decision: Decision) -> str:
    """What the record is about."""
    place = f"{decision.table}.{decision.field}" if decision.field else decision.table
    return " ".join(text for text in (decision.kind, place) if text) or decision.change_id


def record_lines(one: Standing) -> Sequence[str]:
    """The record with all that it says, and how a proposal is accepted."""
    decision = one.decision
    who = f"{decision.decided_by} {decision.who}".strip()
    drafted = f", proposed by {decision.model}" if decision.model else ""
    when = f", {decision.decided_at}" if decision.decided_at else ""
    lines = [
        f"{one.state}: {record_name(decision)}: {decision.option}  [{decision.change_id[:12]}]",
        f"    {who}, via {decision.via}{drafted}{when}",
    ]
    params = ", ".join(f"{name} = {value}" for name, value in decision.params)
    lines += [f"    {text}" for text in (params, decision.rationale, one.why) if text]
    if one.change and one.change.evidence_changed:
        lines.append("    the evidence measured now is not what it was when this was answered")
    if one.state == "proposed":
        if code := dict(decision.params).get("sha256"):
            lines.append(f"    its code: .bravo/drafts/{code}.py")
        accept = f"bravo-agent decide {decision.change_id[:12]} --accept --proposal {content_hash(decision)}"
        lines.append(f"    {accept} (or --reject)")
    return lines
