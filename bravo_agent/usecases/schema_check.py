"""Whether the schema as it is now fits what is registered: readers and data of both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.schema import Against, CompatibilityMode, RegisteredSchema
from bravo_agent.planning.compatibility import Documents, judge
from bravo_agent.planning.document_schema import documents_of
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.usecases._registry import RegistryView, open_registry
from bravo_agent.usecases.detect import source_catalog
from bravo_agent.workspace import Workspace


@dataclass(frozen=True)
class Compatibility:
    """What ``mode`` asks, and what each comparison found; no comparison where nothing is registered."""

    mode: CompatibilityMode
    against: tuple[Against, ...]
    notes: tuple[str, ...] = ()

    @property
    def compatible(self) -> bool:
        """Whether no comparison found anything."""
        return not any(one.incompatibilities for one in self.against)


def check_schema(
    workspace: Workspace,
    *,
    mode: CompatibilityMode | None = None,
    source: str = "direct",
    against: str | None = None,
    database: str | None = None,
    registry: Path | None = None,
) -> Compatibility:
    """The source and the models as they are now, held against the registered schemas.

    ``mode``: default is the configured one. ``source``: as for ``detect``, or ``baseline`` for the catalog that is
    committed. ``against``: as if that schema were the last one registered. Raises ``schema-unknown``.
    """
    asked = mode or workspace.config.registry.compatibility
    with open_registry(workspace, database, registry) as view:
        last = view.find(against).number if against else None
        former = [one for one in view.schemas if last is None or one.number <= last]
        wanted = former if asked.endswith("_TRANSITIVE") else former[:1]
        known = [(one, _former(workspace, view, one)) for one in wanted]
    if not known:
        return Compatibility(asked, (), ("nothing is registered yet: the first run that publishes does it",))
    catalog = workspace.baseline() if source == "baseline" else source_catalog(workspace, source)
    reading = workspace.models()
    now = _documents(workspace, catalog, reading.models)
    found = judge(asked, now, [(one.number, documents) for one, (documents, _) in known])
    # What could not be read of the models is not asked for either: that has to be said.
    return Compatibility(asked, found, (*reading.notes, *(note for _, (_, note) in known if note)))


def _documents(workspace: Workspace, catalog: Catalog, models: ModelSet) -> Documents:
    return documents_of(catalog, derive_mapping(catalog, models, workspace.config), models)


def _former(
    workspace: Workspace, view: RegistryView, schema: RegisteredSchema
) -> tuple[Documents, str | None]:
    """What a registered schema wrote and read, by its own models and the bravo.toml of today."""
    catalog, models = view.catalog(schema), view.models(schema)
    try:
        return _documents(workspace, catalog, models), None
    except UsageError as error:
        whole = derive_mapping(catalog, models, workspace.config.model_copy(update={"entities": {}}))
        note = (
            f"bravo.toml does not fit schema {schema.number} ({error.code}): its models were matched by name"
        )
        return documents_of(catalog, whole, models), note
