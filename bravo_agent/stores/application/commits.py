"""A patch committed on a new branch without touching the working tree or the index."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bravo_agent.errors import FailedError, UsageError
from bravo_agent.model.plan import Edit, Patch
from bravo_agent.stores.application._struck import struck
from bravo_agent.stores.application.patches import not_clean
from bravo_agent.stores.application.working_tree import head_commit

_TIMEOUT = 60


def commit_patch(
    project: Path, patch: Patch, *, branch: str, message: str, allow_dirty: bool = False
) -> tuple[str, ...]:
    """Commits ``patch`` on a new ``branch`` that starts at HEAD; gives the files with uncommitted changes.

    Nothing is committed where there are such files, unless ``allow_dirty``: the commit holds their changes then.
    Raises ``UsageError`` ``no-repository``, ``branch-exists`` and ``branch-name-invalid``, ``FailedError``
    ``commit-failed``, and as ``apply_patch``.
    """
    head = head_commit(project)
    if head is None:
        raise UsageError(
            "no-repository",
            f"{project} is in no git repository that has a commit",
            hint="Use --apply or --patch, or commit something first.",
        )
    _refuse_name(project, branch)
    refused = not_clean(project, patch)
    if refused and not allow_dirty:
        return refused
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        _git(project, ["read-tree", head], index)
        for edit in patch.edits:
            _stage(project, edit, index)
        tree = _git(project, ["write-tree"], index)
        commit = _git(project, ["commit-tree", tree, "-p", head, "-m", message], index)
        # Creates it, or fails: somebody may have made one of that name meanwhile.
        _git(project, ["update-ref", f"refs/heads/{branch}", commit, "0" * len(commit)], {})
    return ()


def _refuse_name(project: Path, branch: str) -> None:
    if _run(project, ["check-ref-format", "--branch", branch], {}).returncode:
        raise UsageError(
            "branch-name-invalid", f"{branch!r} is no name for a branch", hint="Choose another name."
        )
    if not _run(project, ["show-ref", "--verify", "--quiet", f"refs/heads/{branch}"], {}).returncode:
        raise UsageError(
            "branch-exists", f"there is a branch {branch} already", hint="Choose another name, or delete it."
        )


def _stage(project: Path, edit: Edit, index: dict[str, str]) -> None:
    """The new text as git keeps it (its filters applied), with the mode that the file has."""
    prefix = _git(project, ["rev-parse", "--show-prefix"], {})
    path = f"{prefix}{edit.file}"
    listed = _git(project, ["ls-files", "--stage", "--", edit.file], index).split()
    mode = listed[0] if listed else "100644"
    blob = _git(project, ["hash-object", "-w", "--stdin", "--path", edit.file], index, edit.after.encode())
    _git(project, ["update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}"], index)


def _git(project: Path, arguments: Sequence[str], more: dict[str, str], given: bytes | None = None) -> str:
    done = _run(project, arguments, more, given)
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise FailedError(
            "commit-failed",
            f"git {arguments[0]}: {struck(lines[-1]) if lines else 'failed'}",
            hint="Nothing was changed. Use --apply or --patch, or mend what git says.",
        )
    return done.stdout.decode("utf-8", "surrogateescape").strip()


def _run(
    project: Path, arguments: Sequence[str], more: dict[str, str], given: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["git", "-C", str(project), "--literal-pathspecs", *arguments],
        input=given if given is not None else b"",
        capture_output=True,
        env={**os.environ, "LC_ALL": "C", **more},
        timeout=_TIMEOUT,
        check=False,
    )
