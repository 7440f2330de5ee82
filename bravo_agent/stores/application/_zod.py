"""Zod 4 schemas as entities: the project's own Node imports them, and Zod itself says them as JSON Schema."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bravo_agent.errors import FailedError, UsageError
from bravo_agent.model.entities import Entity, Place
from bravo_agent.stores.application._importing import environment, last_lines
from bravo_agent.stores.application._stated import Pointer, Schemas

_SCRIPT = Path(__file__).with_name("_in_zod.mjs")
_TIMEOUT = 60.0
_TYPESCRIPT = (".ts", ".mts", ".cts")


def read_zod(project: Path, files: Sequence[str], timeout: float = _TIMEOUT) -> tuple[Entity, ...]:
    """The exported schemas of ``files``, those that are objects.

    Raises ``UsageError`` ``zod-not-available`` where Node or zod 4 is missing, or the file itself, and
    ``FailedError`` ``zod-failed`` where a file cannot be imported or said as JSON Schema.
    """
    paths = [_path(project, file) for file in files]
    node = _node(project)
    if any(path.suffix in _TYPESCRIPT for path in paths):
        _refuse_without_types(node, project)
    answer = _ask(node, project, paths, timeout)
    missing = answer.get("missing")
    if missing:
        raise _unavailable(f"{_said(project, answer)} needs {missing}", "npm install zod@4")
    if "error" in answer:
        raise _failed(f"{_said(project, answer)}: {last_lines(answer['error'])}")
    entities = [_entity(project, one, answer["schemas"]) for one in answer["schemas"]]
    return tuple(entity for found in entities for entity in found)


def _said(project: Path, answer: dict[str, Any]) -> str:
    return Path(answer["file"]).relative_to(project).as_posix()


def _path(project: Path, file: str) -> Path:
    path = (project / file).resolve()
    if not path.is_relative_to(project) or not path.is_file():
        raise UsageError(
            "zod-not-available",
            f"[project] zod names {file!r}, and the project has no such file",
            hint="Write it relative to the project's folder.",
            where="bravo.toml [project] zod",
        )
    return path


def _node(project: Path) -> str:
    own = project / "node_modules" / ".bin" / "node"
    found = str(own) if own.exists() else shutil.which("node")
    if found is None:
        raise _unavailable("there is no `node`", "install Node 22.18 or later")
    return found


def _refuse_without_types(node: str, project: Path) -> None:
    said = _run([node, "--version"], project, _TIMEOUT).stdout.decode("utf-8", "replace").strip()
    version = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    if version < (22, 18) or (23, 0) <= version < (23, 6):
        raise _unavailable(
            f"Node {said} does not read TypeScript",
            "install Node 22.18 or later, or name the compiled .js files",
        )


def _ask(node: str, project: Path, paths: Sequence[Path], timeout: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="bravo-zod-") as folder:
        asked, answered = Path(folder) / "request.json", Path(folder) / "answer.json"
        asked.write_text(json.dumps({"files": [str(path) for path in paths]}), encoding="utf-8")
        # so that zod is found as the file itself would find it
        options = ["--experimental-import-meta-resolve", "--no-warnings"]
        done = _run([node, *options, str(_SCRIPT), str(asked), str(answered)], project, timeout)
        if not answered.exists():
            raise _failed(
                last_lines(done.stderr.decode("utf-8", "replace")) or "Node ended without an answer"
            )
        answer: dict[str, Any] = json.loads(answered.read_text(encoding="utf-8"))
        return answer


def _run(arguments: list[str], project: Path, timeout: float) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            arguments,
            cwd=project,
            env={**environment(), "NODE_OPTIONS": ""},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _failed(f"importing the schemas took longer than {timeout:g} s") from None
    except OSError as error:
        raise _unavailable(
            f"{arguments[0]} cannot be run: {os.strerror(error.errno or 0)}", "install Node"
        ) from None


def _entity(project: Path, one: dict[str, Any], others: Sequence[dict[str, Any]]) -> list[Entity]:
    file = Path(one["file"]).relative_to(project).as_posix()
    name = _plain(one["name"])
    if sum(_plain(other["name"]) == name for other in others if other["file"] == one["file"]) > 1:
        name = one["name"]
    lines = Path(one["file"]).read_bytes().decode("utf-8", "replace").splitlines()
    return Schemas(one["schema"], file, name, partial(_place, file, lines, one["name"])).root()


def _plain(name: str) -> str:
    """``CampaignSchema`` states Campaign."""
    return re.sub(r"(?<=\w)_?[Ss]chema$", "", name)


def _place(file: str, lines: Sequence[str], name: str, pointer: Pointer) -> Place:
    """The line of a property below the schema's own, as far as it is written out there."""
    declared = re.compile(rf"\b(?:const|let|var)\s+{re.escape(name)}\b")
    start = next((number for number, line in enumerate(lines, 1) if declared.search(line)), 1)
    key = pointer[-1] if len(pointer) > 1 else None
    if key is not None:
        property_ = re.compile(rf"(?:^|[\s{{,])[\"']?{re.escape(str(key))}[\"']?\s*:")
        for number, line in enumerate(lines[start - 1 :], start):
            if number > start and re.match(r"\s*export\b", line):
                break
            if property_.search(line):
                return Place(file, number)
    return Place(file, start)


def _unavailable(why: str, what: str) -> UsageError:
    return UsageError(
        "zod-not-available",
        f"the Zod schemas of the project cannot be read: {why}",
        hint=f"In the project's folder: {what}. Or take `zod` out of [project] in bravo.toml.",
        where="bravo.toml [project] zod",
    )


def _failed(why: str) -> FailedError:
    return FailedError(
        "zod-failed",
        f"the Zod schemas of the project cannot be read: {why}",
        hint="Import the file with Node by hand, and call z.toJSONSchema on what it exports.",
        where="bravo.toml [project] zod",
    )
