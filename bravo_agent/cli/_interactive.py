"""Questions on a terminal, one after the other: evidence, uses, what each answer leads to, back, skip, quit.

Every answer is written to bravo.decisions.json as soon as it is given, so that whoever quits (or is cut off) goes
on later with what is still open.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import click

from bravo_agent.cli._changes import detail_lines
from bravo_agent.cli._session import Session, printable
from bravo_agent.cli._tables import lines_text, one_line
from bravo_agent.errors import BravoError, UsageError
from bravo_agent.model.change import Change, Decision, Option
from bravo_agent.planning.held import held_text
from bravo_agent.usecases.acquire import acquire
from bravo_agent.usecases.decide import record_decision
from bravo_agent.usecases.detect import Detection, detect
from bravo_agent.usecases.preview import preview
from bravo_agent.usecases.question import question_text
from bravo_agent.workspace import DECISIONS, Workspace

_KEYS = (
    "number answers; p NUMBER shows the diff it leads to; u all uses; b back; s skip; q quit and go on later"
)
_ID = 12
Move = Literal["next", "back", "quit"]


@dataclass
class Conversation:
    """One sitting at the terminal. ``look`` detects anew; ``answered`` and ``skipped`` are ids of changes.

    ``left``: somebody quit before the last question.
    """

    workspace: Workspace
    found: Detection
    look: Callable[[], Detection]
    answered: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    left: bool = False
    snapshot: str = "latest"
    """Which snapshot the questions are about."""

    def run(self) -> Detection:
        """Asks until nothing is left or somebody quits; gives what detect finds with the answers."""
        _say(f"{len(_open(self.found))} open, in {DECISIONS} as you answer\n")
        current = self._next()
        while current is not None:
            self.shown.append(current.id)
            move = self._ask(current)
            if move == "quit":
                self.left = True
                break
            current = self._former() if move == "back" else self._next()
        self._say_the_end()
        return self.found

    def _next(self) -> Change | None:
        done = {*self.answered, *self.skipped}
        return next((change for change in _open(self.found) if change.id not in done), None)

    def _former(self) -> Change | None:
        """The question before this one, answered or not, to be asked again."""
        self.shown.pop()
        while self.shown:
            former = self.shown.pop()
            for ids in (self.answered, self.skipped):
                if former in ids:
                    ids.remove(former)
            change = next((one for one in self.found.changes if one.id == former and one.question), None)
            if change is not None:
                return change
        _say("this is the first question")
        return self._next()

    def _ask(self, change: Change) -> Move:
        self._show(change)
        while True:
            said = _read("> Select option: ")
            if said is None or said in ("q", "quit"):
                return "quit"
            if said in ("b", "back"):
                return "back"
            if said in ("s", "skip"):
                self.skipped.append(change.id)
                return "next"
            if said in ("u", "uses"):
                _say(lines_text(_all_uses(change)) or "used nowhere in code")
            elif said.startswith("p"):
                self._preview(change, said[1:].strip())
            elif self._answer(change, said):
                return "next"

    def _show(self, change: Change) -> None:
        place = f"question {len(self.answered) + len(self.skipped) + 1}"
        left = len([one for one in _open(self.found) if one.id not in self.skipped])
        _say(f"--- {place}, {left} open --- {change.severity}, {change.verdict} [{change.id[:_ID]}]")
        lines = question_text(change, commands=False).rstrip("\n").split("\n")
        _say(lines_text([lines[0], *(f"  {line}" for line in detail_lines(change)), *lines[1:]]))
        for record in self.workspace.decisions():
            if record.change_id == change.id:
                _say(_recorded(record, change))
        _say(_KEYS)

    def _preview(self, change: Change, number: str) -> None:
        option = _option(change, number)
        if option is None:
            return
        params = _params(option)
        if params is None:
            return
        try:
            seen = preview(self.workspace, self.found, change.id, option.name, params=params)
        except BravoError as error:
            _say(f"error {error}")
            return
        for work in seen.manual:
            _say(one_line(f"by hand: {work.file}:{work.line}: {work.why}"))
        _say(seen.diff.rstrip("\n") or "no line of code changes")

    def _answer(self, change: Change, said: str) -> bool:
        option = _option(change, said)
        params = _params(option) if option else None
        if option is None or params is None:
            return False
        why = _read("> Why (kept with the answer; Enter for none): ")
        if why is None:
            return False
        try:
            record_decision(self.workspace, self.found, change.id, option.name, params=params, rationale=why)
            # A rename that is accepted gives other changes their final names: look again.
            self.found = self.look()
        except BravoError as error:
            _say(f"error {error}")
            return False
        self.answered.append(change.id)
        held = next((one for one in self.found.changes if one.id == change.id and one.held_by), None)
        _say(f"recorded: {option.name}\n" + (f"blocked: {held_text(held)}\n" if held else ""))
        return True

    def _say_the_end(self) -> None:
        left = _open(self.found)
        _say(f"{len(self.answered)} answered, {len(self.skipped)} skipped, {len(left)} still open")
        for text in filter(None, map(held_text, self.found.changes)):
            _say(f"blocked: {text}")
        _say("next: bravo-agent decide" if left else "next: bravo-agent run")


def check_interactive(*, auto: bool, json: bool, dry_run: bool) -> None:
    """Raises ``UsageError`` ``no-terminal``, or click's where options contradict each other."""
    if auto or json or dry_run:
        raise click.UsageError("--interactive goes neither with --auto nor with --json nor with --dry-run")
    if not on_a_terminal():
        raise UsageError(
            "no-terminal",
            "--interactive asks on a terminal, and there is none",
            hint="Answer with `bravo-agent decide CHANGE OPTION`, or use --auto.",
        )


