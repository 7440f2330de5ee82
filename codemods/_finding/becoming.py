"""Models that become other models: where instances of some are dumped and validated into others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from bravo_agent.model.code import Point
from bravo_agent.model.entities import Entity
from codemods._finding.facts import Facts
from codemods._finding.models import Decl
from codemods._finding.roles import role_of_file
from codemods._finding.values import ClassKey, Edge, Flow, Given, Spot

_BECOMES = re.compile(
    r"\b(?:model_validate|parse_obj|from_orm|validate_python|model_dump|response_model|__dict__)\b"
    r"|\b(?:dict|vars|asdict|setattr)\([^)]|\b(?:validate_json|parse_raw|model_dump_json)\b"
    r"|@\w+\.(?:get|post|put|patch|delete|api_route)\("
)
_WORD = re.compile(r"\w+")


class Becoming:
    """Of all ``names`` at once: every file is looked at, and every place in it understood, a single time."""

    def __init__(self, names: Collection[str], facts: Facts, texts: Mapping[str, str]) -> None:
        self._facts = facts
        self._names = frozenset(names)
        around = {name: found for name in sorted(self._names) if (found := self._around(name))}
        held = _held(texts, {one for found in around.values() for one in found}) if around else {}
        self._files = {
            name: frozenset().union(*(held[one] for one in found)) for name, found in around.items()
        }
        every = {file for found in self._files.values() for file in found}
        self._edges: dict[str, list[tuple[str, Edge]]] = {}
        self._read([file for file in texts if file in every])

    def edges(self, name: str) -> Iterator[Edge]:
        """Which declarations of ``name`` are tied to which, each with the place that ties them."""
        files = self._files.get(name, frozenset())
        return (edge for file, edge in self._edges.get(name, ()) if file in files)

    def _around(self, name: str) -> set[str]:
        """The models that the field can be in; none where there is nothing else that could become one of them."""
        having = self._facts.index.with_name.get(name, [])
        models = {ClassKey(one.place.file, one.name) for one in having}
        if not models or len(models | self._facts.having(name)) < 2:
            return set()
        return self._facts.index.containers({one.name for one in having})

    def _read(self, files: list[str]) -> None:
        facts = self._facts
        facts.outline_all(files)
        flows = [(file, flow) for file in files for flow in facts.outline(file).flows]
        facts.types([point for file, flow in flows for point in _points(file, flow)])
        for file, flow in flows:
            for name, edge in self._of_flow(file, flow):
                self._edges.setdefault(name, []).append((file, edge))

    def _of_flow(self, file: str, flow: Flow) -> Iterator[tuple[str, Edge]]:
        facts, entities = self._facts, self._facts.entities
        into = [
            key
            for spot, keys in zip(flow.into, facts.classes_of(file, flow.into), strict=True)
            for key in (keys if facts.class_at(Point(file, *spot)) is None else self._heirs(file, spot))
            if key in entities
        ]
        for given in flow.given if into else ():
            (keys,) = facts.classes_of(file, [given.spot], called=True)
            for source, target in ((one, other) for one in keys for other in into if one != other):
                become = self._become if source in entities else self._filled
                yield from become(source, target, given, (file, flow.line))

    def _heirs(self, file: str, spot: Spot) -> list[ClassKey]:
        """What ``cls`` may be: the class whose name stands there, and all that are built on it."""
        own = self._facts.class_at(Point(file, *spot))
        found = [own] if own is not None else []
        for one in found:
            name = one.qualname.rpartition(".")[2]
            for key, entity in self._facts.entities.items():
                bases = {base.partition("[")[0].rpartition(".")[2] for base in entity.base_names}
                if name in bases and key not in found:
                    found.append(key)
        return found

    def _become(
        self, source: ClassKey, target: ClassKey, given: Given, place: Decl
    ) -> Iterator[tuple[str, Edge]]:
        for one, other, depth in self._facts.index.pairs(source, target):
            for name in self._names & {field.name for field in one.fields}:
                left_out = given.without if given.only is None else ()
                if depth == 0 and (name in left_out or (given.only is not None and name not in given.only)):
                    continue
                from_, to = self._decl(one, name, alias=False), self._decl(other, name, alias=True)
                if from_ is not None and to is not None and from_ != to:
                    why = f"{other.name} is filled from {one.name} in {place[0]}:{place[1]}"
                    yield name, Edge(from_, to, why, *place, "filled")

    def _filled(
        self, source: ClassKey, target: ClassKey, given: Given, place: Decl
    ) -> Iterator[tuple[str, Edge]]:
        """From an object of a class that is no model: its attributes, or what ``vars`` and ``asdict`` make of it."""
        entity = self._facts.entities[target]
        for name in sorted(self._names):
            from_, to = self._facts.declaring(source, name), self._decl(entity, name, alias=True)
            if from_ is not None and to is not None and from_ != to:
                why = f"{entity.name} is filled from {source.qualname} in {place[0]}:{place[1]}"
                yield name, Edge(from_, to, why, *place, "filled")

    def _decl(self, entity: Entity, name: str, *, alias: bool) -> Decl | None:
        """Where the model has ``name``; ``alias``: or reads a key of that name into another field."""
        if entity.field(name) is not None:
            return self._facts.declaring(ClassKey(entity.place.file, entity.name), name)
        field = entity.by_document_name(name) if alias else None
        return (field.place.file, field.place.line) if field is not None else None


def _held(texts: Mapping[str, str], names: Collection[str]) -> dict[str, list[str]]:
    """For each model the files that hold its last name and in which models may become others; tests tie nothing."""
    last = {name: name.rpartition(".")[2] for name in names}
    words: dict[str, list[str]] = {word: [] for word in last.values()}
    odd = {
        word: re.compile(rf"\b{re.escape(word)}\b") for word in words if not _WORD.fullmatch(word)
    }  # a type with its argument
    for file, text in texts.items():
        if is_test(file) or not _BECOMES.search(text):
            continue
        found = words.keys() & set(_WORD.findall(text))
        for word in (*found, *(word for word, pattern in odd.items() if pattern.search(text))):
            words[word].append(file)
    return {name: words[word] for name, word in last.items()}


def _points(file: str, flow: Flow) -> list[Point]:
    return [Point(file, *spot) for spot in (*flow.into, *(given.spot for given in flow.given))]


def is_test(file: str) -> bool:
    """Whether nothing that is done there says what the application does."""
    return role_of_file(file) in ("test", "fixture")
