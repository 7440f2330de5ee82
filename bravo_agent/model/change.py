"""Facts, the changes that claim them, and what is decided about them: three axes, never mixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bravo_agent.model.catalog import Column, Table

Severity = Literal["breaking", "warning", "info"]
Verdict = Literal["auto-approve", "review", "block"]
Application = Literal["in-place", "rebuild", "parallel-version"]
TakesHold = Literal["models", "at-once", "standing"]
State = Literal["open", "decided", "settled", "ahead-of-source"]
Role = Literal[
    "model",
    "calculation",
    "serialization",
    "validation",
    "rounding",
    "test",
    "api",
    "fixture",
    "query",
    "other",
]


@dataclass(frozen=True)
class Added:
    """``column`` of ``table`` (or, with column None, the whole table) is there now and was not."""

    table: str
    column: Column | None = None
    new_table: Table | None = None
    tag: Literal["added"] = "added"


@dataclass(frozen=True)
class Removed:
    """``column`` of ``table`` (or the whole table) was there and is no more."""

    table: str
    column: Column | None = None
    old_table: Table | None = None
    tag: Literal["removed"] = "removed"


@dataclass(frozen=True)
class Altered:
    """``aspect`` of a column or table went from ``before`` to ``after`` (texts in canonical form).

    ``table`` is the key at the baseline. ``old`` and ``new`` are the column's two whole states where a column is
    meant; their names differ when it was renamed, which only identity can tell.
    """

    table: str
    aspect: Literal[
        "name",
        "type",
        "nullable",
        "default",
        "comment",
        "generated",
        "primary-key",
        "foreign-keys",
        "indexes",
        "checks",
        "partitioned",
    ]
    before: str | None
    after: str | None
    old: Column | None = None
    new: Column | None = None
    tag: Literal["altered"] = "altered"


Fact = Added | Removed | Altered


@dataclass(frozen=True)
class Use:
    """A place where code uses a field: ``how`` says how that is known (``name``: by its name alone)."""

    file: str
    line: int
    role: Role
    how: Literal["types", "flow", "convention", "name"]
    text: str = ""


EXACT_DISTINCT = 65_536
"""Up to here ``Evidence.distinct`` is exact, beyond it is an estimate."""


@dataclass(frozen=True)
class Evidence:
    """Statistics of the column, never values; None where it was not measured.

    ``rows`` of the snapshot; ``nulls``, ``castable`` (values that what is expected takes), ``outside``
    (values outside the bounds that what is expected has) and ``holding`` (label -> rows; ``held_before``: in the
    last snapshot that knew the label) are counts of rows, ``distinct`` is a count of values. ``equal_by_key`` is
    the share of rows, found by key in the last snapshot and now, whose values are equal. ``keys`` of offending
    rows are filled on request alone, and never written to the report.
    """

    rows: int | None = None
    nulls: int | None = None
    distinct: int | None = None
    castable: int | None = None
    outside: int | None = None
    holding: tuple[tuple[str, int], ...] = ()
    held_before: tuple[tuple[str, int], ...] = ()
    equal_by_key: float | None = None
    similarity: float | None = None
    identity: bool = False
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """What a removed column (or table) may have become, or an added one may have been.

    ``score`` is 0 to 1: how likely, given all other candidates. ``reasons`` in the order of their weight, each
    with it.
    """

    table: str
    field: str | None
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """One legal answer to a question, with its consequence in a sentence.

    ``safe``: what the deterministic decider takes where the verdict is auto-approve (one of a question at most).
    ``takes_hold``: when the baseline may move over the change. ``models``: once the models show it; ``at-once``:
    there is nothing to edit; ``standing``: never, the answer is replayed at every run.
    """

    name: str
    label: str
    consequence: str
    params: tuple[str, ...] = ()
    safe: bool = False
    takes_hold: TakesHold = "models"


@dataclass(frozen=True)
class Question:
    """What somebody has to answer before a change can be applied."""

    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Details:
    """``expected_type`` is what baseline and model say, ``current_type`` what the source says."""

    current_type: str | None = None
    expected_type: str | None = None
    required: bool | None = None
    default: str | None = None
    before: str | None = None
    after: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Change:
    """One classified change. ``id`` is the hash of (kind, table, field, before, after)."""

    id: str
    kind: str
    table: str
    field: str | None
    severity: Severity
    verdict: Verdict
    application: Application
    state: State
    details: Details
    facts: tuple[Fact, ...]
    entity: str | None = None
    model_field: str | None = None
    question: Question | None = None
    evidence: Evidence = Evidence()
    candidates: tuple[Candidate, ...] = ()
    """Ranked; of a suspected rename, the first is what it was paired with."""
    uses: tuple[Use, ...] = ()
    decided_by: str | None = None
    option: str | None = None
    params: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    """Which line decided: a policy line, a recorded decision, or the default table."""
    evidence_changed: bool = False
    """Whether the evidence measured now is another than that which the recorded answer was given on."""
    held_by: tuple[Use, ...] = ()
    """Of an accepted drop: uses that only a person can take away. While there are any, nothing is published."""

    @property
    def answer(self) -> Option | None:
        """The option that was taken, or None while nobody decided."""
        options = self.question.options if self.question else ()
        return next((option for option in options if option.name == self.option), None)


@dataclass(frozen=True)
class Decision:
    """An answer to a change's question, as kept in bravo.decisions.json; only accepted ones replay.

    ``who`` is the person's name; ``model`` and ``prompt_hash`` stay where a person accepted what a model proposed.
    ``supersedes`` is the content hash of the accepted answer that this one took the place of. ``decided_at`` stands
    outside everything that is hashed.
    """

    change_id: str
    option: str
    params: tuple[tuple[str, str], ...] = ()
    decided_by: Literal["person", "model", "policy"] = "person"
    via: Literal["cli", "mcp", "elicitation", "api"] = "cli"
    rationale: str = ""
    status: Literal["proposed", "accepted"] = "accepted"
    evidence_hash: str | None = None
    table: str = ""
    field: str | None = None
    kind: str = ""
    who: str = ""
    model: str | None = None
    prompt_hash: str | None = None
    decided_at: str | None = None
    supersedes: str | None = None
