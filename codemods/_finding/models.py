"""The models by what is asked of them: nothing goes through all of them once more for every field."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bravo_agent.model.entities import Entity, ModelSet, Shape
from codemods._finding.values import ClassKey

Decl = tuple[str, int]
"""A declaration, by file and line."""
_DEPTH = 6


class ModelIndex:
    """``entities``: by class; ``named``: by name; ``with_name``: those that have a field or a key of that name."""

    def __init__(self, models: ModelSet) -> None:
        self.models = models
        self.entities = {ClassKey(one.place.file, one.name): one for one in models.entities}
        self.named: dict[str, list[Entity]] = {}
        self.with_name: dict[str, list[Entity]] = {}
        for entity in models.entities:
            self.named.setdefault(entity.name, []).append(entity)
            for name in dict.fromkeys(n for one in entity.fields for n in (one.name, one.document_name)):
                self.with_name.setdefault(name, []).append(entity)
        self._of_several: dict[str, list[ClassKey]] = {}
        self._declared: dict[tuple[Decl, str], list[Entity]] = {}
        self._read_as: dict[tuple[Decl, str], list[Entity]] = {}
        for key, entity in self.entities.items():
            self._place(entity)
            for name in {one.name for one in entity.fields} if len(entity.base_names) > 1 else ():
                self._of_several.setdefault(name, []).append(key)
        self._holding: dict[str, set[str]] | None = None
        self._pairs: dict[tuple[ClassKey, ClassKey], tuple[tuple[Entity, Entity, int], ...]] = {}

    def _place(self, entity: Entity) -> None:
        names: set[str] = set()
        keys: set[str] = set()
        for one in entity.fields:  # of two of the same name the first one counts
            decl = one.place.file, one.place.line
            if one.name not in names:
                self._declared.setdefault((decl, one.name), []).append(entity)
            if one.document_name not in keys:
                self._read_as.setdefault((decl, one.document_name), []).append(entity)
            names.add(one.name)
            keys.add(one.document_name)

    def declared_at(self, decl: Decl, name: str) -> list[Entity]:
        """The models whose field ``name`` is declared there."""
        return self._declared.get((decl, name), [])

    def read_at(self, decl: Decl, key: str) -> list[Entity]:
        """The models whose field with the document key ``key`` is declared there."""
        return self._read_as.get((decl, key), [])

    def of_several(self, name: str) -> list[ClassKey]:
        """The models that have the field and stand on more than one class."""
        return self._of_several.get(name, [])

    def containers(self, names: Collection[str]) -> set[str]:
        """``names`` and the models that hold one of them, at any depth."""
        if self._holding is None:
            self._holding = {}
            for one in self.models.entities:
                for field in one.fields:
                    inner = self._model(field.shape)
                    if inner is not None:
                        self._holding.setdefault(inner.name, set()).add(one.name)
        around, reached = set(names), list(names)
        for name in reached:
            more = self._holding.get(name, set()) - around
            around |= more
            reached += more
        return around

    def pairs(self, source: ClassKey, target: ClassKey) -> tuple[tuple[Entity, Entity, int], ...]:
        """Both, and the models of equal fields inside of them, each with how deep inside."""
        key = source, target
        if key not in self._pairs:
            self._pairs[key] = tuple(self._paired(self.entities[source], self.entities[target], 0))
        return self._pairs[key]

    def _paired(self, source: Entity, target: Entity, depth: int) -> Iterator[tuple[Entity, Entity, int]]:
        yield source, target, depth
        if depth >= _DEPTH:
            return
        for field in source.fields:
            one = self._model(field.shape)
            if one is None:
                continue
            other = target.by_document_name(field.name) or target.field(field.name)
            two = self._model(other.shape) if other is not None else None
            if two is not None and one != two:
                yield from self._paired(one, two, depth + 1)

    def _model(self, shape: Shape | None) -> Entity | None:
        """The one model that a shape names."""
        while shape is not None and shape.model is None:
            shape = shape.item
        found = self.named.get(shape.model or "", []) if shape is not None else []
        return found[0] if len(found) == 1 else None
