"""Where an application's Python files are, and which of them define models."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

_SKIPPED = frozenset([
    "tests", "test", "testing", "migrations", "alembic", "node_modules", "site-packages", "venv", "env",
    "__pycache__", "build", "dist", "docs",
])  # fmt: skip
_NO_SOURCES = frozenset(["__pycache__", "node_modules", "site-packages"])
_MODEL = re.compile(
    rb"^[ \t]*class[ \t]+\w+[^:\n]*\((?:[^)]*[ \t,.(\n])?(?:BaseModel|RootModel|BaseSettings|Document|SQLModel)\b",
    re.MULTILINE,
)
_MADE = re.compile(
    rb"\bBaseModel[ \t]+as[ \t]+\w|^\w+[^=\n]*=[ \t]*(?:pydantic\.)?create_model\(", re.MULTILINE
)
_CLASS = re.compile(rb"^[ \t]*class[ \t]+(\w+)[ \t]*(?:\[[^\]]*\])?\(([^)]*)\)", re.MULTILINE)
_PYDANTIC = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(?:pydantic|sqlmodel|beanie|odmantic)\b", re.MULTILINE)


def python_files(path: Path, project: Path, exclude: Sequence[str] = ()) -> Iterator[Path]:
    """The Python files of ``path`` (a file, or a folder without hidden and installed ones), sorted."""
    if path.is_file():
        yield path
        return
    for folder, names, files in os.walk(path):
        # a folder with pyvenv.cfg is a virtual environment, whatever its name
        names[:] = sorted(
            name
            for name in names
            if not name.startswith(".")
            and name not in ("__pycache__", "node_modules", "site-packages")
            and not (Path(folder) / name / "pyvenv.cfg").exists()
        )
        for name in sorted(files):
            found = Path(folder) / name
            if name.endswith(".py") and not excluded(found.relative_to(project).as_posix(), exclude):
                yield found


def excluded(file: str, exclude: Sequence[str]) -> bool:
    """Whether ``file`` or a folder above it matches one of the patterns."""
    parts = file.split("/")
    heads = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return any(fnmatch(head, pattern.rstrip("/")) for pattern in exclude for head in heads)


def find_model_paths(project: Path, exclude: Sequence[str] = ()) -> tuple[str, ...]:
    """Files that define Pydantic models, relative to ``project``; a folder with half of them is one entry."""
    project = project.resolve()
    found = _with_models(project, exclude)
    files = {path.relative_to(project).as_posix() for path in found}
    for folder in {path.parent for path in found}:
        inside = {
            path.relative_to(project).as_posix() for path in folder.glob("*.py") if path.stem != "__init__"
        }
        if folder != project and len(inside) > 1 and len(inside & files) >= len(inside) / 2:
            entry = folder.relative_to(project).as_posix()
            files = {file for file in files if not file.startswith(f"{entry}/")} | {entry}
    return tuple(sorted(files))


def _application_files(project: Path, exclude: Sequence[str]) -> Iterator[Path]:
    for path in python_files(project, project, exclude):
        folders = path.relative_to(project).parts[:-1]
        name = path.name
        if _SKIPPED.isdisjoint(folders) and not name.startswith("test_") and name != "conftest.py":
            yield path


def _with_models(project: Path, exclude: Sequence[str]) -> list[Path]:
    """Files with a class on a base of Pydantic, or on a class of such a file, at any distance."""
    rest = {path: _content(path) for path in _application_files(project, exclude)}
    found = [
        path
        for path, content in rest.items()
        if _PYDANTIC.search(content) and (_MODEL.search(content) or _MADE.search(content))
    ]
    fresh = list(found)
    while fresh:
        names = {name for path in fresh for name, _ in _CLASS.findall(rest.pop(path))}
        fresh = [path for path, content in rest.items() if _derives(content, names)]
        found += fresh
    return sorted(found)


def _derives(content: bytes, names: set[bytes]) -> bool:
    return any(names & set(re.findall(rb"\w+", bases)) for _, bases in _CLASS.findall(content))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError:
        return b""


def file_stamps(project: Path, without: Sequence[str] = ()) -> list[tuple[str, int, int]]:
    """(path, time of change, size) of every file of the project, but hidden, cached and installed ones, sorted."""
    found = []
    for folder, names, files in os.walk(project):
        names[:] = [name for name in names if not name.startswith(".") and name not in _NO_SOURCES]
        for name in files:
            path = Path(folder) / name
            where = path.relative_to(project).as_posix()
            if where not in without and (stat := _stat(path)) is not None:
                found.append((where, stat.st_mtime_ns, stat.st_size))
    return sorted(found)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None  # it went while we looked
