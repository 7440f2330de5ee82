"""The application's own tests on a patch that is not written yet, and its expected values computed again.

A value that a test expects is only replaced by what the application's own function gave in that very comparison, twice
the same, and always as a proposal: `Patch.recomputed` says which values those are. Tests that failed before the patch
are nobody's business here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bravo_agent.config import ProjectSection
from bravo_agent.model.plan import Edit, ManualWork, Patch, Recomputed
from bravo_agent.model.refactor import CodeChange
from bravo_agent.registry import shelf
from bravo_agent.stores.application import (
    SuiteRun,
    Written,
    base_name,
    read_text,
    run_suite,
    scratch_copy,
    uncommitted,
    write_edits,
)
from bravo_agent.workspace import Workspace
from codemods import EXPECTED_ADVICE, Home, NewValue, line_of

_ROUNDS = 20
_ATTEMPTS = 5
_DIFFERENT = "tests ask for different values here"
_SUGGESTION = (
    "Look at the test: either its expectation follows the change by hand, or the change breaks something."
)


@dataclass(frozen=True)
class Recomputation:
    """``patch``: the one that was given with proposals for expected values, and manual work for what fails still.

    ``failed_before`` and ``failing`` (since the patch, none of ``failed_before``) are names of tests without their
    parameters, ``passed`` is the number of tests that pass with all of the patch.
    """

    patch: Patch
    failed_before: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    passed: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What the tests gave, in sentences."""
        told = [f"{self.passed} of the project's tests pass with it, {len(self.failing)} fail since"]
        if self.failed_before:
            told.append(
                f"{len(self.failed_before)} failed before it too: {', '.join(self.failed_before[:5])}"
            )
        return tuple(told)


def recompute(
    project: Path, section: ProjectSection, patch: Patch, *, applied: bool = False
) -> Recomputation:
    """Runs the tests without the patch and with it, on a copy; raises ``FailedError`` ``tests-not-run``.

    ``applied``: the project holds the patch already; the result holds the proposals alone then.
    """
    with scratch_copy(project) as copy:
        if applied:
            write_edits(copy, patch.edits, back=True)
        before = run_suite(project, copy, section)
        write_edits(copy, patch.edits)
        failed_before = _names(before)
        after = run_suite(project, copy, section)
        tests = _Tests(project, section, copy, failed_before, after)
        excluded: dict[_Place, str] = {}
        for _ in range(_ATTEMPTS):
            attempt = tests.attempt(excluded)
            excluded |= attempt.skipped | attempt.withdrawn
            if not attempt.withdrawn:
                break
            tests.restore(attempt)
        else:
            attempt = _Attempt(last=after, failing=_names(after) - failed_before)
        given = Patch((), patch.manual, patch.recomputed) if applied else patch
        return _told(given, attempt, failed_before, excluded)


def recompute_uncommitted(workspace: Workspace) -> Recomputation:
    """Proposals for what tests expect since the last commit: for changes that stand in the working tree already."""
    patch = Patch(uncommitted(workspace.project))
    return recompute(workspace.project, workspace.config.project, patch, applied=True)


def recompute_change(workspace: Workspace, made: CodeChange) -> CodeChange:
    """A change of code with proposals for expected values; where nothing is edited, no test is run."""
    if made.refused or not made.patch.edits:
        return made
    found = recompute(workspace.project, workspace.config.project, made.patch)
    return replace(made, patch=found.patch, notes=(*made.notes, *found.notes))


_Place = tuple[str, int, str]
"""A literal: file, line, and what was written there before anything was computed."""


@dataclass
class _Attempt:
    """``texts``: files with new values, as they were (``originals``) and as they are.

    ``skipped`` literals were never written, with why; ``withdrawn`` ones were, so that all has to be tried again.
    """

    texts: dict[str, str] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)
    values: dict[_Place, Recomputed] = field(default_factory=dict)
    skipped: dict[_Place, str] = field(default_factory=dict)
    withdrawn: dict[_Place, str] = field(default_factory=dict)
    last: SuiteRun = field(default_factory=lambda: SuiteRun(()))
    failing: frozenset[str] = frozenset()


