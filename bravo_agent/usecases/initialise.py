"""The first day: bravo.toml and the baseline, for an application that exists or for a database that has none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bravo_agent.artifacts.pydantic_models import generate_models
from bravo_agent.config import FILE, Config, EntitySection, PrivacySection, ProjectSection, SourceSection
from bravo_agent.errors import UsageError
from bravo_agent.events import Emit, Noted, ignore
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.mapping import EntityMapping, Mapping
from bravo_agent.planning.classify import proposals
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.privacy import unmasked_keys
from bravo_agent.stores.application import find_model_paths, read_models
from bravo_agent.toml_text import toml_string
from bravo_agent.workspace import BASELINE, REPORT, Workspace, write_text

Privacy = Literal["mask", "keep"]
# What a run writes for its reader is not part of the application; bravo.decisions.json and the baseline are.
_IGNORED = (".bravo/", "logs/", REPORT)


@dataclass(frozen=True)
class Initialised:
    """Files that were written, tables with a model, and those without one."""

    files: tuple[str, ...]
    mapped: tuple[tuple[str, str], ...]
    unmapped: tuple[str, ...]
    masked: tuple[str, ...]
    notes: tuple[str, ...]


def initialise(
    workspace: Workspace, *, from_database: bool = False, privacy: Privacy = "mask", emit: Emit = ignore
) -> Initialised:
    """Writes bravo.toml and bravo.catalog.json, with ``from_database`` also models.py.

    ``workspace`` is one made without a configuration. Raises ``already-initialised``, ``no-models``,
    ``models-exist``; nothing is written then.
    """
    _refuse_existing(workspace, from_database)
    catalog = workspace.source().catalog()
    emit(Noted("info", f"the source has {len(catalog.tables)} tables"))
    files, config, notes = _generated(workspace, catalog) if from_database else _found(workspace, catalog)
    for name, text in files.items():
        write_text(workspace.project / name, text)
    models = read_models(workspace.project, config.project).models
    mapping = derive_mapping(catalog, models, config)
    classes = _classified(catalog, mapping) if privacy == "mask" else {}
    config = config.model_copy(update={"privacy": PrivacySection(mode=privacy, columns=classes)})
    write_text(workspace.project / FILE, "".join(_toml(config, mapping, catalog, from_database)))
    write_workspace_files(workspace, catalog)
    mapped = tuple((one.table, one.entity or "") for one in mapping.entities)
    known = {table for table, _ in mapped}
    return Initialised(
        (*files, FILE, BASELINE, ".gitignore"),
        mapped,
        tuple(table.key for table in catalog.tables if table.key not in known),
        tuple(column for column, one in classes.items() if one == "mask"),
        notes,
    )


def write_workspace_files(workspace: Workspace, catalog: Catalog) -> None:
    """The baseline, and what git need not see."""
    workspace.save_baseline(catalog)
    path = workspace.project / ".gitignore"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    missing = [line for line in _IGNORED if line not in before.splitlines()]
    if missing:
        write_text(
            path, before + ("\n" if before and not before.endswith("\n") else "") + "\n".join(missing) + "\n"
        )


def _refuse_existing(workspace: Workspace, from_database: bool) -> None:
    if (workspace.project / FILE).exists():
        raise UsageError(
            "already-initialised",
            f"there is a {FILE} already",
            hint=f"Edit it, or remove {FILE} and {BASELINE} and run init again.",
            where=str(workspace.project / FILE),
        )
    if from_database and (workspace.project / "models.py").exists():
        raise UsageError(
            "models-exist",
            "there is a models.py already, and --from-database would write one",
            hint="Run `bravo-agent init` without --from-database: it maps the models that are there.",
            where=str(workspace.project / "models.py"),
        )


def _generated(workspace: Workspace, catalog: Catalog) -> tuple[dict[str, str], Config, tuple[str, ...]]:
    files, mapping = generate_models(catalog, workspace.config.types)
    entities = {one.table: _section(one) for one in mapping.entities}
    project = ProjectSection(models=("models.py",))
    return dict(files), Config(project=project, source=workspace.config.source, entities=entities), ()


def _section(mapping: EntityMapping) -> EntitySection:
    fields = {
        one.column: one.field
        for one in mapping.columns
        if one.field is not None and one.column not in (one.field, one.target)
    }
    return EntitySection(model=mapping.entity, collection=mapping.collection, fields=fields)


def _found(workspace: Workspace, catalog: Catalog) -> tuple[dict[str, str], Config, tuple[str, ...]]:
    paths = find_model_paths(workspace.project)
    reading = read_models(workspace.project, ProjectSection(models=paths))
    if not reading.models.entities:
        raise UsageError(
            "no-models",
            f"no Pydantic models were found below {workspace.project}",
            hint="Name the project with -C DIR, or let them be written: bravo-agent init --from-database",
        )
    config = Config(project=ProjectSection(models=paths), source=workspace.config.source)
    mapping = derive_mapping(catalog, reading.models, config)
    entities = {
        one.table: EntitySection(model=one.entity, collection=one.collection) for one in mapping.entities
    }
    return {}, config.model_copy(update={"entities": entities}), reading.notes


def _classified(catalog: Catalog, mapping: Mapping) -> dict[str, Privacy]:
    """Every mapped column that may be masked at all: keys and what refers to them keep their values."""
    keys = unmasked_keys(catalog)
    columns = {
        (one.table, column.column)
        for one in mapping.entities
        for column in one.columns
        if column.column not in keys.get(one.table, set())
    }
    return proposals(catalog, columns)


def _toml(config: Config, mapping: Mapping, catalog: Catalog, from_database: bool) -> Iterator[str]:
    yield "# How bravo-agent keeps this application and its production data together.\n"
    yield "# docs/configuration.md of bravo-agent lists every key. No secret stands here: connections come from\n"
    yield "# the environment (BRAVO_SOURCE_URI, BRAVO_TARGET_URI, BRAVO_SNAPSHOT_URI, BRAVO_MASK_KEY).\n\n"
    yield "[project]\n"
    yield f"models = {_list(config.project.models)}\n"
    yield '# python = ".venv/bin/python"   # the application\'s own interpreter\n\n'
    if config.source.schemas != SourceSection().schemas:
        yield f"[source]\nschemas = {_list(config.source.schemas)}\n\n"
    yield '[target]\ndatabase = "bravo-1"\nallow = ["bravo-*"]   # databases that may be written to\n\n'
    if from_database:
        yield '# What infinite dates become: fail, null or string.\n[types]\ninfinity = "fail"\n\n'
    yield from _privacy(config.privacy)
    yield "# Which table feeds which model and collection.\n"
    unmapped = {one.table: [c for c, why in one.left_out if why == "unmapped"] for one in mapping.entities}
    for table, section in sorted(config.entities.items()):
        yield f"[entities.{toml_string(table)}]\nmodel = {toml_string(section.model or '')}\n"
        yield f"collection = {toml_string(section.collection or '')}\n"
        if section.fields:
            pairs = ", ".join(f"{toml_string(c)} = {toml_string(f)}" for c, f in section.fields.items())
            yield f"fields = {{ {pairs} }}\n"
        if unmapped.get(table):
            yield f"# without a field, so never loaded: {', '.join(map(_plain, unmapped[table]))}\n"
        yield "\n"
    known = set(config.entities)
    rest = [table.key for table in catalog.tables if table.key not in known]
    if rest:
        yield (
            "# Tables without a model, never loaded:\n"
            + "".join(f"#   {_plain(name)}\n" for name in rest)
            + "\n"
        )
    yield '# [artifacts]\n# json-schema = "schemas"\n# mongodb-validator = "schemas"\n'
    yield '# openapi = "openapi.json"\n# typescript = "web/models.ts"\n# zod = "web/schemas.ts"\n'


def _privacy(section: PrivacySection) -> Iterator[str]:
    if section.mode == "keep":
        yield '# The source holds no personal data: nothing is masked.\n[privacy]\nmode = "keep"\n\n'
        return
    yield "# Proposals made from names and types. Read them: `keep` loads real values, `mask` keyed pseudonyms.\n"
    yield "# A column that is not listed is masked. Keys and what refers to them are never masked.\n"
    yield '[privacy]\nmode = "mask"\n\n[privacy.columns]\n'
    for name, one in section.columns.items():
        yield f'{toml_string(name)} = "{one}"\n'
    yield "\n"


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(toml_string, texts))}]"


def _plain(name: str) -> str:
    # A name may hold a line break, and a comment ends there.
    return name if name.isprintable() else ascii(name)
