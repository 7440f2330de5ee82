"""What the project's own type checker finds in a patch that it does not find in the code before it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bravo_agent.model.plan import Edit, ManualWork
from bravo_agent.model.refactor import CodeChange, FieldChange, Rename, Retype
from bravo_agent.stores.application import (
    CheckerRun,
    configured_checkers,
    run_checker,
    scratch_copy,
    write_edits,
)
from bravo_agent.usecases._lines_before import as_before
from bravo_agent.usecases._places import not_made
from bravo_agent.workspace import Workspace

_PYTHON = (".py", ".pyi")
_Said = tuple[str, str]


@dataclass
class OwnCheckers:
    """``names`` of checkers, on a ``copy`` of the project; ``notes`` on those that could not be run."""

    workspace: Workspace
    names: tuple[str, ...]
    copy: Path
    cache: Path
    notes: list[str] = field(default_factory=list)
    _there: tuple[Edit, ...] = ()
    _accepted: tuple[Edit, ...] = ()

    def new_errors(
        self, edits: Sequence[Edit], words: Mapping[str, str], left: Collection[tuple[str, int]]
    ) -> list[ManualWork]:
        """Errors with ``edits`` that are none with those that were accepted before; ``left`` places are a person's.

        ``words``: old name -> new name, so that an error that only says the new name is no new one.
        """
        now = self._run(tuple(edits))
        failing = tuple(name for name, run in now.items() if run.errors)
        before = self._run(self._accepted, failing) if failing else {}
        texts = {edit.file: (edit.before or "", edit.after) for edit in edits}
        found: list[ManualWork] = []
        for name in failing:
            if before[name].why:
                continue
            known = Counter(_said(one.file, one.said, words) for one in before[name].errors)
            for one in now[name].errors:
                said = _said(one.file, one.said, words)
                if known[said] > 0:
                    known[said] -= 1
                    continue
                why = f"{name}, which the project has configured, would object: {one.said}"
                work = as_before(ManualWork(one.file, one.line, why), texts)
                if (work.file, work.line) not in left:
                    found.append(work)
        return found

    def accept(self, edits: Sequence[Edit]) -> None:
        """What is found with these edits is no news any more."""
        self._accepted = tuple(edits)

    def _run(self, edits: tuple[Edit, ...], names: tuple[str, ...] | None = None) -> dict[str, CheckerRun]:
        write_edits(self.copy, self._there, back=True)
        write_edits(self.copy, edits)
        self._there = edits
        project, section = self.workspace.project, self.workspace.config.project
        found: dict[str, CheckerRun] = {}
        for name in self.names if names is None else names:
            found[name] = run_checker(name, project, self.copy, section, self.cache)
            if found[name].why:
                said = f"{name} is configured and could not be run, so that its errors are not known: {found[name].why}"
                self.notes += [said] if said not in self.notes else []
        return found


@contextmanager
def own_checkers(workspace: Workspace, edits: Sequence[Edit]) -> Iterator[OwnCheckers | None]:
    """The checkers that are configured; None without any, and where no Python is edited."""
    names = configured_checkers(workspace.project)
    if not names or not any(edit.file.endswith(_PYTHON) for edit in edits):
        yield None
        return
    with scratch_copy(workspace.project) as copy:
        yield OwnCheckers(workspace, names, copy, (workspace.private / "cache").resolve())


def checked(workspace: Workspace, change: FieldChange, made: CodeChange) -> CodeChange:
    """``made`` as the project's own checkers see it: refused, or with more work by hand where that was asked for.

    Another type breaks what works with the old one, and is wanted all the same: there the places are listed.
    """
    if made.refused or not made.patch.edits:
        return made
    with own_checkers(workspace, made.patch.edits) as checkers:
        if checkers is None:
            return made
        words = {change.field: change.new} if isinstance(change, Rename) else {}
        left = {(one.file, one.line) for one in made.patch.manual}
        errors = checkers.new_errors(made.patch.edits, words, left)
        made = replace(made, notes=(*made.notes, *checkers.notes))
    return objected(made, errors, listed=isinstance(change, Retype))


def objected(made: CodeChange, errors: list[ManualWork], *, listed: bool) -> CodeChange:
    """``errors`` refuse the change, or are ``listed`` as work by hand."""
    if not errors:
        return made
    if listed:
        manual = sorted((*made.patch.manual, *errors), key=lambda one: (one.file, one.line, one.why))
        return replace(made, patch=replace(made.patch, manual=tuple(manual)))
    return replace(not_made(made), refused=(*made.refused, *errors))


def _said(file: str, said: str, words: Mapping[str, str]) -> _Said:
    for old, new in words.items():
        said = re.sub(rf"\b{re.escape(old)}\b", new, said)
    return file, said
