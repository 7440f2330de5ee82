"""What the review shows, as values: one model feeds the served page, the static file and the Markdown.

Texts stand here as they are in the database and in the code: whatever writes them out makes them harmless
(`visible.py`, and the escaping of HTML or Markdown).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bravo_agent.model.change import Severity, State, Use, Verdict
from bravo_agent.usecases.plans import PlanStanding

Tone = Literal["bad", "good", "plain"]


@dataclass(frozen=True)
class Bar:
    """One bar: ``share`` (0 to 1) is its length, ``value`` what it stands for in words."""

    label: str
    value: str
    share: float
    tone: Tone = "plain"


@dataclass(frozen=True)
class Chart:
    """Bars under one another; ``title`` says what is counted."""

    title: str
    bars: tuple[Bar, ...]

    @property
    def spoken(self) -> str:
        """The chart in words, for whoever does not see it."""
        return "; ".join(f"{bar.label}: {bar.value}" for bar in self.bars)


@dataclass(frozen=True)
class DiffRow:
    """One line of a side-by-side diff: number and text on each side, None where a side has no line."""

    kind: Literal["same", "changed", "removed", "added", "gap"]
    before: tuple[int, str] | None = None
    after: tuple[int, str] | None = None
    gap: str = ""


@dataclass(frozen=True)
class DiffFile:
    """One file of a diff; ``cut`` rows are not shown, because there are too many."""

    file: str
    rows: tuple[DiffRow, ...]
    new: bool = False
    cut: int = 0


@dataclass(frozen=True)
class Fault:
    """An error as every front end tells it."""

    code: str
    message: str
    hint: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cascade:
    """What an answer leads to in the code: its edits, what is left to people, or why that cannot be told."""

    files: tuple[DiffFile, ...] = ()
    manual: tuple[str, ...] = ()
    fault: Fault | None = None


@dataclass(frozen=True)
class Answer:
    """One legal answer; ``taken``: it holds now. ``cascade`` is None where it was not worked out.

    ``filled`` are params as somebody typed them, or as the answer that holds has them.
    """

    number: int
    name: str
    label: str
    consequence: str
    params: tuple[str, ...] = ()
    safe: bool = False
    taken: bool = False
    filled: tuple[tuple[str, str], ...] = ()
    cascade: Cascade | None = None

    @property
    def values(self) -> dict[str, str]:
        """``filled`` by name."""
        return dict(self.filled)


@dataclass(frozen=True)
class Code:
    """The code of a function, whole; ``lines`` are empty where no file on this machine has the hash."""

    file: str
    sha256: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """What bravo.decisions.json says of a change."""

    state: str
    option: str
    by: str
    when: str
    rationale: str
    params: tuple[tuple[str, str], ...] = ()
    why: str = ""
    hash: str = ""
    """Of what was said: whoever accepts it accepts this, and nothing that took its place."""
    code: Code | None = None
    """Of the function that it names, if it names one by its hash."""


@dataclass(frozen=True)
class ChangeCard:
    """One change in full; ``answers`` are empty where nothing is asked."""

    id: str
    kind: str
    table: str
    field: str | None
    severity: Severity
    verdict: Verdict
    state: State
    what: str
    told: tuple[str, ...]
    reason: str
    answered: str
    evidence: str
    charts: tuple[Chart, ...]
    uses: tuple[Use, ...]
    question: str
    answers: tuple[Answer, ...]
    records: tuple[Record, ...]
    following: tuple[str, ...] = ()
    """What happens, or is to be done, next."""

    @property
    def place(self) -> str:
        """Table and field."""
        return f"{self.table}.{self.field}" if self.field else self.table

    @property
    def short(self) -> str:
        """The beginning of the id, as the terminal shows it."""
        return self.id[:12]

    @property
    def proposal(self) -> Record | None:
        """What a model proposed and nobody has accepted or rejected."""
        return next((one for one in self.records if one.state == "proposed"), None)


@dataclass(frozen=True)
class VersionLine:
    """A version of the database."""

    id: str
    state: str
    refresh: str
    snapshot: str
    documents: int
    verified: bool
    by: str
    at: str
    plan: str


@dataclass(frozen=True)
class RunLine:
    """A run as the audit trail has it."""

    what: str
    outcome: str
    version: str
    who: str
    at: str
    seconds: str
    rate: str
    memory: str
    checks: str


@dataclass(frozen=True)
class Count:
    """How many changes are so."""

    name: str
    count: int


@dataclass(frozen=True)
class Filters:
    """Which changes are shown: "" lets all through; ``text`` is looked for in place, kind and state."""

    severity: str = ""
    decision: str = ""
    state: str = ""
    kind: str = ""
    text: str = ""

    @property
    def active(self) -> bool:
        """Whether any is set."""
        return any((self.severity, self.decision, self.state, self.kind, self.text))


@dataclass(frozen=True)
class Page:
    """The whole review. ``shown`` are the changes that the filters let through, of ``total``.

    ``plans_note`` and ``database_note`` say why there is nothing to show, where that is so.
    """

    project: str
    total: int
    shown: tuple[ChangeCard, ...]
    counts: tuple[Count, ...]
    notes: tuple[str, ...]
    plans: tuple[PlanStanding, ...] = ()
    plans_note: str = ""
    database: str = ""
    versions: tuple[VersionLine, ...] = ()
    runs: tuple[RunLine, ...] = ()
    database_note: str = ""
    filters: Filters = Filters()
    kinds: tuple[str, ...] = ()
    """Every kind that there is, to choose from."""