def ask_first(session: Session, workspace: Workspace, source: str, snapshot: str) -> Conversation:
    """Asks what is open for the snapshot that the run is to load, which is acquired first."""
    reader = acquire(workspace, source=source, snapshot=snapshot, emit=session.progress)
    session.progress.stop()

    def look() -> Detection:
        return detect(workspace, reader.snapshot.catalog, stale="ask", reader=reader)

    conversation = Conversation(workspace, look(), look, snapshot=reader.snapshot.id)
    conversation.run()
    return conversation


def on_a_terminal() -> bool:
    """Whether somebody is there to answer: both ends are a terminal."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())


def _open(found: Detection) -> list[Change]:
    """Open changes that ask something, what blocks first."""
    asked = [change for change in found.changes if change.state == "open" and change.question]
    return sorted(asked, key=lambda change: change.verdict != "block")


def _option(change: Change, said: str) -> Option | None:
    """The option of that number or name; says so when there is none."""
    options = change.question.options if change.question else ()
    for number, option in enumerate(options, 1):
        if said in (str(number), option.name):
            return option
    _say(f"there is no option {said or '?'}: give a number from 1 to {len(options)}, or one of: {_KEYS}")
    return None


def _params(option: Option) -> dict[str, str] | None:
    """What the option has to be told; None when it was left empty: then nothing is answered."""
    params = {}
    for name in option.params:
        value = _read(f"> {name}: ")
        if not value:
            _say(f"{option.name} needs {name}; nothing was recorded")
            return None
        params[name] = value
    return params


def _recorded(record: Decision, change: Change) -> str:
    names = [option.name for option in change.question.options] if change.question else []
    number = f"{names.index(record.option) + 1}. " if record.option in names else ""
    said = "proposed" if record.status == "proposed" else "answered before"
    params = "".join(f", {name} = {value}" for name, value in record.params)
    why = f": {record.rationale}" if record.rationale else ""
    return f"{said} by {record.decided_by}: {number}{record.option}{params}{why}"


def _all_uses(change: Change) -> list[str]:
    return [f"{use.file}:{use.line} ({use.role}, known by {use.how})  {use.text}" for use in change.uses]


def _say(text: str) -> None:
    click.echo("\n".join(one_line(line) for line in printable(text).split("\n")))


def _read(prompt: str, ask: Callable[[str], str] = input) -> str | None:
    """A line, stripped; None at the end of input (ctrl-d)."""
    try:
        return ask(prompt).strip()
    except EOFError:
        click.echo("")
        return None
