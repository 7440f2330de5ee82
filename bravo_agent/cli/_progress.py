"""Events as a person sees them: bars on a terminal, plain lines in a CI log, JSON lines in the log file."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import IO, assert_never

import rich.progress
from rich.console import Console
from rich.text import Text

from bravo_agent import events, wire
from bravo_agent.cli._tables import one_line

_LINE_EVERY = 10.0  # seconds between two progress lines of one table in a log


class Progress:
    """Callable with an event, from any thread; ``stop`` is idempotent."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False)
        self._bars: rich.progress.Progress | None = None
        self._tasks: dict[str, rich.progress.TaskID] = {}
        self._rows: dict[str, tuple[int, float, float]] = {}
        self._log: IO[str] | None = None
        self._lock = threading.Lock()
        self._live = sys.stderr.isatty() and not os.environ.get("CI")

    def log_to(self, path: Path) -> None:
        """Every event from now on also goes to ``path`` as a JSON line."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._log = path.open("a", encoding="utf-8")

    def stop(self) -> None:
        """Ends the bars and closes the log file."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
        if self._log is not None:
            self._log.close()
            self._log = None

    def __call__(self, event: events.Event) -> None:
        """Shows the event."""
        with self._lock:
            self._write_log(event)
            if self._live:
                self._draw(event)
            else:
                self._print(event)

    def _write_log(self, event: events.Event) -> None:
        if self._log is not None:
            self._log.write(json.dumps({"at": time.time(), **wire.plain(event)}, sort_keys=True) + "\n")
            self._log.flush()

    def _draw(self, event: events.Event) -> None:
        # Every stage has bars of its own, which are wiped when it ends: only its last line stays on the screen.
        if isinstance(event, events.StageFinished) and self._bars is not None:
            self._bars.stop()
            self._bars = None
            self._tasks.clear()
        elif isinstance(event, events.TableStarted) and self._bars is None:
            self._bars = _bars(self.console)
            self._bars.start()
        match event:
            case events.TableStarted():
                if self._bars is not None:
                    task = self._bars.add_task(one_line(f"{event.stage} {event.table}"), total=event.rows)
                    self._tasks[event.table] = task
            case events.RowsDone():
                self._advance(event.table, event.rows)
            case events.TableFinished():
                self._complete(event.table, event.rows)
            case events.StageFinished():
                self.console.print(_finished(event), markup=False)
            case events.StageStarted() | events.PartReached() | events.StepReached():
                pass
            case events.Noted():
                self.console.print(one_line(f"{event.level}: {event.message}"), markup=False)
            case _:
                assert_never(event)

    def _advance(self, table: str, rows: int) -> None:
        if self._bars is not None and table in self._tasks:
            self._bars.advance(self._tasks[table], rows)

    def _complete(self, table: str, rows: int) -> None:
        if self._bars is not None and table in self._tasks:
            self._bars.update(self._tasks[table], total=rows, completed=rows)
            self._bars.stop_task(self._tasks.pop(table))

    def _print(self, event: events.Event) -> None:
        match event:
            case events.TableStarted():
                now = time.monotonic()
                self._rows[event.table] = (0, now, now)
            case events.RowsDone():
                self._print_rows(event)
            case events.TableFinished():
                _, started, _ = self._rows.pop(event.table, (0, time.monotonic(), 0.0))
                seconds = time.monotonic() - started
                rate = f" ({event.rows / seconds:,.0f} rows/s)" if seconds > 0.05 and event.rows else ""
                self._line(f"{event.stage}: {event.table}: {event.rows:,} rows{rate}")
            case events.StageFinished():
                self._line(_finished(event))
            case events.StageStarted() | events.PartReached() | events.StepReached():
                pass
            case events.Noted():
                self._line(f"{event.level}: {event.message}")
            case _:
                assert_never(event)

    def _print_rows(self, event: events.RowsDone) -> None:
        now = time.monotonic()
        rows, started, last = self._rows.get(event.table, (0, now, now))
        rows += event.rows
        if now - last >= _LINE_EVERY:
            self._line(f"{event.stage}: {event.table}: {rows:,} rows, {rows / (now - started):,.0f} rows/s")
            last = now
        self._rows[event.table] = (rows, started, last)

    def _line(self, text: str) -> None:
        sys.stderr.write(one_line(text) + "\n")
        sys.stderr.flush()


def _finished(event: events.StageFinished) -> str:
    rows = f", {event.rows:,} rows" if event.rows else ""
    rate = f", {event.rows / event.seconds:,.0f} rows/s" if event.rows and event.seconds > 0.05 else ""
    return f"{event.stage}: done in {event.seconds:.1f} s{rows}{rate}"


def _bars(console: Console) -> rich.progress.Progress:
    return rich.progress.Progress(
        rich.progress.TextColumn("{task.description}", markup=False),
        rich.progress.BarColumn(),
        rich.progress.MofNCompleteColumn(),
        _Rate(),
        rich.progress.TimeRemainingColumn(),
        console=console,
        transient=True,
    )


class _Rate(rich.progress.ProgressColumn):
    """Rows per second; nothing before the first rows."""

    def render(self, task: rich.progress.Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f} rows/s" if speed else "")
