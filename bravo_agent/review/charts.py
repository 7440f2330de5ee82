"""Evidence as small charts: counts of rows, never values."""

from __future__ import annotations

from collections.abc import Iterator

from bravo_agent.model.change import Candidate, Change
from bravo_agent.review.page import Bar, Chart, Tone

_LABELS = 12


def charts_of(change: Change) -> tuple[Chart, ...]:
    """One chart for each thing that was measured."""
    return tuple(_charts(change))


def _charts(change: Change) -> Iterator[Chart]:
    found = change.evidence
    rows, nulls = found.rows, found.nulls
    if rows and nulls is not None:
        bars = _part("NULL", nulls, rows, "bad"), _part("with a value", rows - nulls, rows)
        yield Chart(f"Of {rows:,} rows", bars)
    values = (rows or 0) - (nulls or 0)
    if found.castable is not None and values:
        fits = _part("fit what is expected", found.castable, values, "good")
        yield Chart(f"Of {values:,} values", (fits, _part("do not", values - found.castable, values, "bad")))
    if found.outside and values:
        inside = _part("within", values - found.outside, values, "good")
        yield Chart("Bounds", (_part("beyond", found.outside, values, "bad"), inside))
    if found.holding:
        yield Chart("Rows that hold the label", _labels(found.holding))
    if any(count for _, count in found.held_before):
        yield Chart("Rows that held it in the last snapshot", _labels(found.held_before))
    if found.equal_by_key is not None:
        share = found.equal_by_key
        yield Chart("Same rows, before and now", (Bar("equal by key", f"{share:.1%}", share, "good"),))
    if change.candidates:
        likely = tuple(Bar(_name(change, one), f"{one.score:.2f}", one.score) for one in change.candidates)
        yield Chart("What it may be, with its score", likely[:_LABELS])


def _part(label: str, count: int, total: int, tone: Tone = "plain") -> Bar:
    share = min(1.0, max(0.0, count / total))
    return Bar(label, f"{count:,} ({share:.1%})", share, tone if count else "plain")


def _labels(counts: tuple[tuple[str, int], ...]) -> tuple[Bar, ...]:
    most = max(count for _, count in counts) or 1
    return tuple(Bar(label, f"{count:,} rows", count / most) for label, count in counts[:_LABELS])


def _name(change: Change, one: Candidate) -> str:
    """The table is named where it is another one."""
    return ".".join(text for text in (one.table if one.table != change.table else "", one.field) if text)
