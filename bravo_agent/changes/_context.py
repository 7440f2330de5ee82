"""What a kind may look at besides the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bravo_agent.config import Config
from bravo_agent.model.catalog import Catalog, Column, ColumnType
from bravo_agent.model.change import Candidate, Evidence, Use
from bravo_agent.model.entities import Entity, Field, ModelSet, Shape
from bravo_agent.model.mapping import ColumnMapping, EntityMapping
from bravo_agent.model.mapping import Mapping as Mappings

ShapeOf = Callable[[ColumnType], Shape]
Uses = Mapping[tuple[str, str], tuple[Use, ...]]


@dataclass(frozen=True)
class Suspicion:
    """``old`` of the baseline may be ``new`` of the source: columns, or (None) whole tables; how likely, and why.

    ``declared``: bravo.toml or an accepted answer says so, whatever the likeness.
    """

    table: str
    old: Column | None
    new_table: str
    new: Column | None
    score: float
    reasons: tuple[str, ...] = ()
    declared: bool = False


@dataclass(frozen=True)
class Suspicions:
    """``paired``: those that are one question each. ``open``: all that are worth telling, ranked.

    ``lost``: (table, column) of every column that is gone, whose identity nobody knows and of which nobody has said
    what became of it: anything new in its table may be this column, however unlike the two are.
    """

    paired: tuple[Suspicion, ...] = ()
    open: tuple[Suspicion, ...] = ()
    lost: tuple[tuple[str, str], ...] = ()

    def lost_from(self, table: str) -> tuple[str, ...]:
        """Names of the ``lost`` columns of one table."""
        return tuple(column for key, column in self.lost if key == table)

    def of_removed(self, table: str, column: str | None) -> tuple[Candidate, ...]:
        """What a removed column, or table, may be now."""
        return tuple(
            Candidate(found.new_table, found.new.name if found.new else None, found.score, found.reasons)
            for found in self._removed.get((table, column), ())
        )

    def of_added(self, table: str, column: str | None) -> tuple[Candidate, ...]:
        """What an added column, or table, may have been."""
        return tuple(
            Candidate(found.table, found.old.name if found.old else None, found.score, found.reasons)
            for found in self._added.get((table, column), ())
        )

    @cached_property
    def _removed(self) -> dict[tuple[str, str | None], list[Suspicion]]:
        found: dict[tuple[str, str | None], list[Suspicion]] = {}
        for one in self.open:
            found.setdefault((one.table, one.old.name if one.old else None), []).append(one)
        return found

    @cached_property
    def _added(self) -> dict[tuple[str, str | None], list[Suspicion]]:
        found: dict[tuple[str, str | None], list[Suspicion]] = {}
        for one in self.open:
            found.setdefault((one.new_table, one.new.name if one.new else None), []).append(one)
        return found


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
    answered: frozenset[tuple[str, str, str]] = frozenset()
    """(table, old, new) of suspected renames that somebody has answered, in whatever way."""
    told_apart: frozenset[tuple[str, str, str]] = frozenset()
    """(kind, table, column) of drops and additions that somebody has answered each by itself."""
    source: Catalog = field(default_factory=lambda: Catalog(()))
    suspicions: Suspicions = Suspicions()
    """What lost and new columns and tables have to do with one another where identity does not tell."""

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
