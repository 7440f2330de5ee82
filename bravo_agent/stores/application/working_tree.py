"""Facts of the project's git working tree, by the git command; None where there is no git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from bravo_agent.model.plan import Edit

_TIMEOUT = 30
_COMMITS = 20
"""As many of those that changed a line are looked at."""


def head_commit(project: Path) -> str | None:
    """The full hash of the commit that is checked out; None before the first one, too."""
    return _line(project, "rev-parse", "--verify", "--quiet", "HEAD")


def branch(project: Path) -> str | None:
    """The branch; None on a detached head."""
    return _line(project, "symbolic-ref", "--short", "--quiet", "HEAD")


def is_clean(project: Path, file: str) -> bool | None:
    """Whether ``file`` is as committed: tracked and unmodified."""
    dirty = dirty_files(project, [file])
    return None if dirty is None else not dirty


def dirty_files(project: Path, files: Sequence[str]) -> tuple[str, ...] | None:
    """Those of ``files`` that hold what is in no commit: modified, staged, untracked or ignored ones."""
    if not files:
        return ()
    prefix = _line(project, "rev-parse", "--show-prefix", empty=True)
    out = _git(project, "status", "--porcelain", "-z", "--untracked-files=all", "--ignored", "--", *files)
    if prefix is None or out is None:
        return None
    found = {entry[3:].removeprefix(prefix) for entry in out.split("\0") if len(entry) > 3}
    # an ignored folder is listed as itself, not by its files
    return tuple(
        file for file in files if file in found or any(e.endswith("/") and file.startswith(e) for e in found)
    )


def repository_files(project: Path) -> frozenset[str] | None:
    """All files of the repository below ``project``: tracked ones, and new ones that git does not ignore.

    None too where the whole project is ignored: then the repository around it says nothing of it.
    """
    out = _git(project, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return frozenset(out.split("\0")[:-1]) if out else None


def uncommitted(project: Path) -> tuple[Edit, ...]:
    """What the working tree says and HEAD does not, of files that are texts, new ones too; () without git."""
    prefix = _line(project, "rev-parse", "--show-prefix", empty=True)
    out = _git(project, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", ".")
    if prefix is None or out is None:
        return ()
    files = sorted(entry[3:].removeprefix(prefix) for entry in out.split("\0") if len(entry) > 3)
    found = (Edit(file, _at_head(project, file), _here(project / file)) for file in files)
    return tuple(edit for edit in found if edit.after and edit.before != edit.after)


def former_texts(project: Path, file: str, line: str) -> Iterator[tuple[str, str]]:
    """What ``file`` said at HEAD and before each commit that changed a line like ``line`` (a POSIX expression).

    Each with the commit that changed it ("" for what is in none yet), newest first; nothing without git.
    """
    commits = (
        _git(project, "log", "-n", str(_COMMITS), "--format=%h", "--no-merges", "-G", line, "--", file) or ""
    )
    before = [("", "HEAD"), *((one, f"{one}^") for one in commits.split())]
    for commit, version in before:
        text = _git(project, "show", f"{version}:./{file}")
        if text is not None:
            yield commit, text


def _at_head(project: Path, file: str) -> str | None:
    return _git(project, "show", f"HEAD:./{file}")


def _here(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _line(project: Path, *arguments: str, empty: bool = False) -> str | None:
    out = _git(project, *arguments)
    if out is None or (not out.strip() and not empty):
        return None
    return out.strip()


def _git(project: Path, *arguments: str) -> str | None:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", "-C", str(project), "--literal-pathspecs", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else None
