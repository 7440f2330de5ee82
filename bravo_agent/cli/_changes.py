"""Changes as text: one block each, the way a developer reads a review."""

from __future__ import annotations

from collections.abc import Iterable

from bravo_agent.cli._tables import lines_text
from bravo_agent.model.change import Change
from bravo_agent.planning.difference_text import difference_text
from bravo_agent.planning.evidence_text import evidence_text
from bravo_agent.planning.held import held_text
from bravo_agent.usecases.question import question_text

_USES_SHOWN = 5
_CANDIDATES_SHOWN = 3
_SIGNS = {"block": "blocked", "review": "needs review", "auto-approve": "auto-approved"}


def changes_text(changes: Iterable[Change], *, asks: bool = True) -> str:
    """Open and decided changes in full, the rest in a line each; a sentence when there is nothing.

    ``asks``: with what may be answered. Between two catalogs of the past nobody can answer anything.
    """
    return lines_text(line for change in changes for line in _lines(change, asks)) or "nothing changed"


def _lines(change: Change, asks: bool) -> list[str]:
    place = f"{change.table}.{change.field}" if change.field else change.table
    if change.state in ("settled", "ahead-of-source"):
        return [f"{change.state}: {change.kind} {place}"]
    state = (
        _SIGNS[change.verdict] if change.state == "open" or change.decided_by is None else _decided(change)
    )
    lines = [f"{change.severity}: {change.kind} {place}: {state}  [{change.id[:12]}]"]
    lines += [f"    {text}" for text in detail_lines(change)]
    if asks and change.state == "open" and change.question:
        lines += [f"    {text}" for text in question_text(change).splitlines()]
    return lines


def _candidates(change: Change) -> list[str]:
    """What a lost column may have become, or a new one may have been, and how to say so."""
    names = [
        (".".join(filter(None, (one.table if one.table != change.table else "", one.field))), one)
        for one in change.candidates[:_CANDIDATES_SHOWN]
    ]
    lines = [f"maybe {name}, score {one.score:.2f}: {'; '.join(one.reasons)}" for name, one in names]
    best = next((one.field for one in change.candidates if one.table == change.table and one.field), None)
    if best and change.field and change.kind in ("dropped_field", "new_field"):
        old, new = (change.field, best) if change.kind == "dropped_field" else (best, change.field)
        lines.append(f'if it is: bravo.toml [renames] "{change.table}.{old}" = "{new}"')
    return lines


def _decided(change: Change) -> str:
    verb = "auto-approved" if change.verdict == "auto-approve" else "decided"
    blocked = "blocked, " if change.held_by else ""
    return f"{blocked}{verb} as {change.option} by {change.decided_by}"


def detail_lines(change: Change) -> list[str]:
    """What is known of a change besides its place: from what to what, why, evidence, the first uses."""
    details, lines = change.details, []
    if details.expected_type != details.current_type:
        lines.append(f"{details.expected_type or 'not there'} -> {details.current_type or 'not there'}")
    elif details.before != details.after and (details.before or details.after):
        told = difference_text(details.before, details.after)
        lines += told or [f"{details.before or 'nothing'} -> {details.after or 'nothing'}"]
    if change.held_by:
        lines.append(f"blocked: {held_text(change)}")
    if details.note:
        lines.append(details.note)
    if measured := evidence_text(change):
        lines.append(f"evidence: {measured}")
    lines += _candidates(change)
    if change.reason:
        lines.append(f"why: {change.reason}")
    lines += [
        f"used: {use.file}:{use.line} ({use.role}, known by {use.how})" for use in change.uses[:_USES_SHOWN]
    ]
    if len(change.uses) > _USES_SHOWN:
        lines.append(f"used: {len(change.uses) - _USES_SHOWN} more places in schema-change-report.json")
    return lines
