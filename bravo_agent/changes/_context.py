"""What a kind may look at besides the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bravo_agent.config import Config
from bravo_agent.model.catalog import Catalog, ColumnType
from bravo_agent.model.change import Evidence, Use
from bravo_agent.model.entities import Entity, Field, ModelSet, Shape
from bravo_agent.model.mapping import ColumnMapping, EntityMapping
from bravo_agent.model.mapping import Mapping as Mappings

ShapeOf = Callable[[ColumnType], Shape]
Uses = Mapping[tuple[str, str], tuple[Use, ...]]


@dataclass(frozen=True)
class Context:
    """``mapping`` is of the baseline's tables, ``target`` of the source's, both by the same models.

    ``source_key`` maps a table's key at the baseline to its key now, where identity knows of a rename.
    """

    baseline: Catalog
    models: ModelSet
    mapping: Mappings
    target: Mappings
    config: Config
    uses: Uses
    shape_of: ShapeOf
    source_key: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[tuple[str, str], Evidence] = field(default_factory=dict)
    confirmed: frozenset[tuple[str, str, str]] = frozenset()
    """(table, old, new) of renames that bravo.toml declares or somebody has accepted."""

    def mapped(self, table: str, column: str) -> ColumnMapping | None:
        """What ``column`` of the baseline feeds, or None."""
        return self._columns.get((table, column))

    def shown(self, table: str, column: str) -> ColumnMapping | None:
        """What ``column`` of the source feeds by the models as they are; ``table`` as at the baseline."""
        return self._shown.get((self.source_key.get(table, table), column))

    def is_mapped(self, table: str) -> bool:
        """Whether ``table`` fed a collection at the baseline, or does now."""
        return table in self._entities or self.source_key.get(table, table) in self._shown_entities

    def entity_of(self, table: str) -> Entity | None:
        """The model of ``table``, at the baseline or now."""
        found = self._entities.get(table) or self._shown_entities.get(self.source_key.get(table, table))
        return self._models.get(found.entity or "") if found else None

    def entity_name(self, table: str) -> str | None:
        """The model's name as the mapping writes it."""
        found = self._entities.get(table) or self._shown_entities.get(self.source_key.get(table, table))
        return found.entity if found else None

    def field_of(self, table: str, mapped: ColumnMapping | None) -> Field | None:
        """The model's field behind ``mapped``, or None."""
        entity = self.entity_of(table)
        return entity.field(mapped.field) if entity and mapped and mapped.field else None

    def had(self, table: str, column: str) -> bool:
        """Whether the baseline's table has a column of that name."""
        return column in self._names.get(table, ())

    def uses_of(self, entity: str | None, name: str | None) -> tuple[Use, ...]:
        """Where the code uses the field."""
        return self.uses.get((entity or "", name or ""), ())

    @cached_property
    def _columns(self) -> dict[tuple[str, str], ColumnMapping]:
        return {(e.table, column.column): column for e in self.mapping.entities for column in e.columns}

    @cached_property
    def _shown(self) -> dict[tuple[str, str], ColumnMapping]:
        return {(e.table, column.column): column for e in self.target.entities for column in e.columns}

    @cached_property
    def _entities(self) -> dict[str, EntityMapping]:
        return {entity.table: entity for entity in self.mapping.entities}

    @cached_property
    def _shown_entities(self) -> dict[str, EntityMapping]:
        return {entity.table: entity for entity in self.target.entities}

    @cached_property
    def _models(self) -> dict[str, Entity]:
        names = {f"{entity.module}:{entity.name}": entity for entity in self.models.entities}
        return {entity.name: entity for entity in self.models.entities} | names

    @cached_property
    def _names(self) -> dict[str, frozenset[str]]:
        return {t.key: frozenset(c.name for c in t.columns) for t in self.baseline.tables}
