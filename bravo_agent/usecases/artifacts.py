"""Generated artifacts: what they should say now, as a patch, and writing it. No database is asked.

A file is made whole (JSON) or in its marked region (artifacts/_regions.py); what is not ours is never overwritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from bravo_agent.artifacts import Artifact, Definitions, Given, is_ours, placed
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.plan import Edit, ManualWork, Patch
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.registry import shelf
from bravo_agent.stores.application import (
    apply_patch,
    read_definitions,
    read_openapi,
    read_schemas,
    read_text,
)
from bravo_agent.workspace import Workspace

# Kinds that fill a folder: what they leave behind when a model goes ends like this.
_ENDINGS = {"json-schema": ".schema.json", "mongodb-validator": ".validator.json"}


def make_artifacts(workspace: Workspace) -> Patch:
    """What is stale, by the models as they stand and the accepted catalog; empty where nothing is. Writes nothing.

    Raises ``UsageError`` ``artifact-unknown``, ``artifact-not-ours``, ``artifact-marks-broken``,
    ``fastapi-not-configured``; ``FailedError`` ``artifact-unsupported``, ``application-import-failed``.
    """
    if not workspace.config.artifacts:
        return Patch()
    return artifacts_of(workspace, workspace.baseline(), workspace.models().models, {})


def apply_artifacts(workspace: Workspace, stale: Patch) -> tuple[str, ...]:
    """Writes the files of ``stale``, uncommitted ones too: only what is ours is replaced. Gives their names."""
    apply_patch(workspace.project, stale, allow_dirty=True)
    return tuple(edit.file for edit in stale.edits)


def artifacts_of(
    workspace: Workspace, catalog: Catalog, models: ModelSet, overlay: Mapping[str, str]
) -> Patch:
    """As ``make_artifacts``, by other sides; ``overlay`` (file -> text) are edits that are not written yet."""
    config = workspace.config
    if not config.artifacts:
        return Patch()
    project, section = workspace.project, config.project
    given = Given(
        catalog,
        derive_mapping(catalog, models, config),
        models,
        config.types,
        lambda: read_schemas(project, section, models, overlay=overlay),
        cache(lambda: Definitions(**read_definitions(project, section, models, overlay=overlay))),
        lambda: read_openapi(project, section, models, overlay=overlay),
    )
    made = _made(project, given, config.artifacts)
    edits = (Edit(file, before, after) for file, (before, after) in sorted(made.items()) if before != after)
    return Patch(tuple(edits), tuple(_left_behind(project, config.artifacts, made)))


def _made(project: Path, given: Given, places: Mapping[str, str]) -> dict[str, tuple[str | None, str]]:
    """By file: what stands there and what should; two kinds may share a file."""
    made: dict[str, tuple[str | None, str]] = {}
    for name, kind in _kinds(places).items():
        for file, text in kind.files(given, places[name]).items():
            before, now = made.get(file) or (_text(project, file),) * 2
            made[file] = (before, placed(name, file, text, now))
    return made


def _left_behind(
    project: Path, places: Mapping[str, str], made: Mapping[str, tuple[str | None, str]]
) -> Iterator[ManualWork]:
    """Files that we made for a model or a collection that is gone: removing them is left to people."""
    for kind, ending in _ENDINGS.items():
        for path in sorted((project / places[kind]).glob(f"*{ending}")) if kind in places else ():
            file = path.relative_to(project).as_posix()
            if file not in made and is_ours(file, _text(project, file) or ""):
                yield ManualWork(file, 1, f"nothing is generated as this {kind} any more", "remove it")


def _kinds(places: Mapping[str, str]) -> dict[str, Artifact]:
    kinds: dict[str, Artifact] = shelf("bravo_agent.artifacts")
    known = [name for name, kind in kinds.items() if kind.regenerated]
    for name in places:
        if name not in known:
            raise UsageError(
                "artifact-unknown",
                f"there is no artifact {name!r}",
                hint=f"[artifacts] in bravo.toml takes: {', '.join(known)}.",
                where="bravo.toml [artifacts]",
            )
    return {name: kinds[name] for name in known if name in places}


def _text(project: Path, file: str) -> str | None:
    path = project / file
    try:
        return read_text(path) if path.exists() else None
    except (UnicodeDecodeError, IsADirectoryError):
        raise UsageError(
            "artifact-not-ours",
            f"{file} is there already, and is no text of ours",
            hint="Name another file in [artifacts].",
            where=file,
        ) from None
