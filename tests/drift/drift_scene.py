"""A small application: the model Campaign over public.campaigns, and what recognise says of a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bravo_agent.changes._samples import ID_FIELD
from bravo_agent.config import Config
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, Table
from bravo_agent.model.change import Change, Decision, Use
from bravo_agent.model.entities import Entity, Field, ModelSet, Place
from bravo_agent.planning.advance import accepted, advance_baseline
from bravo_agent.planning.decide import decide
from bravo_agent.planning.load_mapping import LoadMapping, mapping_for_load
from bravo_agent.planning.mapping import derive_mapping
from bravo_agent.planning.recognise import Recognition, recognise


def catalog(*tables: Table, system: str | None = "1") -> Catalog:
    return Catalog(tuple(sorted(tables, key=lambda table: table.key)), "prod", system)


def anonymous(found: Catalog) -> Catalog:
    """The same structure from another cluster."""
    return replace(found, system_identifier="another")


def campaign(*fields: Field) -> ModelSet:
    place = Place("app/models.py", 1)
    return ModelSet((Entity("Campaign", "app.models", place, (ID_FIELD, *fields)),))


@dataclass(frozen=True)
class Scene:
    baseline: Catalog
    source: Catalog
    models: ModelSet
    config: Config = field(default_factory=Config)
    uses: Mapping[tuple[str, str], tuple[Use, ...]] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()

    @property
    def recognition(self) -> Recognition:
        mapping = derive_mapping(self.baseline, self.models, self.config)
        return recognise(
            self.baseline,
            self.source,
            self.models,
            mapping,
            self.config,
            self.uses,
            decisions=self.decisions,
        )

    @property
    def changes(self) -> tuple[Change, ...]:
        return decide(self.recognition.changes, self.decisions, self.config)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(change.kind, change.state) for change in self.changes]

    @property
    def load(self) -> LoadMapping:
        return mapping_for_load(self.changes, self.source, self.models, self.config)

    @property
    def fed(self) -> dict[str, str]:
        """Source column -> document key, of the only collection."""
        (entity,) = self.load.mapping.entities
        return {column.column: column.target for column in entity.columns}

    @property
    def left_out(self) -> dict[str, str]:
        (entity,) = self.load.mapping.entities
        return dict(entity.left_out)

    def advanced(self) -> Scene:
        return replace(
            self,
            baseline=advance_baseline(
                self.baseline, self.source, accepted(self.changes), self.recognition.ignored
            ),
        )

    def answered(self, option: str, **params: str) -> Scene:
        """The only open change answered by a person."""
        (change,) = [change for change in self.changes if change.state == "open"]
        decision = Decision(change.id, option, tuple(sorted(params.items())))
        return replace(self, decisions=(*self.decisions, decision))


def contested(baseline: Catalog, source: Catalog, models: ModelSet) -> bool:
    """Whether another table would feed a model from now on: that is refused, and nothing recognised."""
    try:
        _ = Scene(baseline, source, models).recognition
    except UsageError as error:
        return error.code == "model-contested"
    return False
