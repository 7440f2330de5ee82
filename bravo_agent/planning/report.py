"""The frozen value behind schema-change-report.json. Deterministic: no time, no path, no identity in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bravo_agent import wire
from bravo_agent.model.change import Change, Details
from bravo_agent.planning.evidence_text import wire_evidence

FILE = "schema-change-report.json"


def report(
    changes: Sequence[Change], notes: Sequence[str] = (), fingerprints: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The report as plain data; ``fingerprints`` by what they are of (baseline, source, models)."""
    ordered = sorted(changes, key=lambda change: (change.table, change.field or "", change.kind, change.id))
    return {
        "formatVersion": 1,
        "fingerprints": dict(fingerprints or {}),
        "summary": _summary(ordered),
        "changes": [schema_change(change) for change in ordered],
        "notes": list(notes),
    }


def report_text(value: Mapping[str, Any]) -> str:
    """Canonical JSON with a newline at its end."""
    return wire.json_text(value) + "\n"


def schema_change(change: Change) -> dict[str, Any]:
    """One ``SchemaChange`` as it goes over the wire."""
    return {
        "id": change.id,
        "type": change.kind,
        "severity": change.severity,
        "decision": change.verdict,
        "state": change.state,
        "reason": change.reason,
        "application": change.application,
        "table": change.table,
        "field": change.field,
        "entity": change.entity,
        "modelField": change.model_field,
        "details": _details(change.details),
        "evidence": wire_evidence(change.evidence),
        "candidates": [wire.plain(candidate) for candidate in change.candidates],
        "uses": [wire.plain(use) for use in change.uses],
        "question": change.question.text if change.question else None,
        "options": [
            _option(option) for option in wire.plain(change.question.options if change.question else ())
        ],
        "option": change.option,
        "params": dict(change.params),
        "decidedBy": change.decided_by,
        "evidenceChanged": change.evidence_changed,
        "heldBy": [wire.plain(use) for use in change.held_by],
    }


def _details(details: Details) -> dict[str, Any]:
    return _present(
        {
            "currentType": details.current_type,
            "expectedType": details.expected_type,
            "required": details.required,
            "default": details.default,
            "before": details.before,
            "after": details.after,
            "note": details.note,
        }
    )


def _option(option: dict[str, Any]) -> dict[str, Any]:
    hold = option.pop("takes_hold")
    return {**option, "takesHold": hold}


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _summary(changes: Sequence[Change]) -> dict[str, int]:
    """How many changes of each state and severity; zeros are told too."""
    states = {state: sum(c.state == state for c in changes) for state in ("open", "decided", "settled")}
    severities = {s: sum(c.severity == s for c in changes) for s in ("breaking", "warning", "info")}
    ahead = sum(change.state == "ahead-of-source" for change in changes)
    return {**states, "aheadOfSource": ahead, **severities, "changes": len(changes)}
