"""Calls under way: what they have emitted so far, and the flag that stops them at the next chunk."""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Literal

from bravo_agent.errors import StoppedError
from bravo_agent.events import (
    Event,
    Noted,
    PartReached,
    RowsDone,
    StageFinished,
    StageStarted,
    StepReached,
    TableFinished,
    TableStarted,
)
from mcp_server._seat import Seat

WorkState = Literal["waiting", "running", "done", "failed", "cancelled"]
ENDED = ("done", "failed", "cancelled")
_KEPT = 50


@dataclass
class Work:
    """One call of one long tool. Written by its thread, read by others."""

    id: str
    tool: str
    state: WorkState = "running"
    error: str | None = None
    stage: str = ""
    rows: int = 0
    tables: int = 0
    part: int = 0
    total: int = 0
    steps: int = 0
    """Counts up with every event: how a client sees that something goes on."""
    told: int = 0
    """The steps that the client was told of."""
    stop: threading.Event = field(default_factory=threading.Event)
    seat: Seat = field(default_factory=Seat)
    """Where its thread works."""

    @property
    def ended(self) -> bool:
        """Whether it neither runs nor waits any more."""
        return self.state in ENDED

    def emit(self, event: Event) -> None:
        """Notes the event; raises ``StoppedError`` where the work may be stopped and somebody asked for it."""
        self._note(event)
        # Never between two steps of a publish or rollback: what was begun there is brought to its end.
        if self.stop.is_set() and not isinstance(event, StepReached):
            raise StoppedError

    def _note(self, event: Event) -> None:
        self.steps += 1
        match event:
            case StageStarted():
                self._enter(event.stage)
            case PartReached():
                self._enter(event.stage)
                self.part, self.total = event.number, event.total
            case RowsDone():
                if self.stage != event.stage:
                    self._enter(event.stage)
                self.rows += event.rows
                self.steps += event.rows
            case TableFinished():
                self.tables += 1
            case StepReached():
                self.stage = event.operation
            case StageFinished() | TableStarted() | Noted():
                pass

    def _enter(self, stage: str) -> None:
        self.stage, self.rows, self.tables, self.part, self.total = stage, 0, 0, 0, 0

    @property
    def message(self) -> str:
        """The stage and counts; no names of tables, which somebody else chose."""
        done = [f"{self.part} of {self.total}"] if self.part and self.total else []
        done += [f"{self.rows:,} rows"] if self.rows else []
        done += [f"{self.tables} tables"] if self.tables else []
        return f"{self.stage or self.tool}{': ' if done else ''}{', '.join(done)}"


class Works:
    """The works of this server, the newest last; finished ones are forgotten after a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._works: OrderedDict[str, Work] = OrderedDict()

    def begin(self, tool: str, *, listed: bool) -> Work:
        """A new work; ``listed`` ones can be asked for and cancelled by their id."""
        with self._lock:
            work = Work(f"{tool}-{next(self._numbers)}" if listed else "", tool)
            if listed:
                self._works[work.id] = work
                finished = [one.id for one in self._works.values() if one.ended]
                for old in finished[:-_KEPT]:
                    del self._works[old]
        return work

    def find(self, work_id: str) -> Work | None:
        """The work of that id."""
        with self._lock:
            return self._works.get(work_id)

    def all(self) -> tuple[Work, ...]:
        """Newest first."""
        with self._lock:
            return tuple(reversed(self._works.values()))

    def running(self) -> tuple[Work, ...]:
        """Those that have not ended, newest first; those that wait for another one after those that run."""
        return tuple(
            sorted((one for one in self.all() if not one.ended), key=lambda one: one.state == "waiting")
        )
