"""The type checkers that the project itself has configured, run by its own interpreter on a copy of it."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Sequence
from configparser import ConfigParser, Error
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bravo_agent.config import ProjectSection
from bravo_agent.stores.application._importing import environment, interpreter, last_lines

_TIMEOUT = 300.0
_MYPY = re.compile(r"^(?P<file>.+?):(?P<line>\d+)(?::\d+){0,3}: error: (?P<said>.*)$")
_INSTALLED = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)"
_PLAIN = (
    "--no-pretty", "--no-color-output", "--no-error-summary", "--hide-error-context", "--hide-column-numbers",
    "--show-error-codes",
)  # fmt: skip


@dataclass(frozen=True)
class TypeErrorFound:
    """One error, by its file in the project."""

    file: str
    line: int
    said: str


@dataclass(frozen=True)
class CheckerRun:
    """What a checker found, sorted; ``why`` it could not be run, where nothing is known."""

    errors: tuple[TypeErrorFound, ...] = ()
    why: str = ""


class _NotRun(Exception):
    """Why a checker gave no answer."""


def configured_checkers(project: Path) -> tuple[str, ...]:
    """Of ``mypy``, ``pyright`` and ``basedpyright`` those that a file of the project's root configures."""
    tools = _tools(project / "pyproject.toml")
    found = {name for name in ("mypy", "pyright", "basedpyright") if name in tools}
    if (
        (project / "mypy.ini").is_file()
        or (project / ".mypy.ini").is_file()
        or _has_mypy(project / "setup.cfg")
    ):
        found.add("mypy")
    if (project / "pyrightconfig.json").is_file() and "basedpyright" not in found:
        found.add("pyright")
    return tuple(sorted(found))


def run_checker(name: str, project: Path, copy: Path, section: ProjectSection, cache: Path) -> CheckerRun:
    """Checks ``copy`` as the configuration of ``project`` says; ``cache`` is a folder that the checker may keep."""
    python = interpreter(project.resolve(), section)
    try:
        mypy = name == "mypy"
        found = _mypy(python, copy, section, cache) if mypy else _pyright(name, python, copy, section)
    except _NotRun as why:
        return CheckerRun(why=str(why).replace(f"{copy}/", ""))
    return CheckerRun(tuple(sorted(set(found), key=lambda one: (one.file, one.line, one.said))))


def _tools(path: Path) -> dict[str, Any]:
    try:
        tools = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}
    return tools if isinstance(tools, dict) else {}


def _has_mypy(path: Path) -> bool:
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
    except (Error, UnicodeDecodeError):
        return False
    return parser.has_section("mypy")


def _mypy(python: str, copy: Path, section: ProjectSection, cache: Path) -> list[TypeErrorFound]:
    _refuse_missing(python, "mypy")
    # Where the environment names a folder for it, mypy takes that.
    kept = [] if "MYPY_CACHE_DIR" in environment() else ["--cache-dir", str(cache / "mypy")]
    code, out, err = _run([python, "-m", "mypy", *_PLAIN, *kept, *_targets(copy, section)], copy)
    if code not in (0, 1):
        raise _NotRun(_last(err or out))
    matches = (_MYPY.match(line) for line in out.splitlines())
    return [TypeErrorFound(one["file"], int(one["line"]), one["said"]) for one in matches if one]


def _targets(copy: Path, section: ProjectSection) -> Sequence[str]:
    """None where mypy's configuration names what is checked."""
    parser = ConfigParser(interpolation=None)
    tables = [_tools(copy / "pyproject.toml").get("mypy", {})]
    for name in ("mypy.ini", ".mypy.ini", "setup.cfg"):
        try:
            parser.read(copy / name, encoding="utf-8")
        except (Error, UnicodeDecodeError):
            continue
    tables += [dict(parser["mypy"])] if parser.has_section("mypy") else []
    named = any(key in table for table in tables for key in ("files", "packages", "modules"))
    return () if named else [one for one in section.sources if (copy / one).exists()]


def _pyright(name: str, python: str, copy: Path, section: ProjectSection) -> list[TypeErrorFound]:
    # basedpyright reads what is written for pyright.
    installed = [one for one in dict.fromkeys((name, "basedpyright")) if _is_installed(python, one)]
    if not installed:
        _refuse_missing(python, name)
    code, out, err = _run([python, "-m", installed[0], "--outputjson", "--pythonpath", python], copy)
    try:
        told = json.loads(out)["generalDiagnostics"] if code in (0, 1) else None
        if told is None:
            raise _NotRun(_last(err or out))
        return [_diagnostic(one, copy) for one in told if one["severity"] == "error"]
    except (ValueError, KeyError, TypeError):
        raise _NotRun(_last(err or out)) from None


def _diagnostic(told: dict[str, Any], copy: Path) -> TypeErrorFound:
    file = Path(told["file"])
    inside = file.is_relative_to(copy)
    said = " ".join(str(told["message"]).split())
    rule = f" [{told['rule']}]" if "rule" in told else ""
    name = file.relative_to(copy).as_posix() if inside else file.name
    return TypeErrorFound(name, int(told["range"]["start"]["line"]) + 1, said + rule)


def _is_installed(python: str, module: str) -> bool:
    return _run([python, "-c", _INSTALLED, module], Path.cwd())[0] == 0


def _refuse_missing(python: str, name: str) -> None:
    if not _is_installed(python, name):
        raise _NotRun(f"{python} has no {name}")


def _run(command: list[str], folder: Path) -> tuple[int, str, str]:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _NotRun(f"it took longer than {_TIMEOUT:g} s") from None
    except OSError as error:
        raise _NotRun(f"{command[0]} cannot be run: {error.strerror}") from None
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def _last(text: str) -> str:
    lines = last_lines(text).splitlines()
    return lines[-1].strip() if lines else "it said nothing"