@dataclass
class _Tests:
    """The tests of a copy that holds the patch; ``after``: their first run there."""

    project: Path
    section: ProjectSection
    copy: Path
    failed_before: frozenset[str]
    after: SuiteRun

    def attempt(self, excluded: Iterable[_Place]) -> _Attempt:
        """New values, round by round: what a test expects further down is seen once the first is right."""
        attempt, run = _Attempt(), self.after
        for _ in range(_ROUNDS):
            names = _names(run) - self.failed_before
            again = self._run(names, 1) if names else SuiteRun(())
            wanted = self._agreed(run, again, attempt, set(excluded))
            if not wanted or attempt.withdrawn:
                break
            self._write(attempt, wanted)
            run = self._run(names, 0)
        attempt.last = self._run(None, 0) if attempt.values else self.after
        attempt.failing = _names(attempt.last) - self.failed_before
        self._withdraw_harmful(attempt)
        return attempt

    def restore(self, attempt: _Attempt) -> None:
        """The copy as the patch alone leaves it."""
        write_edits(self.copy, [Edit(file, None, text) for file, text in attempt.originals.items()])

    def _run(self, names: frozenset[str] | None, seed: int) -> SuiteRun:
        return run_suite(self.project, self.copy, self.section, only=names, seed=seed)

    def _agreed(
        self, run: SuiteRun, again: SuiteRun, attempt: _Attempt, excluded: set[_Place]
    ) -> dict[_Place, tuple[Written, frozenset[str]]]:
        """What both runs give for a literal; what differs from run to run, or from test to test, is not taken."""
        first, second = _by_literal(run, self.failed_before), _by_literal(again, self.failed_before)
        found: dict[_Place, tuple[Written, frozenset[str]]] = {}
        for literal, (afters, tests, written) in first.items():
            place = self._place(written, attempt)
            if place in excluded or place in attempt.skipped:
                continue
            if place in attempt.values:
                attempt.withdrawn[place] = _DIFFERENT
            elif len(afters) > 1:
                attempt.skipped[place] = _DIFFERENT
            elif literal not in second or second[literal][0] != afters:
                attempt.skipped[place] = "the application gives another value each time"
            else:
                found[place] = (written, frozenset(tests))
        return found

    def _place(self, written: Written, attempt: _Attempt) -> _Place:
        """Of a literal that was written anew already: as it was before."""
        line = line_of(written.file, self._text(written.file), _new_value(written))
        here = (written.file, line, written.before)
        return next(
            (place for place, one in attempt.values.items() if (one.file, one.line, one.after) == here), here
        )

    def _text(self, file: str) -> str:
        return read_text(self.copy / file)

    def _write(self, attempt: _Attempt, wanted: dict[_Place, tuple[Written, frozenset[str]]]) -> None:
        kind: Any = shelf("codemods")["expected-values"]
        for file in sorted({written.file for written, _ in wanted.values()}):
            values = tuple(_new_value(written) for written, _ in wanted.values() if written.file == file)
            text = self._text(file)
            result = kind.carry(text, values, Home(""), file)
            here = {place: one for place, one in wanted.items() if place[0] == file}
            if result.manual:
                attempt.skipped.update(dict.fromkeys(here, result.manual[0].why))
                continue
            attempt.originals.setdefault(file, text)
            attempt.texts[file] = result.text
            write_edits(self.copy, [Edit(file, text, result.text)])
            for place, (written, tests) in here.items():
                attempt.values[place] = Recomputed(
                    file, place[1], written.before, written.after, tuple(sorted(tests))
                )

    def _withdraw_harmful(self, attempt: _Attempt) -> None:
        """A literal that a test needs as it was, which only fails since it was written anew."""
        harmed = attempt.failing - _names(self.after)
        if not harmed:
            return
        told = {
            (one.file, line_of(one.file, self._text(one.file), _new_value(one)), one.before)
            for compared in attempt.last.comparisons
            if base_name(compared.test) in harmed
            for one in compared.written
        }
        guilty = [place for place, one in attempt.values.items() if (one.file, one.line, one.after) in told]
        why = "another test needs the value as it is"
        attempt.withdrawn.update(dict.fromkeys(guilty or attempt.values, why))


def _names(run: SuiteRun) -> frozenset[str]:
    return frozenset(base_name(one.test) for one in run.failing)


def _by_literal(
    run: SuiteRun, failed_before: frozenset[str]
) -> dict[tuple[object, ...], tuple[set[str], set[str], Written]]:
    """(what is to be written there, tests, one of the writings) of every literal."""
    found: dict[tuple[object, ...], tuple[set[str], set[str], Written]] = {}
    for compared in run.comparisons:
        if base_name(compared.test) in failed_before:
            continue
        for one in compared.written:
            afters, tests, _ = found.setdefault((one.file, one.place, one.path), (set(), set(), one))
            afters.add(one.after)
            tests.add(base_name(compared.test))
    return found


def _new_value(written: Written) -> NewValue:
    return NewValue(written.before, written.after, written.place, written.path)


def _told(
    patch: Patch, attempt: _Attempt, failed_before: frozenset[str], excluded: dict[_Place, str]
) -> Recomputation:
    values = sorted(attempt.values.values(), key=lambda one: (one.file, one.line, one.before))
    proposed = {(one.file, one.line) for one in values}
    left = [
        one
        for one in patch.manual
        if one.suggestion != EXPECTED_ADVICE or (one.file, one.line) not in proposed
    ]
    manual = [*left, *_still_failing(attempt, excluded)]
    return Recomputation(
        Patch(
            _merged(patch, attempt),
            tuple(sorted(set(manual), key=lambda one: (one.file, one.line, one.why))),
            (*patch.recomputed, *values),
        ),
        tuple(sorted(failed_before)),
        tuple(sorted(attempt.failing)),
        sum(one.outcome == "passed" for one in attempt.last.outcomes),
    )


def _merged(patch: Patch, attempt: _Attempt) -> tuple[Edit, ...]:
    known = {edit.file: edit for edit in patch.edits}
    for file, text in attempt.texts.items():
        own = known.get(file)
        known[file] = replace(own, after=text) if own else Edit(file, attempt.originals[file], text)
    return tuple(known[file] for file in sorted(known))


def _still_failing(attempt: _Attempt, excluded: dict[_Place, str]) -> Iterable[ManualWork]:
    for (file, line, _), why in excluded.items():
        yield ManualWork(file, line, f"an expected value is not computed again: {why}", _SUGGESTION)
    whys = {compared.test: compared for compared in attempt.last.comparisons}
    for one in attempt.last.failing:
        if base_name(one.test) not in attempt.failing:
            continue
        compared = whys.get(one.test)
        reason = f": {compared.why}" if compared and compared.why else ""
        where = (compared.file, compared.line) if compared else (one.file, one.line)
        yield ManualWork(*where, f"{one.test} fails since the change{reason}", _SUGGESTION)
