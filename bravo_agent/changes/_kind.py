"""What a kind of change is, and the one way in which a change is put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, runtime_checkable

from bravo_agent import wire
from bravo_agent.changes._context import Context
from bravo_agent.model.catalog import Table
from bravo_agent.model.change import (
    Application,
    Candidate,
    Change,
    Details,
    Evidence,
    Fact,
    Question,
    Severity,
    State,
    Use,
    Verdict,
)
from bravo_agent.model.entities import Field
from bravo_agent.model.plan import ModelEdit


@dataclass(frozen=True)
class Example:
    """One table before and after (None: not there), the model's fields, and what the kind must say of it."""

    title: str
    before: Table | None
    after: Table | None
    fields: tuple[Field, ...] | None
    severity: Severity
    verdict: Verdict
    state: State = "open"
    options: tuple[str, ...] | None = None
    uses: Mapping[str, tuple[Use, ...]] = field(default_factory=dict)
    renames: Mapping[str, str] = field(default_factory=dict)


class ChangeKind(Protocol):
    """A file of changes/. Kinds of a lower ``rank`` claim first; no two may want the same fact at one rank.

    ``alters_values``: whether an undecided change keeps its column out of the load.
    """

    name: ClassVar[str]
    rank: ClassVar[int]
    summary: ClassVar[str]
    alters_values: ClassVar[bool]
    examples: ClassVar[tuple[Example, ...]]

    def claim(self, facts: Sequence[Fact], context: Context) -> Iterator[Change]:
        """The changes of this kind among ``facts``; each holds the facts that it claims."""
        ...


@runtime_checkable
class EditsModels(Protocol):
    """A kind of which some answers are carried into the models."""

    def edits(self, change: Change) -> tuple[ModelEdit, ...]:
        """What the answer of a decided ``change`` does to its model; () where that is nothing, or by hand."""
        ...


@dataclass(frozen=True)
class Subject:
    """What a change is about: the table at the baseline, its column, and the model's field for it."""

    table: str
    column: str | None = None
    entity: str | None = None
    field: str | None = None
    uses: tuple[Use, ...] = ()


def change_id(kind: str, table: str, column: str | None, before: Any, after: Any) -> str:
    """16 hex digits that are the same for the same change on every machine."""
    content = {"kind": kind, "table": table, "field": column, "before": before, "after": after}
    return wire.fingerprint(content)[:16]


def change(
    kind: str,
    subject: Subject,
    facts: tuple[Fact, ...],
    *,
    before: Any,
    after: Any,
    severity: Severity,
    verdict: Verdict,
    details: Details,
    question: Question | None = None,
    settled: bool = False,
    application: Application = "in-place",
    evidence: Evidence | None = None,
    candidates: tuple[Candidate, ...] = (),
) -> Change:
    """A change that nobody decided yet; ``before`` and ``after`` are what its id is made of."""
    return Change(
        id=change_id(kind, subject.table, subject.column, before, after),
        kind=kind,
        table=subject.table,
        field=subject.column,
        severity=severity,
        verdict=verdict,
        application=application,
        state="settled" if settled else "open",
        details=details,
        facts=facts,
        entity=subject.entity,
        model_field=subject.field,
        question=question,
        evidence=evidence or Evidence(),
        candidates=candidates,
        uses=subject.uses,
        reason="the models show it already" if settled else f"default: {kind} is {verdict}",
    )
