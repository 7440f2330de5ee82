"""What the versions of a database were published with: listed, shown, compared, taken along."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bravo_agent import wire
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.change import Change
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.schema import ModelDifference, RegisteredSchema, RegistryExport
from bravo_agent.planning.compare_models import compare_models
from bravo_agent.usecases._registry import RegistryView, open_registry
from bravo_agent.usecases.detect import compare_catalogs
from bravo_agent.workspace import Workspace, write_text


@dataclass(frozen=True)
class SchemaEntry:
    """A line of the log; ``current``: the database version that readers see was published with it."""

    schema: RegisteredSchema
    current: bool
    note: str | None = None


@dataclass(frozen=True)
class SchemaContent:
    """A registered schema with all that it names."""

    schema: RegisteredSchema
    catalog: Catalog
    models: ModelSet


@dataclass(frozen=True)
class SchemaDiff:
    """What changed between two registered schemas, by number."""

    before: int
    after: int
    changes: tuple[Change, ...]
    models: tuple[ModelDifference, ...]


def schema_log(
    workspace: Workspace, *, database: str | None = None, registry: Path | None = None
) -> tuple[SchemaEntry, ...]:
    """What is registered, newest first. ``registry``: an exported file instead of the database, here and below."""
    with open_registry(workspace, database, registry) as view:
        former = (*view.schemas[1:], None)
        pairs = zip(view.schemas, former, strict=False)
        return tuple(SchemaEntry(one, view.current in one.versions, _note(one, old)) for one, old in pairs)


def show_schema(
    workspace: Workspace, which: str, *, database: str | None = None, registry: Path | None = None
) -> SchemaContent:
    """One schema, whole; raises ``schema-unknown``, ``schema-ambiguous``, ``registry-corrupt``."""
    with open_registry(workspace, database, registry) as view:
        found = view.find(which)
        return SchemaContent(found, view.catalog(found), view.models(found))


def diff_schemas(
    workspace: Workspace,
    before: str,
    after: str,
    *,
    database: str | None = None,
    registry: Path | None = None,
) -> SchemaDiff:
    """What ``detect`` would say between the two catalogs, and how the models differ."""
    with open_registry(workspace, database, registry) as view:
        old, new = view.find(before), view.find(after)
        changes = compare_catalogs(view.catalog(old), view.catalog(new)).changes
        return SchemaDiff(old.number, new.number, changes, compare_models(view.models(old), view.models(new)))


def export_registry(workspace: Workspace, to: Path, *, database: str | None = None) -> RegistryExport:
    """Writes the whole registry to ``to``, in a form that the other verbs read as ``registry``."""
    with open_registry(workspace, database) as view:
        found = _exported(view)
    write_text(to, wire.dumps(found))
    return found


def _exported(view: RegistryView) -> RegistryExport:
    catalogs = {one.catalog: one for one in view.schemas}
    models = {one.models: one for one in view.schemas}
    return RegistryExport(
        view.database,
        view.current,
        view.schemas[::-1],
        {name: view.catalog(one) for name, one in catalogs.items()},
        {name: view.models(one) for name, one in models.items()},
    )


def _note(schema: RegisteredSchema, former: RegisteredSchema | None) -> str | None:
    """What a reader of a diff has to know: without common identities renames are told by likeness alone."""
    if former is None or _identity(schema) == _identity(former):
        return None
    return (
        f"another source database than that of schema {former.number} (a dump and restore?): "
        "ids of tables and columns are new"
    )


def _identity(schema: RegisteredSchema) -> tuple[str | None, str | None]:
    return schema.system_identifier, schema.source_database
