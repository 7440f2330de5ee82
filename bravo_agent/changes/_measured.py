"""What was measured of a column, as a kind judges by it. What was not measured never makes an answer illegal."""

from __future__ import annotations

from bravo_agent.changes._context import Context
from bravo_agent.changes._subjects import AlteredColumn
from bravo_agent.model.catalog import ColumnType
from bravo_agent.model.change import Evidence


def measured(context: Context, table: str, column: str) -> Evidence:
    """Of a column that is there now; ``table`` as at the baseline."""
    return context.evidence.get((table, column), Evidence())


def measured_before(context: Context, table: str, column: str) -> Evidence:
    """Of a column as the last snapshot had it that knew it (see planning/measures.py)."""
    return context.evidence.get((table, f"{column}->"), Evidence())


def measured_of(found: AlteredColumn, context: Context) -> Evidence:
    """Of the column that a fact alters."""
    return measured(context, found.subject.table, found.new.name)


def unfit(evidence: Evidence) -> int:
    """How many values what is expected does not take; 0 where nobody has counted."""
    if evidence.rows is None or evidence.castable is None:
        return 0
    return evidence.rows - (evidence.nulls or 0) - evidence.castable


def unfit_note(evidence: Evidence, expected: ColumnType) -> str | None:
    """How many values do not fit, or None."""
    count = unfit(evidence)
    if not count:
        return None
    values = (evidence.rows or 0) - (evidence.nulls or 0)
    over = f" ({evidence.outside:,} of them over its bounds)" if evidence.outside else ""
    return f"{count:,} of {values:,} values do not fit {expected.sql}{over}"


def noted(*notes: str | None) -> str | None:
    """One note of those that there are."""
    return "; ".join(note for note in notes if note) or None
