"""Which declarations only make sense together, each with why: bases and overrides, and models that become others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bravo_agent.model.code import FieldGroup, FieldRef, Point
from bravo_agent.model.entities import Entity, Place, Shape
from codemods._finding.facts import Decl, Facts
from codemods._finding.roles import role_of_file
from codemods._finding.values import OWN, Candidate, ClassKey, Flow, Given

Edge = tuple[Decl, Decl, str]
_BECOMES = re.compile(
    r"\b(?:model_validate|parse_obj|from_orm|validate_python|model_dump|response_model)\b"
    r"|\b(?:dict|vars|asdict)\([^)]"
    r"|@\w+\.(?:get|post|put|patch|delete|api_route)\("
)
_DEPTH = 6


def group_of(
    ref: FieldRef,
    facts: Facts,
    start: Decl | None,
    candidates: Sequence[Candidate],
    texts: Mapping[str, str],
) -> tuple[FieldGroup, dict[Decl, str]]:
    """The group of ``ref``, which is declared at ``start``, and its declarations, each with why it belongs to it."""
    if start is None:
        return FieldGroup(ref), {}
    edges = [
        *_lineage(ref.field, facts, candidates),
        *_handed_on(ref.field, facts, candidates),
        *_flows(ref.field, facts, texts),
    ]
    members = _connected(start, edges)
    return FieldGroup(ref, tuple(_coupled(ref, facts, members, start))), members


def _connected(start: Decl, edges: Iterable[Edge]) -> dict[Decl, str]:
    near: dict[Decl, list[tuple[Decl, str]]] = {}
    for one, other, why in edges:
        near.setdefault(one, []).append((other, why))
        near.setdefault(other, []).append((one, why))
    members = {start: OWN}
    reached = [start]
    for decl in reached:
        for other, why in sorted(near.get(decl, [])):
            if other not in members:
                members[other] = why
                reached.append(other)
    return members


def _coupled(
    ref: FieldRef, facts: Facts, members: Mapping[Decl, str], start: Decl
) -> Iterator[tuple[FieldRef, str]]:
    """First what declares it, then what inherits it; the asked one is not listed."""
    listed = {(ref.module, ref.entity)}
    for decl, why in members.items():
        owner = facts.owner_of(decl, ref.field)
        if owner is not None:
            entity = facts.entities.get(owner)
            found = entity or Entity(owner.qualname, module_of(owner.file), Place(*decl), ())
            if (found.module, found.name) not in listed:
                listed.add((found.module, found.name))
                said = f"declares it ({decl[0]}:{decl[1]})" if decl == start else why
                yield _ref(found, ref.field), said
    for decl in members:
        for entity in facts.entities.values():
            field = entity.field(ref.field)
            if field is None or (field.place.file, field.place.line) != decl:
                continue
            if (entity.module, entity.name) not in listed:
                listed.add((entity.module, entity.name))
                yield _ref(entity, ref.field), f"inherits it ({decl[0]}:{decl[1]})"
    for decl, why in members.items():
        for entity in facts.entities.values():
            aliased = entity.by_document_name(ref.field)
            if aliased is None or aliased.name == ref.field or (entity.module, entity.name) in listed:
                continue
            if (aliased.place.file, aliased.place.line) == decl:
                listed.add((entity.module, entity.name))
                yield FieldRef(entity.module, entity.name, aliased.name, ref.field), why


def _ref(entity: Entity, name: str) -> FieldRef:
    field = entity.field(name)
    alias = field.document_name if field is not None and field.document_name != name else None
    return FieldRef(entity.module, entity.name, name, alias)


def module_of(file: str) -> str:
    """The dotted name that a file of the project most likely has."""
    parts = file.removesuffix(".py").removeprefix("src/").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


# -- bases and overrides ------------------------------------------------------------------------------------


def _lineage(name: str, facts: Facts, candidates: Iterable[Candidate]) -> Iterator[Edge]:
    """A class and what it stands on, where both declare the name."""
    for one in candidates:
        if one.form != "declaration" or one.name != name:
            continue
        key, decl = ClassKey(one.token.file, one.owner), (one.token.file, one.token.line)
        for above in facts.ancestors(key):
            declared = facts.own(above, name)
            if declared is not None:
                yield decl, declared, f"{key.qualname} overrides it ({decl[0]}:{decl[1]})"
    for key, entity in facts.entities.items():
        # A class that stands on two that both declare it has one of them only, and both have to agree.
        if len(entity.base_names) > 1 and entity.field(name) is not None:
            found = [place for above in facts.ancestors(key) if (place := facts.own(above, name))]
            for second in found[1:]:
                yield found[0], second, f"{key.qualname} stands on both ({second[0]}:{second[1]})"


# -- values that are handed on ------------------------------------------------------------------------------


def _handed_on(name: str, facts: Facts, candidates: Sequence[Candidate]) -> Iterator[Edge]:
    """``Out(field=round_field(model.field))`` and ``out.field = model.field``."""
    giving = [one for one in candidates if one.reads and one.name == name and not _is_test(one.token.file)]
    for one in giving:
        target = _declared_at(one, facts)
        for spot in one.reads:
            source = _landing(Point(one.token.file, *spot), name, facts)
            if target is not None and source is not None and target != source:
                yield target, source, f"takes its value as it is in {one.token.file}:{one.token.line}"


def _declared_at(one: Candidate, facts: Facts) -> Decl | None:
    direct = _landing(Point(one.token.file, one.token.line, one.token.column), one.name, facts)
    if direct is not None or one.call is None:
        return direct
    (keys,) = facts.classes_of(one.token.file, [one.call])
    found = {decl for key in keys if (decl := facts.declaring(key, one.name))}
    return found.pop() if len(found) == 1 else None


def _landing(point: Point, name: str, facts: Facts) -> Decl | None:
    """The one declaration that a token means."""
    (landings,) = facts.definitions([point])
    if len(landings) != 1:
        return None
    decl = landings[0].file, landings[0].line
    return decl if facts.owner_of(decl, name) is not None else None


def _is_test(file: str) -> bool:
    return role_of_file(file) in ("test", "fixture")


# -- models that become models ------------------------------------------------------------------------------


def _flows(name: str, facts: Facts, texts: Mapping[str, str]) -> Iterator[Edge]:
    having = [one for one in facts.models.entities if one.field(name) or one.by_document_name(name)]
    if len({(one.place, one.name) for one in having}) < 2:
        return
    around = _containers({one.name for one in having}, facts)
    words = re.compile(rf"\b(?:{'|'.join(re.escape(one.rpartition('.')[2]) for one in sorted(around))})\b")
    files = [
        file
        for file, text in texts.items()
        if not _is_test(file) and words.search(text) and _BECOMES.search(text)
    ]
    facts.outline_all(files)
    facts.types(
        [point for file in files for flow in facts.outline(file).flows for point in _points(file, flow)]
    )
    for file in files:
        for flow in facts.outline(file).flows:
            yield from _of_flow(name, file, flow, facts)


def _points(file: str, flow: Flow) -> list[Point]:
    return [Point(file, *spot) for spot in (*flow.into, *(given.spot for given in flow.given))]


def _of_flow(name: str, file: str, flow: Flow, facts: Facts) -> Iterator[Edge]:
    into = [key for keys in facts.classes_of(file, flow.into) for key in keys if key in facts.entities]
    if not into:
        return
    for given in flow.given:
        (keys,) = facts.classes_of(file, [given.spot], called=True)
        for source in keys:
            for target in into:
                yield from _become(name, source, target, given, f"{file}:{flow.line}", facts)


def _become(
    name: str, source: ClassKey, target: ClassKey, given: Given, place: str, facts: Facts
) -> Iterator[Edge]:
    if source == target or source not in facts.entities:
        return
    for one, other, depth in _pairs(facts.entities[source], facts.entities[target], facts, 0):
        left_out = given.without if given.only is None else ()
        if depth == 0 and (name in left_out or (given.only is not None and name not in given.only)):
            continue
        from_, to = _decl(one, name, facts, alias=False), _decl(other, name, facts, alias=True)
        if from_ is not None and to is not None and from_ != to:
            yield from_, to, f"{other.name} is filled from {one.name} in {place}"


def _decl(entity: Entity, name: str, facts: Facts, *, alias: bool) -> Decl | None:
    """Where the model has ``name``; ``alias``: or reads a key of that name into another field."""
    if entity.field(name) is not None:
        return facts.declaring(ClassKey(entity.place.file, entity.name), name)
    field = entity.by_document_name(name) if alias else None
    return (field.place.file, field.place.line) if field is not None else None


def _pairs(source: Entity, target: Entity, facts: Facts, depth: int) -> Iterator[tuple[Entity, Entity, int]]:
    """Both, and the models of equal fields inside of them."""
    yield source, target, depth
    if depth >= _DEPTH:
        return
    for field in source.fields:
        other = target.by_document_name(field.name) or target.field(field.name)
        one, two = _model(field.shape, facts), _model(other.shape if other else None, facts)
        if one is not None and two is not None and one != two:
            yield from _pairs(one, two, facts, depth + 1)


def _model(shape: Shape | None, facts: Facts) -> Entity | None:
    """The one model that a shape names."""
    while shape is not None and shape.model is None:
        shape = shape.item
    found = facts.named.get(shape.model or "", []) if shape is not None else []
    return found[0] if len(found) == 1 else None


def _containers(names: set[str], facts: Facts) -> set[str]:
    """``names`` and the models that hold one of them, at any depth."""
    holding: dict[str, set[str]] = {}
    for one in facts.models.entities:
        for field in one.fields:
            inner = _model(field.shape, facts)
            if inner is not None:
                holding.setdefault(inner.name, set()).add(one.name)
    around = list(names)
    for name in around:
        around += sorted(holding.get(name, set()) - set(around))
    return set(around)
