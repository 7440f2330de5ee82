"""Evidence as a person reads it, and as it goes over the wire: counts, never values, and never keys of rows."""

from __future__ import annotations

from typing import Any

from bravo_agent.model.change import EXACT_DISTINCT, Change, Evidence


def evidence_text(change: Change) -> str:
    """``3 of 1,204 rows are NULL, 12 distinct values ...``; empty where nothing was measured."""
    found, told = change.evidence, list[str]()
    if found.rows is not None and found.nulls is not None:
        told.append(f"{found.nulls:,} of {found.rows:,} rows are NULL")
    if found.distinct is not None:
        told.append(distinct_text(found.distinct))
    if found.castable is not None and found.rows is not None:
        values = found.rows - (found.nulls or 0)
        told.append(f"{found.castable:,} of {values:,} castable to {_expected(change)}")
    if found.outside:
        told.append(f"{found.outside:,} over its bounds")
    told += [f"{rows:,} rows hold {label}" for label, rows in found.holding]
    told += [f"{rows:,} rows held {label} in the last snapshot" for label, rows in found.held_before if rows]
    if found.equal_by_key is not None:
        told.append(f"{found.equal_by_key:.1%} of values equal by key")
    if found.identity:
        told.append(f"the same {'column' if change.field else 'table'} by PostgreSQL's numbers")
    return ", ".join(told)


def distinct_text(count: int) -> str:
    """Beyond a bound it is an estimate, and says so."""
    about = "about " if count > EXACT_DISTINCT else ""
    return f"{about}{count:,} distinct value{'' if count == 1 else 's'}"


def wire_evidence(found: Evidence) -> dict[str, Any]:
    """What the report holds; keys of rows are left out whatever was asked for."""
    counts = {
        "rows": found.rows,
        "nulls": found.nulls,
        "distinct": found.distinct,
        "castable": found.castable,
        "outside": found.outside,
        "holding": _labels(found.holding),
        "heldBefore": _labels(found.held_before),
        "equalByKey": found.equal_by_key,
        "similarity": found.similarity,
        "identity": found.identity or None,
    }
    return {name: value for name, value in counts.items() if value is not None}


def _labels(counts: tuple[tuple[str, int], ...]) -> list[dict[str, Any]] | None:
    return [{"label": label, "rows": rows} for label, rows in counts] or None


def _expected(change: Change) -> str:
    return change.details.expected_type or "what is expected"
