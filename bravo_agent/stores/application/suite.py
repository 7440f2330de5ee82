"""The project's own tests, run on a copy of it; nothing in the project itself is written."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bravo_agent.config import ProjectSection
from bravo_agent.errors import FailedError
from bravo_agent.model.plan import Edit
from bravo_agent.stores.application._importing import environment, interpreter, last_lines

_PLUGIN = Path(__file__).with_name("_expected")
_PLUGIN_NAME = "_bravo_expected"
_TIMEOUT = 1800.0
_NONE_FOUND = (0, 5)
_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".hg", ".bravo", ".venv", "venv", ".tox", ".nox", "node_modules", "__pycache__", ".pytest_cache",
    ".mypy_cache", ".ruff_cache", ".hypothesis", "*.sock",
)  # fmt: skip


@dataclass(frozen=True)
class TestOutcome:
    """What became of a test, and where it failed."""

    __test__ = False

    test: str
    outcome: Literal["passed", "failed", "skipped", "error"]
    file: str = ""
    line: int = 1


@dataclass(frozen=True)
class Written:
    """A literal that a failing comparison differs from, as source text before and after.

    In Python it stands at ``place`` (line, first column, end); in a data file ``path`` leads to it.
    """

    file: str
    before: str
    after: str
    place: tuple[int, int, int] | None = None
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """One that failed: the literals that would make it true, or ``why`` nobody can tell."""

    test: str
    file: str
    line: int
    written: tuple[Written, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class SuiteRun:
    """All outcomes by test, and the comparisons that failed, sorted."""

    outcomes: tuple[TestOutcome, ...]
    comparisons: tuple[Comparison, ...] = ()

    @property
    def failing(self) -> tuple[TestOutcome, ...]:
        """Failed ones and those with an error."""
        return tuple(one for one in self.outcomes if one.outcome in ("failed", "error"))


@contextmanager
def scratch_copy(project: Path) -> Iterator[Path]:
    """A copy of the project that goes away: without version control, environments and caches."""
    with tempfile.TemporaryDirectory(prefix="bravo-tests-") as folder:
        copy = Path(folder).resolve() / project.resolve().name
        shutil.copytree(project, copy, ignore=_LEFT_OUT, symlinks=True)
        yield copy


def write_edits(copy: Path, edits: Sequence[Edit], *, back: bool = False) -> None:
    """The texts after the edits, in a copy; ``back``: those before them."""
    for edit in edits:
        path = copy / edit.file
        if back:
            if edit.before is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(edit.before.encode())
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(edit.after.encode())


def run_suite(
    project: Path,
    copy: Path,
    section: ProjectSection,
    *,
    only: Collection[str] | None = None,
    seed: int = 0,
    timeout: float = _TIMEOUT,
) -> SuiteRun:
    """Runs the tests of ``project`` in ``copy``; ``only``: names of tests without their parameters.

    ``seed`` is that of hashes: what depends on the order of a set differs from one to the next. Raises
    ``FailedError`` ``tests-not-run``.
    """
    with tempfile.TemporaryDirectory(prefix="bravo-expected-") as folder:
        out = Path(folder) / "out"
        out.mkdir()
        shutil.copytree(_PLUGIN, Path(folder) / "plugin" / _PLUGIN_NAME, ignore=_LEFT_OUT)
        environ = {
            **environment(),
            **_paths(copy, section, Path(folder) / "plugin"),
            "_BRAVO_EXPECTED": str(out),
            "_BRAVO_EXPECTED_ROOT": str(copy),
            "_BRAVO_EXPECTED_ORIGINAL": str(project.resolve()),
            "_BRAVO_EXPECTED_ONLY": json.dumps(None if only is None else sorted(only)),
            "PYTHONHASHSEED": str(seed),
        }
        code, tail = _run(_command(project, section), copy, environ, timeout)
        told = [json.loads(line) for file in sorted(out.iterdir()) for line in file.read_text().splitlines()]
    return _read(told, code, tail)


def base_name(test: str) -> str:
    """A test's id without its parameters, which may hold the values that are written anew."""
    return test.split("[", 1)[0]


def _command(project: Path, section: ProjectSection) -> list[str]:
    """As configured, else pytest; ``python`` is the application's own."""
    own = interpreter(project.resolve(), section)
    words = shlex.split(section.tests) if section.tests else ["python", "-m", "pytest"]
    return [own, *words[1:]] if words[:1] in (["python"], ["python3"]) else words


def _paths(copy: Path, section: ProjectSection, plugin: Path) -> dict[str, str]:
    """The copy goes before an installation that leads back to the project."""
    usual = [copy / "src"] if (copy / "src").is_dir() else []
    roots = [*usual, *((copy / one).resolve() for one in section.sources), copy]
    return {
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(str(one) for one in (plugin, *roots))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_PLUGINS": _PLUGIN_NAME,
        # A suite that stops at its first failure would not show the others.
        "PYTEST_ADDOPTS": "--maxfail=0",
    }


def _run(command: list[str], copy: Path, environ: dict[str, str], timeout: float) -> tuple[int, str]:
    try:
        done = subprocess.run(
            command,
            cwd=copy,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _failed(f"the tests took longer than {timeout:g} s") from None
    except OSError as error:
        raise _failed(f"{command[0]} cannot be run: {error.strerror}") from None
    return done.returncode, last_lines(done.stdout.decode("utf-8", "replace"))


def _read(told: list[dict[str, Any]], code: int, tail: str) -> SuiteRun:
    outcomes = {one["test"]: one for one in told if "test" in one}
    if not any("foreign" in one for one in told):
        raise _failed(tail or f"the command ended with {code}, and no pytest ran in it")
    if not outcomes and code not in _NONE_FOUND:
        raise _failed(tail or f"the command ended with {code}")
    foreign = sorted({name for one in told for name in one.get("foreign", ())})
    if foreign:
        raise _failed(
            f"they import {foreign[0]} from the project itself and not from the copy that is tested"
        )
    compared = [_comparison(one) for one in told if "compared" in one]
    return SuiteRun(
        tuple(
            TestOutcome(name, one["outcome"], one["file"] or "", one["line"] or 1)
            for name, one in sorted(outcomes.items())
        ),
        tuple(sorted(compared, key=lambda one: (one.test, one.file, one.line))),
    )


def _comparison(told: dict[str, Any]) -> Comparison:
    written = tuple(
        Written(
            one["file"],
            one["before"],
            one["after"],
            tuple(one["place"]) if one["place"] else None,
            tuple(one["path"] or ()),
        )
        for one in told["leaves"]
    )
    return Comparison(told["compared"], told["file"], told["line"], written, told["why"])


def _failed(why: str) -> FailedError:
    return FailedError(
        "tests-not-run",
        f"the project's tests cannot be run: {why}",
        hint="Run them by hand; [project] tests in bravo.toml names the command (default: python -m pytest).",
    )
