"""What a person or a client sees while work goes on: a closed union, handed to ``emit``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class StageStarted:
    """A stage of a run begins; ``total`` rows (or bytes, or None) are expected."""

    stage: str
    total: int | None = None
    tag: Literal["stage-started"] = "stage-started"


@dataclass(frozen=True)
class StageFinished:
    """A stage ended after ``seconds``."""

    stage: str
    seconds: float
    rows: int = 0
    tag: Literal["stage-finished"] = "stage-finished"


@dataclass(frozen=True)
class TableStarted:
    """Work on a table begins, with ``rows`` expected (None: not known)."""

    stage: str
    table: str
    rows: int | None = None
    tag: Literal["table-started"] = "table-started"


@dataclass(frozen=True)
class RowsDone:
    """``rows`` more rows of a table are done (not the sum so far)."""

    stage: str
    table: str
    rows: int
    tag: Literal["rows-done"] = "rows-done"


@dataclass(frozen=True)
class TableFinished:
    """A table is done."""

    stage: str
    table: str
    rows: int
    tag: Literal["table-finished"] = "table-finished"


@dataclass(frozen=True)
class PartReached:
    """A part of a stage that has no rows begins: the ``number``-th of ``total`` (0: there is but one)."""

    stage: str
    number: int = 0
    total: int = 0
    tag: Literal["part-reached"] = "part-reached"


@dataclass(frozen=True)
class StepReached:
    """A step of a publish or rollback is about to be done; between two of these a crash is recoverable."""

    operation: str
    step: str
    tag: Literal["step-reached"] = "step-reached"


@dataclass(frozen=True)
class Noted:
    """Something worth saying: ``level`` is ``info`` or ``warning``."""

    level: Literal["info", "warning"]
    message: str
    tag: Literal["noted"] = "noted"


Event = (
    StageStarted | StageFinished | TableStarted | RowsDone | TableFinished | PartReached | StepReached | Noted
)
Emit = Callable[[Event], None]
"""May raise ``StoppedError``, to stop the work at the place that is told of; never at a ``StepReached``."""


def ignore(event: Event) -> None:
    """Drop the event: the default of every verb."""
