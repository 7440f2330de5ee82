"""``bravo-agent draft CHANGE``: the code of a custom transformation, checked before a person reads it."""

from __future__ import annotations

from pathlib import Path

import click

from bravo_agent import wire
from bravo_agent.cli._propose import cost_text
from bravo_agent.cli._session import Session, common
from bravo_agent.cli._tables import lines_text
from bravo_agent.errors import UsageError
from bravo_agent.model.proposal import Draft
from bravo_agent.planning.transform_code import MAX_BYTES
from bravo_agent.usecases.draft import draft
from bravo_agent.usecases.examine import examine

WAITS, FAILED = 3, 1


@click.command("draft")
@click.argument("change_id")
@click.option("--decider", type=click.Choice(["claude"]), help="Lets the model write the function.")
@click.option(
    "--from",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Takes the function from a file of yours.",
)
@click.option("--source", default="direct", show_default=True, help="direct, s3, or a snapshot's folder.")
@common
def command(session: Session, change_id: str, decider: str | None, file: Path | None, source: str) -> int:
    """Checks a function for the answer `custom` on synthetic values; nothing of it sees a row before you accept."""
    workspace = session.workspace()
    if (decider is None) == (file is None):
        raise click.UsageError("give --decider claude or --from FILE")
    code = _text(file) if file else None
    found = examine(workspace, source=source, stale="ask").found
    made = draft(workspace, found, change_id, code=code, emit=session.progress)
    session.result(wire.plain(made), draft_text(made))
    return FAILED if made.faults else WAITS


def draft_text(made: Draft) -> str:
    """The code, what was tried, and how to accept it."""
    lines = made.code.split("\n") if made.code else []
    if made.rationale:
        lines.append(f"the model says: {made.rationale}")
    if made.model:
        lines.append(f"{made.model}: {cost_text(made.cost)}")
    lines += [f"note: {note}" for note in made.notes]
    if made.faults:
        return lines_text([*lines, "refused:", *(f"  {fault}" for fault in made.faults)])
    network = (
        "without a network" if made.isolation == "namespaces" else "network forbidden by an audit hook alone"
    )
    lines.append(f"passed: {made.trials} synthetic values, twice, in a sandbox ({network})")
    lines.append(f"accepting writes {made.file}, bound by sha256 {made.sha256}")
    lines.append(f"read it, then: {_accept(made)}")
    return lines_text(lines)


def _accept(made: Draft) -> str:
    change = made.change_id[:12]
    if made.model:
        return f"bravo-agent decide {change} --accept"
    return f"bravo-agent decide {change} custom --param function={made.function} --param sha256={made.sha256}"


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(4 * MAX_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            "draft-unreadable",
            f"{file} is not a UTF-8 text",
            hint="Save the function as UTF-8.",
            where=str(file),
        ) from None
