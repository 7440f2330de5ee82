"""What every command shares: ``--json``, ``-C DIR``, errors with their exit code, progress on stderr."""

from __future__ import annotations

import functools
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bravo_agent import wire
from bravo_agent.cli._progress import Progress
from bravo_agent.cli._tables import lines_text, one_line
from bravo_agent.errors import BravoError, FailedError
from bravo_agent.transfer.memory import give_memory_back
from bravo_agent.workspace import Workspace, open_workspace

INTERRUPTED = 130


@dataclass(frozen=True)
class Session:
    """One call of one command."""

    project: Path
    json: bool
    progress: Progress

    def workspace(self) -> Workspace:
        """The project's workspace; raises ``UsageError`` when it has no valid bravo.toml."""
        return open_workspace(self.project)

    def result(self, document: Any, text: str | None = None, *, exact: bool = False) -> None:
        """The result on stdout: ``document`` as JSON with --json, else ``text``.

        ``exact``: byte for byte, for whoever reads a pipe or a file; what a terminal is shown is escaped all the same.
        """
        self.progress.stop()
        if self.json:
            click.echo(wire.json_text(document))
        elif text is not None:
            click.echo(text if exact and not sys.stdout.isatty() else printable(text))


def printable(text: str) -> str:
    """``text`` with everything escaped that could move a terminal's cursor or turn its writing round.

    Names of tables, columns and labels come from a database, and anybody may have chosen them.
    """
    return "\n".join(one_line(line) for line in text.split("\n"))


def common(function: Callable[..., int | None]) -> Callable[..., None]:
    """Adds the shared options; the function takes the ``Session`` first and returns its exit code."""

    @click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout, progress on stderr.")
    @click.option(
        "-C", "--project", type=click.Path(path_type=Path), default=Path(), help="The project's folder."
    )
    @functools.wraps(function)
    def wrapped(*, as_json: bool, project: Path, **options: Any) -> None:
        give_memory_back()
        session = Session(project.resolve(), as_json, Progress())
        sys.exit(_guarded(session, lambda: function(session, **options)))

    return wrapped


def _guarded(session: Session, call: Callable[[], int | None]) -> int:
    try:
        return call() or 0
    except BravoError as error:
        session.progress.stop()
        _show_error(session, error)
        return error.exit_code
    except (click.ClickException, click.exceptions.Exit):
        raise
    except Exception as error:
        if os.environ.get("BRAVO_DEBUG"):
            raise
        session.progress.stop()
        _show_error(session, _unexpected(error))
        return 1
    except KeyboardInterrupt:
        session.progress.stop()
        click.echo("interrupted: what is done is kept; the same command goes on from there", err=True)
        return INTERRUPTED
    finally:
        session.progress.stop()


def _unexpected(error: Exception) -> BravoError:
    """A fault of bravo-agent itself. Its message may hold row values, so only its type and place are told."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return FailedError(
        "internal",
        f"an unexpected {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}",
        hint="Nothing half done is visible to readers. Run it again with BRAVO_DEBUG=1 for the whole trace, and "
        "report it (the trace may hold values of rows: look before you send it).",
    )


def _show_error(session: Session, error: BravoError) -> None:
    if session.json:
        show_json(error)
    click.echo(_error_text(error), err=True)


def _error_text(error: BravoError) -> str:
    """As ``str`` has it, but each part on a line of its own whatever names it holds."""
    place = f" ({error.where})" if error.where else ""
    details = (f"  {line}" for line in error.details)
    return lines_text(
        (f"error [{error.code}] {error.message}{place}", *details, f"  what to do: {error.hint}")
    )


def show_json(error: BravoError) -> None:
    """The error as the one document on stdout."""
    found = {
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "where": error.where,
        "retryable": error.retryable,
        **({"details": list(error.details)} if error.details else {}),
    }
    document = {"status": "error", "exitCode": error.exit_code, "error": found}
    click.echo(wire.json_text(document))
