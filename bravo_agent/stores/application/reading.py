"""The application's models from its source, and by an import where the source alone cannot tell."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bravo_agent import wire
from bravo_agent.config import ProjectSection
from bravo_agent.errors import FailedError
from bravo_agent.model.entities import Entity, ModelSet, Place, Shape
from bravo_agent.stores.application._classes import Classes, Reading
from bravo_agent.stores.application._importing import (
    ModelSchema,
    imported_entity,
    in_application,
    last_lines,
    schemas_of,
)
from bravo_agent.stores.application._modules import ClassFound, External, Sources
from bravo_agent.stores.application._parsing import Imported, Module
from bravo_agent.stores.application.discovery import find_model_paths, python_files


@dataclass(frozen=True)
class NamedType:
    """A type that the application gives a name: an alias of Annotated or Literal, or an enum.

    ``plain``: its shape is all that it checks, so a new field of that shape may use it.
    """

    module: str
    name: str
    shape: Shape
    plain: bool


@dataclass(frozen=True)
class ModelReading:
    """The models, what could not be read (one sentence each), and the types the application names.

    ``unread`` are those of the notes that stand for whole files.
    """

    models: ModelSet
    notes: tuple[str, ...] = ()
    types: tuple[NamedType, ...] = ()
    unread: tuple[str, ...] = ()


def read_models(
    project: Path,
    section: ProjectSection,
    *,
    allow_import: bool = True,
    overlay: Mapping[str, str] | None = None,
) -> ModelReading:
    """The models in ``section.models`` (paths or modules; none: wherever models are found).

    ``overlay`` (file -> text) goes before what is on disk: a patch can be looked at before it is written.
    """
    project = project.resolve()
    sources = _sources(project, section, overlay)
    modules = [module for path in _files(project, section, overlay) if (module := sources.by_file(path))]
    classes = Classes(sources)
    readings = [reading for module in modules for reading in classes.models_of(module)]
    entities, notes = _settled(project, section, sources, readings, allow_import, overlay)
    ordered = tuple(sorted(entities, key=lambda entity: (entity.module, entity.name)))
    unread = tuple(sources.notes)
    types = _named_types(classes, sources, modules)
    return ModelReading(ModelSet(ordered), (*unread, *notes), types, unread)


def read_schemas(
    project: Path, section: ProjectSection, models: ModelSet, *, overlay: Mapping[str, str] | None = None
) -> tuple[ModelSchema, ...]:
    """JSON Schema of ``models`` by Pydantic; raises ``FailedError`` ``application-import-failed``."""
    project = project.resolve()
    sources = _sources(project, section, overlay)
    for entity in models.entities:
        sources.by_file(project / entity.place.file)
    return schemas_of(project, section, models, sources.roots, overlay)


def models_fingerprint(models: ModelSet) -> str:
    """The fingerprint of what the models say: neither where they stand nor how it became known counts."""
    nowhere = Place("", 0)
    bare = [
        replace(
            entity,
            place=nowhere,
            known_by="source",
            fields=tuple(replace(field, place=nowhere) for field in entity.fields),
        )
        for entity in models.entities
    ]
    return wire.fingerprint(ModelSet(tuple(bare)))


def _sources(project: Path, section: ProjectSection, overlay: Mapping[str, str] | None) -> Sources:
    configured = [(project / source).resolve() for source in section.sources]
    usual = [project / "src"] if (project / "src").is_dir() else []
    roots = tuple(dict.fromkeys([*usual, *(root for root in configured if root.is_dir()), project]))
    return Sources(project, roots, overlay)


def _files(project: Path, section: ProjectSection, overlay: Mapping[str, str] | None) -> list[Path]:
    wanted = section.models or find_model_paths(project, section.exclude)
    found: dict[Path, None] = {}
    for entry in wanted:
        for path in _paths_of(project, section, entry):
            found.update(dict.fromkeys(python_files(path, project, section.exclude)))
    new = (project / file for file in overlay or () if file.endswith(".py"))
    inside = [project / entry for entry in wanted]
    found.update(dict.fromkeys(p for p in new if any(p.is_relative_to(one) for one in inside)))
    return sorted(found)


def _paths_of(project: Path, section: ProjectSection, entry: str) -> Iterable[Path]:
    """The file or folder of an entry that is a path or a dotted module."""
    direct = project / entry
    if direct.exists():
        return [direct]
    dotted = entry.replace(".", "/")
    bases = [project, project / "src", *(project / source for source in section.sources)]
    candidates = [base / name for base in bases for name in (dotted, f"{dotted}.py")]
    return [path for path in candidates if path.exists()][:1]


def _settled(
    project: Path,
    section: ProjectSection,
    sources: Sources,
    readings: Sequence[Reading],
    allow_import: bool,
    overlay: Mapping[str, str] | None,
) -> tuple[list[Entity], list[str]]:
    """The entities with their doubts settled by an import where that is allowed, and notes on the rest."""
    doubtful = [reading for reading in readings if reading.doubts]
    notes: list[str] = []
    answers = {}
    if doubtful and allow_import:
        asked = [(reading.entity.module, reading.entity.name) for reading in doubtful]
        try:
            answers = in_application(project, section, "fields", asked, sources.roots, overlay)
        except FailedError as error:
            notes.append(f"the application cannot be imported: {error.message}")
    entities = [reading.entity for reading in readings if not reading.doubts]
    for reading in doubtful:
        answer = answers.get(f"{reading.entity.module}:{reading.entity.name}", {})
        if "fields" in answer:
            entities.append(imported_entity(reading.entity, answer))
        elif "not_a_model" not in answer:
            notes.append(_note(reading, answer.get("error")))
            entities += [reading.entity] if reading.sure else []
    return entities, notes


def _note(reading: Reading, error: str | None) -> str:
    place = reading.entity.place
    why = "; ".join(reading.doubts)
    tail = f"; the import failed: {last_lines(error).splitlines()[-1]}" if error else ""
    return f"{place.file}:{place.line}: {reading.entity.name} is known in part: {why}{tail}"


def _named_types(classes: Classes, sources: Sources, modules: Sequence[Module]) -> tuple[NamedType, ...]:
    """Aliases and enums of the modules with models, and of the modules these import from."""
    homes = {module.name: module for module in modules}
    for module in modules:
        for bound in module.bindings.values():
            if isinstance(bound, Imported) and bound.name and (other := sources.by_name(bound.module)):
                homes.setdefault(other.name, other)
    found = [one for module in homes.values() for one in _types_of(classes, sources, module)]
    return tuple(sorted(found, key=lambda one: (one.module, one.name)))


def _types_of(classes: Classes, sources: Sources, module: Module) -> Iterable[NamedType]:
    for name, bound in module.bindings.items():
        if isinstance(bound, ast.ClassDef):
            shape = classes.annotations.class_shape(ClassFound(module, bound, name))
            if shape.kind == "enum":
                yield NamedType(module.name, name, replace(shape, text=name), plain=True)
        elif isinstance(bound, ast.Subscript):
            origin = sources.expression(module, bound.value)
            if isinstance(origin, External) and origin.name.rpartition(".")[2] in ("Annotated", "Literal"):
                read = classes.annotations.read(bound, module)
                yield NamedType(module.name, name, replace(read.shape, text=name), read.plain)
