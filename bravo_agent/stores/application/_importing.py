"""The application imported by its own interpreter, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from bravo_agent.config import ProjectSection
from bravo_agent.errors import FailedError
from bravo_agent.model.entities import Entity, Field, ModelSet, Place, Shape
from bravo_agent.stores.application._struck import struck

_SCRIPT = Path(__file__).with_name("_in_application") / "__main__.py"
_TIMEOUT = 60.0
_LAST_LINES = 6
# An application in a process of ours must not reach a production database by accident.
_WITHHELD = ("BRAVO_SOURCE_URI", "BRAVO_TARGET_URI", "BRAVO_MASK_KEY", "BRAVO_MCP_TOKEN")


@dataclass(frozen=True)
class ModelSchema:
    """JSON Schema of one model in both modes of Pydantic."""

    name: str
    module: str
    validation: Mapping[str, Any]
    serialization: Mapping[str, Any]


def interpreter(project: Path, section: ProjectSection) -> str:
    """The application's Python: as configured, else its ``.venv``, else ours."""
    if section.python:
        configured = Path(section.python)
        return str(project / configured) if len(configured.parts) > 1 else section.python
    for name in (".venv", "venv"):
        own = project / name / "bin" / "python"
        if own.exists():
            return str(own)
    return sys.executable


def in_application(
    project: Path,
    section: ProjectSection,
    command: Literal["fields", "schemas", "definitions", "openapi"],
    models: Sequence[tuple[str, str]],
    roots: Sequence[Path],
    overlay: Mapping[str, str] | None = None,
    timeout: float = _TIMEOUT,
    target: str = "",
) -> dict[str, dict[str, Any]]:
    """Answers by ``module:Class``, to the last two commands one under "".

    Raises ``FailedError`` ``application-import-failed``.
    """
    request = {
        "command": command,
        "models": [list(model) for model in models],
        "roots": [str(root) for root in roots],
        "overlay": {str(project / file): text for file, text in (overlay or {}).items()},
        "target": target,
    }
    with tempfile.TemporaryDirectory(prefix="bravo-import-") as folder:
        asked, answered = Path(folder) / "request.json", Path(folder) / "answer.json"
        asked.write_text(json.dumps(request), encoding="utf-8")
        arguments = [interpreter(project, section), "-B", str(_SCRIPT), str(asked), str(answered)]
        _run(arguments, project, timeout)
        if not answered.exists():
            raise _failed("the interpreter ended without an answer")
        answers: dict[str, dict[str, Any]] = json.loads(answered.read_text(encoding="utf-8"))["models"]
        return answers


def environment() -> dict[str, str]:
    """What a process that runs the application's code may see; sets have the same order in each."""
    seen = {name: value for name, value in os.environ.items() if name not in (*_WITHHELD, "PYTHONPATH")}
    return {**seen, "PYTHONHASHSEED": "0"}


def _run(arguments: list[str], project: Path, timeout: float) -> None:
    try:
        done = subprocess.run(
            arguments,
            cwd=project,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _failed(f"importing the application took longer than {timeout:g} s") from None
    except OSError as error:
        raise _failed(f"{arguments[0]} cannot be run: {error.strerror}") from None
    if done.returncode:
        raise _failed(last_lines(done.stderr.decode("utf-8", "replace")))


def _failed(why: str, what: str = "the models") -> FailedError:
    return FailedError(
        "application-import-failed",
        why,
        hint=f"Import {what} by hand with the interpreter named in [project] python of bravo.toml.",
    )


def last_lines(text: str) -> str:
    """The end of a traceback, as far as it helps; likely secrets are struck out."""
    lines = [line for line in text.splitlines() if line.strip()][-_LAST_LINES:]
    return struck("\n".join(lines))


def imported_entity(entity: Entity, answer: Mapping[str, Any]) -> Entity:
    """``entity`` with the fields that Pydantic gave; places and annotations stay those of the source."""
    fields = tuple(_field(entity, one) for one in answer["fields"])
    return replace(entity, fields=fields, known_by="import")


def _field(entity: Entity, told: Mapping[str, Any]) -> Field:
    own = entity.field(told["name"])
    shape = _shape(told["shape"])
    if own is not None and own.shape.text:
        shape = _shape({**told["shape"], "text": own.shape.text})
    place = own.place if own else Place(entity.place.file, entity.place.line)
    default = own.default if own is not None and own.default is not None else told["default"]
    return Field(
        told["name"],
        told["document_name"],
        shape,
        told["required"],
        place,
        None if told["required"] else default,
        told["computed"],
    )


def _shape(told: Mapping[str, Any]) -> Shape:
    plain = {**told, "labels": tuple(told.get("labels", ()))}
    if told.get("item") is not None:
        plain["item"] = _shape(told["item"])
    return Shape(**plain)


def schemas_of(
    project: Path,
    section: ProjectSection,
    models: ModelSet,
    roots: Sequence[Path],
    overlay: Mapping[str, str] | None = None,
) -> tuple[ModelSchema, ...]:
    """JSON Schema of all ``models``, with ``overlay`` (file -> text) in place of what is on disk.

    Raises ``FailedError`` ``application-import-failed`` with the last lines of the traceback.
    """
    asked = _importable(models)
    answers = in_application(project, section, "schemas", asked, roots, overlay) if asked else {}
    schemas = []
    for module, name in asked:
        answer = answers[f"{module}:{name}"]
        if "error" in answer:
            raise _failed(f"{module}:{name}: {last_lines(answer['error'])}")
        if "validation" in answer:
            schemas.append(ModelSchema(name, module, answer["validation"], answer["serialization"]))
    return tuple(schemas)


def definitions_of(
    project: Path,
    section: ProjectSection,
    models: ModelSet,
    roots: Sequence[Path],
    overlay: Mapping[str, str] | None = None,
) -> Mapping[str, Any]:
    """JSON Schema of all ``models`` at once: {validation, serialization, names}; raises as ``schemas_of``."""
    asked = _importable(models)
    if not asked:
        return {"validation": {}, "serialization": {}, "names": {}}
    return _told(in_application(project, section, "definitions", asked, roots, overlay), "the models")


def openapi_of(
    project: Path, section: ProjectSection, roots: Sequence[Path], overlay: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """The OpenAPI document of the application object that ``section.fastapi`` names; raises as ``schemas_of``."""
    target = section.fastapi or ""
    return _told(in_application(project, section, "openapi", [], roots, overlay, target=target), target)


def _importable(models: ModelSet) -> list[tuple[str, str]]:
    return [(e.module, e.name) for e in models.entities if e.form in ("pydantic", "sqlmodel")]


def _told(answers: Mapping[str, Mapping[str, Any]], what: str) -> Mapping[str, Any]:
    answer = answers[""]
    if "error" in answer:
        raise _failed(f"{what}: {last_lines(answer['error'])}", what)
    told: Mapping[str, Any] = answer["told"]
    return told
