"""Names that mean the same: `campaigns` and `Campaign`, `daily_budget` and `dailyBudget`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping as Names

from bravo_agent.config import Config
from bravo_agent.errors import UsageError
from bravo_agent.model.catalog import Catalog, Table
from bravo_agent.model.entities import Entity, Field, ModelSet
from bravo_agent.planning import naming

_SUFFIXES = ("model", "document", "doc", "entity")


def plain_name(name: str) -> str:
    """``name`` without case and underscores: what snake_case and CamelCase have in common."""
    return name.replace("_", "").lower()


def stems(name: str) -> frozenset[str]:
    """``name`` plain, and every simple singular that English may have made it of: of two, some are shared."""
    plain = plain_name(name)
    found = {plain}
    if plain.endswith("s") and not plain.endswith("ss"):
        found.add(plain[:-1])
    if plain.endswith(("ses", "xes", "zes", "ches", "shes")):
        found.add(plain[:-2])
    if plain.endswith("ies"):
        found.add(plain[:-3] + "y")
    return frozenset(found)


def field_for(column: str, entity: Entity) -> Field | None:
    """The field that ``column`` feeds by its document key or its name; computed fields are fed by nothing."""
    fields = [field for field in entity.fields if not field.computed]
    key, name = naming.document_name(column), naming.field_name(column)
    exact = [f for f in fields if f.document_name == key] or [f for f in fields if f.name in (column, name)]
    if exact:
        return exact[0]
    plain = plain_name(column)
    like = [field for field in fields if plain in (plain_name(field.document_name), plain_name(field.name))]
    return like[0] if len(like) == 1 else None


def entities_by_table(catalog: Catalog, models: ModelSet, config: Config) -> dict[str, tuple[str, Entity]]:
    """Table key -> (name as the mapping writes it, entity). A model that two tables could have goes to the
    first of the configured schemas; what cannot be told apart is left unmapped."""
    names = _names(models)
    there = {table.key for table in catalog.tables}
    found = {
        key: _configured(key, section.model, models)
        for key, section in config.entities.items()
        # Of a table that is gone, the model may be gone as well; what is left still belongs to it.
        if section.model and (key in there or models.entity(section.model))
    }
    taken = {id(entity) for entity in found.values()}
    by_stem = _by_stem(models)
    for table in sorted(catalog.tables, key=lambda table: _order(table, config)):
        if table.key in found:
            continue
        entity = _by_name(table, _candidates(table, by_stem, taken))
        if entity is not None:
            found[table.key] = entity
            taken.add(id(entity))
    return {key: (names[id(entity)], entity) for key, entity in found.items()}


def _names(models: ModelSet) -> dict[int, str]:
    twins: dict[str, int] = defaultdict(int)
    for entity in models.entities:
        twins[entity.name] += 1
    return {
        id(entity): entity.name if twins[entity.name] == 1 else f"{entity.module}:{entity.name}"
        for entity in models.entities
    }


def _order(table: Table, config: Config) -> tuple[int, str]:
    schemas = config.source.schemas
    return (schemas.index(table.schema) if table.schema in schemas else len(schemas), table.key)


def _by_stem(models: ModelSet) -> dict[str, list[Entity]]:
    found: dict[str, list[Entity]] = defaultdict(list)
    for entity in models.entities:
        if entity.form == "dataclass":
            continue  # it may be anything: bravo.toml says which table it stands for
        plain = plain_name(entity.name)
        shorter = [plain.removesuffix(suffix) for suffix in _SUFFIXES if plain != suffix]
        for stem in sorted({stem for name in (plain, *shorter) for stem in stems(name)}):
            found[stem].append(entity)
    return found


def _candidates(table: Table, by_stem: Names[str, list[Entity]], taken: set[int]) -> list[Entity]:
    found = {id(entity): entity for stem in sorted(stems(table.name)) for entity in by_stem.get(stem, [])}
    return [entity for place, entity in found.items() if place not in taken]


def _by_name(table: Table, candidates: list[Entity]) -> Entity | None:
    """The candidate that shares most names with the table; none where two share as many, or none any."""
    scored = [(_shared(table, entity), entity) for entity in candidates]
    best = max((score for score, _ in scored), default=0)
    winners = [entity for score, entity in scored if score == best]
    return winners[0] if best > 0 and len(winners) == 1 else None


def _shared(table: Table, entity: Entity) -> int:
    return sum(field_for(column.name, entity) is not None for column in table.columns)


def _configured(table: str, name: str | None, models: ModelSet) -> Entity:
    entity = models.entity(name or "")
    if entity is None:
        raise UsageError(
            "model-unknown",
            f"bravo.toml gives {table} the model {name}, which is not among the application's models",
            hint="Name a class of [project] models, as `Name` or `module:Name`.",
            where=table,
        )
    return entity
