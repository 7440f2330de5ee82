"""Waivers held against what is there: one that matches nothing is an error, unless what it waives is settled.

No change shows any more what the baseline has moved over. What is known then: the table and column that a waiver
names are there and nothing of its kind is open on them, or its kind is one that takes them away. Either is noted as
removable. So a wrong name in a waiver for a column that is gone cannot be told from a settled one; its last day ends
it in any case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fnmatch import fnmatchcase

from bravo_agent.config import PolicySection, Waiver
from bravo_agent.deciders.policy import kind_tag, selects, waives
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, Table
from bravo_agent.model.change import Change

# Once these are settled, what they are about has gone from both sides: the column (or its name), or the whole table.
_TAKES_COLUMN = {"dropped_field", "renamed_field"}
_TAKES_TABLE = {"table_dropped", "table_renamed"}


def check_waivers(
    policy: PolicySection, changes: Sequence[Change], sides: Sequence[Catalog], today: date
) -> tuple[str, ...]:
    """Notes on expired and removable waivers; ``sides`` are baseline and source, ``changes`` as the kinds judge them.

    Raises ``UsageError`` ``waiver-unmatched`` naming the lines.
    """
    notes: list[str] = []
    unmatched: list[str] = []
    for number, waiver in enumerate(policy.waivers):
        place = policy.place(f"waivers.{number}")
        note = _note(waiver, changes, sides, today)
        if note is None:
            unmatched.append(f"{place} ({_named(waiver)})")
        elif note:
            notes.append(f"{place} {note}")
    if unmatched:
        raise UsageError(
            "waiver-unmatched",
            f"waivers match no change, and nothing that they name is there: {'; '.join(unmatched)}",
            hint="Mend the names (schema.table, the column), or remove the waiver.",
            where="bravo.toml [[policy.waivers]]",
        )
    return tuple(notes)


def _note(waiver: Waiver, changes: Sequence[Change], sides: Sequence[Catalog], today: date) -> str | None:
    """What is worth saying; "" for a waiver in use, None for one that matches nothing."""
    waiting = [change for change in changes if change.state in ("open", "decided") and waives(waiver, change)]
    if waiver.expires < today:
        left = "what it waived is judged without it: renew or remove it" if waiting else "it can be removed"
        return f"expired on {waiver.expires.isoformat()}; {left}"
    if waiting:
        return ""
    if any(selects(waiver, change, by_severity=False) for change in changes) or _is_there(waiver, sides):
        return f"waives nothing that is open ({_named(waiver)}); if that is settled, it can be removed"
    return None


def _is_there(waiver: Waiver, sides: Sequence[Catalog]) -> bool:
    kinds = {kind_tag(name) for name in waiver.kind}
    tables = [table for side in sides for table in side.tables if _fits(table.key, waiver.table)]
    if not tables:
        return bool(kinds & _TAKES_TABLE)
    if not waiver.field or kinds & _TAKES_COLUMN:
        return True
    return any(_fits(column, waiver.field) for column in _columns(tables))


def _columns(tables: Sequence[Table]) -> Iterator[str]:
    return (column.name for table in tables for column in table.columns)


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def _named(waiver: Waiver) -> str:
    given = (waiver.change, *waiver.kind, *waiver.table, *waiver.field)
    return " ".join(text for text in given if text)
