"""Patches of the application's files: shown as a diff, or written, all or nothing."""

from __future__ import annotations

import difflib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bravo_agent.errors import RefusedError, StaleError
from bravo_agent.model.plan import Edit, Patch
from bravo_agent.stores.application.working_tree import dirty_files

_PLAIN_MODE = 0o644


def read_text(path: Path) -> str:
    """The file's text with its byte order mark and line ends as they are; raises ``UnicodeDecodeError``."""
    return path.read_bytes().decode("utf-8")


def render_diff(patch: Patch) -> str:
    """The edits as one unified diff, as ``git apply`` takes it; "" without edits.

    Expected values that were computed again are named above the file that they stand in, where git looks past them.
    """
    return "".join(
        line
        for edit in patch.edits
        if edit.before != edit.after
        for line in (*_proposals(patch, edit.file), *_diff(edit))
    )


def apply_patch(project: Path, patch: Patch, *, allow_dirty: bool = False) -> tuple[str, ...]:
    """Writes every edit, or none; gives the files with uncommitted changes that it refused to touch.

    A file that is as after the patch already is left as it is, so that a broken-off run can be repeated.
    Raises ``StaleError`` ``patch-stale`` where a file is neither as before nor as after it.
    """
    pending = _pending(project, patch)
    if not allow_dirty and (refused := _dirty_among(project, pending)):
        return refused
    _write_all(project, pending)
    return ()


def not_clean(project: Path, patch: Patch) -> tuple[str, ...]:
    """The files that `apply_patch` would refuse to touch now; raises ``patch-stale`` as it does, writes nothing."""
    return _dirty_among(project, _pending(project, patch))


def _pending(project: Path, patch: Patch) -> list[tuple[Edit, Path]]:
    targets = [(edit, _target(project, edit.file)) for edit in patch.edits]
    states = [_is_before(edit, path) for edit, path in targets]
    return [target for target, before in zip(targets, states, strict=True) if before]


def _dirty_among(project: Path, pending: list[tuple[Edit, Path]]) -> tuple[str, ...]:
    # Of a symbolic link it is the file behind it that is written, and that may hold somebody's work.
    root = project.resolve()
    behind = {
        edit.file: path.relative_to(root).as_posix() for edit, path in pending if edit.before is not None
    }
    dirty = dirty_files(root, list(behind.values()))
    return tuple(file for file, real in behind.items() if real in dirty) if dirty else ()


def scratch_folder(project: Path, beside: Path) -> Path:
    """Where a text lies until it is renamed into ``beside``: in .bravo, so that a kill leaves nothing in the code.

    ``beside`` itself where there is no .bravo, or only one on another file system.
    """
    private = project / ".bravo"
    if not private.is_dir() or private.stat().st_dev != beside.stat().st_dev:
        return beside
    folder = private / "scratch"
    folder.mkdir(exist_ok=True)
    return folder


def _target(project: Path, file: str) -> Path:
    path = (project / file).resolve()
    if Path(file).is_absolute() or not path.is_relative_to(project.resolve()):
        raise RefusedError(
            "patch-outside-project",
            f"the patch names {file}, which is not inside the project",
            hint="Make the patch again with `bravo-agent cascade`.",
            where=file,
        )
    return path


def _is_before(edit: Edit, path: Path) -> bool:
    """True: as before the edit; False: as after it."""
    now = path.read_bytes() if path.exists() else None
    if now == edit.after.encode():
        return False
    if now == (None if edit.before is None else edit.before.encode()):
        return True
    raise StaleError(
        "patch-stale",
        f"{edit.file} has changed since the patch was made",
        hint="Run `bravo-agent plan` again and apply the new plan.",
        where=edit.file,
    )


def _write_all(project: Path, pending: list[tuple[Edit, Path]]) -> None:
    """Every new text is on disk before the first rename."""
    ready: list[tuple[Path, Path]] = []
    try:
        for edit, path in pending:
            path.parent.mkdir(parents=True, exist_ok=True)
            ready.append((_written(scratch_folder(project, path.parent), path, edit.after.encode()), path))
        while ready:
            temporary, path = ready[0]
            temporary.replace(path)
            ready.pop(0)
    finally:
        for temporary, _ in ready:
            temporary.unlink(missing_ok=True)


def _written(folder: Path, path: Path, content: bytes) -> Path:
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else _PLAIN_MODE
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary = Path(name)
    temporary.chmod(mode)
    return temporary


def _proposals(patch: Patch, file: str) -> Iterator[str]:
    for one in patch.recomputed:
        if one.file == file:
            yield f"# recomputed, to be reviewed: {file}:{one.line}: {one.before} -> {one.after}\n"


def _diff(edit: Edit) -> Iterator[str]:
    old, new = _quoted(f"a/{edit.file}"), _quoted(f"b/{edit.file}")
    yield f"diff --git {old} {new}\n"
    if edit.before is None:
        yield "new file mode 100644\n"
    # git ends a name with a space in it by a tab
    tab = "\t" if " " in edit.file else ""
    before = "/dev/null" if edit.before is None else old + tab
    lines = difflib.unified_diff(
        _lines(edit.before or ""), _lines(edit.after), before, new + tab, lineterm=""
    )
    for number, line in enumerate(lines):
        if number < 2 or line.startswith("@@"):
            yield line + "\n"
        else:
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines with their ends, cut at line feeds alone, as git does."""
    parts = text.split("\n")
    lines = [part + "\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines


def _quoted(name: str) -> str:
    if not any(character in name for character in '"\\\n\t\r'):
        return name
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(character, character) for character in name) + '"'
