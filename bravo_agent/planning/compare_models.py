"""Two sets of models, class by class and field by field; where they stand in the source does not count."""

from __future__ import annotations

from collections.abc import Iterator

from bravo_agent.model.entities import Entity, Field, ModelSet
from bravo_agent.model.schema import ModelDifference


def compare_models(before: ModelSet, after: ModelSet) -> tuple[ModelDifference, ...]:
    """Every difference, sorted by class and field."""
    old, new = ({_name(one): one for one in side.entities} for side in (before, after))
    return tuple(one for name in sorted({*old, *new}) for one in _entity(name, old.get(name), new.get(name)))


def field_text(field: Field) -> str:
    """A field in a line: ``Decimal, required``; with its alias and default where it has them."""
    words = [field.shape.text or field.shape.kind, "required" if field.required else "not required"]
    if field.document_name != field.name:
        words.append(f"stored as {field.document_name}")
    if field.default is not None:
        words.append(f"default {field.default}")
    return ", ".join([*words, "computed"] if field.computed else words)


def _name(entity: Entity) -> str:
    return f"{entity.module}:{entity.name}"


def _entity(name: str, old: Entity | None, new: Entity | None) -> Iterator[ModelDifference]:
    if old is None or new is None:
        yield ModelDifference(name, None, _there(old), _there(new))
        return
    before, after = ({one.name: field_text(one) for one in side.fields} for side in (old, new))
    for field in sorted({*before, *after}):
        if before.get(field) != after.get(field):
            yield ModelDifference(name, field, before.get(field), after.get(field))


def _there(entity: Entity | None) -> str | None:
    return f"{len(entity.fields)} fields" if entity else None
