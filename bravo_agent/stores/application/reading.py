"""The application's models from its source, and by an import where the source alone cannot tell."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bravo_agent import wire
from bravo_agent.config import ProjectSection
from bravo_agent.errors import FailedError, UsageError
from bravo_agent.model.entities import Entity, ModelSet, Place, Shape
from bravo_agent.stores.application._classes import Classes, Reading
from bravo_agent.stores.application._importing import (
    ModelSchema,
    definitions_of,
    imported_entity,
    in_application,
    last_lines,
    openapi_of,
    schemas_of,
)
from bravo_agent.stores.application._modules import ClassFound, External, Sources
from bravo_agent.stores.application._parsing import Imported, Module
from bravo_agent.stores.application._stated import read_schema_files
from bravo_agent.stores.application._zod import read_zod
from bravo_agent.stores.application.discovery import find_model_paths, python_files

_WAYS = {
    "source": "from source",
    "import": "by an import",
    "json-schema": "from JSON Schema",
    "generated": "generated",
}


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

    @property
    def known_by(self) -> tuple[tuple[str, int], ...]:
        """How many of the models became known in which way."""
        counted = Counter(_WAYS[entity.known_by] for entity in self.models.entities)
        return tuple((way, counted[way]) for way in _WAYS.values() if counted[way])

    @property
    def imported(self) -> tuple[str, ...]:
        """A note on the models that the source alone did not tell, where there are any."""
        names = [f"{e.module}:{e.name}" for e in self.models.entities if e.known_by == "import"]
        return (f"read by an import, the source does not tell: {', '.join(names)}",) if names else ()


def read_models(
    project: Path,
    section: ProjectSection,
    *,
    allow_import: bool = True,
    overlay: Mapping[str, str] | None = None,
) -> ModelReading:
    """The models in ``section.models`` (paths or modules; none: wherever models are found), and the schemas.

    ``overlay`` (file -> text) goes before what is on disk: a patch can be looked at before it is written.
    """
    project = project.resolve()
    sources = _sources(project, section, overlay)
    stated = read_schema_files(project, section.schemas, overlay or {})
    zod = read_zod(project, section.zod) if section.zod else ()
    modules = [module for path in _files(project, section, overlay) if (module := sources.by_file(path))]
    classes = Classes(sources)
    readings = [reading for module in modules for reading in classes.models_of(module)]
    entities, notes = _settled(project, section, sources, readings, allow_import, overlay)
    beside, doubled = _beside(entities, (*stated.entities, *zod))
    ordered = tuple(sorted((*entities, *beside), key=lambda entity: (entity.module, entity.name)))
    unread = (*sources.notes, *stated.unread)
    types = _named_types(classes, sources, modules)
    return ModelReading(ModelSet(ordered), (*unread, *notes, *stated.notes, *doubled), types, unread)


def read_schemas(
    project: Path, section: ProjectSection, models: ModelSet, *, overlay: Mapping[str, str] | None = None
) -> tuple[ModelSchema, ...]:
    """JSON Schema of ``models`` by Pydantic; raises ``FailedError`` ``application-import-failed``."""
    project = project.resolve()
    return schemas_of(project, section, models, _roots(project, section, models, overlay), overlay)


def read_definitions(
    project: Path, section: ProjectSection, models: ModelSet, *, overlay: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """JSON Schema of all ``models`` at once: {validation, serialization, names}; raises as ``read_schemas``."""
    project = project.resolve()
    return definitions_of(project, section, models, _roots(project, section, models, overlay), overlay)


def read_openapi(
    project: Path, section: ProjectSection, models: ModelSet, *, overlay: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """The OpenAPI document of ``section.fastapi``.

    Raises ``UsageError`` ``fastapi-not-configured``, and as ``read_schemas``.
    """
    if not section.fastapi:
        raise UsageError(
            "fastapi-not-configured",
            "[artifacts] openapi asks for the application object, and [project] fastapi does not name it",
            hint='Write it into [project]: fastapi = "campaigns.api:app" (module:object).',
            where="bravo.toml [project] fastapi",
        )
    project = project.resolve()
    return openapi_of(project, section, _roots(project, section, models, overlay), overlay)


def _roots(
    project: Path, section: ProjectSection, models: ModelSet, overlay: Mapping[str, str] | None
) -> tuple[Path, ...]:
    sources = _sources(project, section, overlay)
    for entity in models.entities:
        if entity.form != "schema":
            sources.by_file(project / entity.place.file)
    return tuple(sources.roots)


def _beside(entities: Sequence[Entity], stated: Sequence[Entity]) -> tuple[list[Entity], list[str]]:
    """The ``stated`` entities that no model is called like, and a note on each of the others."""
    models = {entity.name for entity in entities}
    doubled = [entity for entity in stated if entity.name in models]
    notes = [
        f"{one.place.file}:{one.place.line}: {one.name} is a Python model as well: the model counts"
        for one in doubled
    ]
    return [entity for entity in stated if entity.name not in models], notes


def models_fingerprint(models: ModelSet) -> str:
    """The fingerprint of what the models say: neither where they stand nor how it became known counts."""
    nowhere = Place("", 0)
    bare = [
        replace(
            entity,
            place=nowhere,
            known_by="source",
            form="pydantic",
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
        models = [reading.entity for reading in doubtful if reading.entity.form != "dataclass"]
        asked = [(entity.module, entity.name) for entity in models]
        try:
            answers = (
                in_application(project, section, "fields", asked, sources.roots, overlay) if asked else {}
            )
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
