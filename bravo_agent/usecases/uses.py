"""Where the code uses fields of the models: every token that is named like one, with what is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bravo_agent.errors import UsageError
from bravo_agent.events import Emit, PartReached, ignore
from bravo_agent.model.change import Use
from bravo_agent.model.code import FieldRef, Finding
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.mapping import Mapping as TableMapping
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.stores.application import interpreter, repository_files
from bravo_agent.stores.language_server import DefinitionServer, checker_version
from bravo_agent.workspace import BASELINE, Workspace
from codemods import StringAnalysis, Surroundings, find_fields, finding_uses, named_uses


def find_uses(
    workspace: Workspace,
    models: ModelSet,
    refs: Sequence[FieldRef],
    *,
    overlay: Mapping[str, str] | None = None,
    apart: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """One finding for each of ``refs``; writes nothing but its cache in .bravo/cache.

    ``apart``: classes that are not to be decided with a field.
    Where the type checker is missing or fails, only names tell, and the finding notes it. Raises ``UsageError``
    ``field-unknown`` and ``class-not-apart``.
    """
    around = replace(_surroundings(workspace, models, overlay), apart=tuple(apart))
    return find_fields(workspace.project, workspace.config.project, models, refs, around)


def uses_of_fields(
    workspace: Workspace,
    models: ModelSet,
    wanted: Sequence[tuple[str, str]],
    overlay: Mapping[str, str] | None = None,
    mapping: TableMapping | None = None,
    emit: Emit = ignore,
) -> tuple[dict[tuple[str, str], tuple[Use, ...]], tuple[str, ...]]:
    """The uses of each of ``wanted`` (entity, field), and what is worth a note about them.

    ``mapping``: of the models, where it is known already.
    """
    refs: dict[tuple[str, str], FieldRef] = {}
    stated: list[tuple[str, str]] = []
    for key in wanted:
        entity = models.entity(key[0])
        if entity is None or entity.field(key[1]) is None:
            continue
        if entity.form == "schema":
            stated.append(key)  # no class declares it: only names can tell
        else:
            refs[key] = FieldRef(entity.module, entity.name, key[1])

    def border(number: int, total: int) -> None:
        emit(PartReached("uses", number, total))

    around = replace(_surroundings(workspace, models, overlay, mapping), border=border)
    section = workspace.config.project
    findings = find_fields(workspace.project, section, models, list(refs.values()), around)
    uses = {key: finding_uses(finding) for key, finding in zip(refs, findings, strict=True)}
    uses |= named_uses(workspace.project, section.sources, section.exclude, stated)
    return uses, tuple(dict.fromkeys(note for finding in findings for note in finding.notes))


def _surroundings(
    workspace: Workspace,
    models: ModelSet,
    overlay: Mapping[str, str] | None = None,
    mapping: TableMapping | None = None,
) -> Surroundings:
    """What the finder needs of the outside world: the checker, the repository, a place for its cache."""
    project = workspace.project.resolve()
    python = interpreter(project, workspace.config.project)
    collections = _collections(workspace, models) if mapping is None else _mapped(mapping)

    def strings(files: Mapping[str, str], models: ModelSet) -> StringAnalysis:
        return StringAnalysis(files, models, collections)

    return Surroundings(
        checker=lambda texts: DefinitionServer(project, texts, python=python),
        version=f"{checker_version()} {python} {_installed(python)} {sorted(collections.items())}",
        strings=strings,
        overlay=overlay,
        listed=repository_files(project),
        cache=workspace.private / "cache",
    )


def _collections(workspace: Workspace, models: ModelSet) -> dict[str, str]:
    """Which model each MongoDB collection holds, as far as the project says so."""
    config = workspace.config
    if (workspace.project / BASELINE).exists():
        try:
            return _mapped(derive_mapping(workspace.baseline(), models, config))
        except UsageError:
            pass  # a mapping that is wrong is told by detect; here the sections alone have to do
    return {
        section.collection or table.rpartition(".")[2]: section.model
        for table, section in config.entities.items()
        if section.model is not None
    }


def _mapped(mapping: TableMapping) -> dict[str, str]:
    return {one.collection: one.entity for one in mapping.entities if one.entity is not None}


def _installed(python: str) -> str:
    """What tells that other packages are installed: the folder changes then."""
    folders = sorted(Path(python).parent.parent.glob("lib/python*/site-packages"))
    return " ".join(str(folder.stat().st_mtime_ns) for folder in folders)
