"""Which declarations only make sense together, each with why: bases and overrides, and models that become others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from bravo_agent.model.code import FieldGroup, FieldRef, Point
from bravo_agent.model.entities import Entity, Place
from codemods._finding.apart import beside, declined, module_of, ref_of, refuse_lineage
from codemods._finding.becoming import Becoming, is_test
from codemods._finding.facts import Facts
from codemods._finding.models import Decl
from codemods._finding.values import OWN, Candidate, ClassKey, Edge

_MODELS = ("pydantic", "sqlmodel")


def group_of(
    ref: FieldRef,
    facts: Facts,
    start: Decl | None,
    candidates: Sequence[Candidate],
    becoming: Becoming,
    apart: Sequence[str] = (),
) -> tuple[FieldGroup, dict[Decl, str]]:
    """The group of ``ref``, which is declared at ``start``, and its declarations, each with why it belongs to it.

    ``apart``: classes that are to stay out of it. Raises ``UsageError`` ``class-not-apart`` where one cannot.
    """
    if start is None:
        return FieldGroup(ref), {}
    inside = _set_inside(ref.field, candidates)
    edges = [
        *_lineage(ref.field, facts, candidates),
        *_handed_on(ref.field, facts, candidates, inside),
        *becoming.edges(ref.field),
    ]
    binding = [one for one in edges if one.how != "alike"]
    members = _connected(start, binding)
    if apart:
        out = declined(ref, facts, members, apart)
        members = _connected(start, [one for one in binding if not {one.one, one.other} & out])
        refuse_lineage(ref, facts, binding, members)
    coupled = tuple(_coupled(ref, facts, members, start))
    return FieldGroup(ref, coupled, tuple(beside(ref, facts, edges, members, inside))), members


def _connected(start: Decl, edges: Iterable[Edge]) -> dict[Decl, str]:
    near: dict[Decl, list[tuple[Decl, str]]] = {}
    for edge in edges:
        near.setdefault(edge.one, []).append((edge.other, edge.why))
        near.setdefault(edge.other, []).append((edge.one, edge.why))
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
                yield ref_of(found, ref.field), said
    for decl in members:
        for entity in facts.index.declared_at(decl, ref.field):
            if (entity.module, entity.name) not in listed:
                listed.add((entity.module, entity.name))
                yield ref_of(entity, ref.field), f"inherits it ({decl[0]}:{decl[1]})"
    for decl, why in members.items():
        for entity in facts.index.read_at(decl, ref.field):
            aliased = entity.by_document_name(ref.field)
            if aliased is None or aliased.name == ref.field or (entity.module, entity.name) in listed:
                continue
            listed.add((entity.module, entity.name))
            yield FieldRef(entity.module, entity.name, aliased.name, ref.field), why


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
                why = f"{key.qualname} overrides it ({decl[0]}:{decl[1]})"
                yield Edge(decl, declared, why, *decl, "inherits")
    for key in facts.index.of_several(name):
        # A class that stands on two that both declare it has one of them only, and both have to agree.
        found = [place for above in facts.ancestors(key) if (place := facts.own(above, name))]
        for second in found[1:]:
            why = f"{key.qualname} stands on both ({second[0]}:{second[1]})"
            yield Edge(found[0], second, why, *second, "inherits")


# -- values that are handed on ------------------------------------------------------------------------------


def _set_inside(name: str, candidates: Iterable[Candidate]) -> dict[Decl, FieldRef]:
    """Attributes that are set in a method of their class, by where that is: ``self.field = field``."""
    return {
        (one.token.file, one.token.line): FieldRef(module_of(one.token.file), one.owner, name)
        for one in candidates
        if one.form == "attribute" and one.name == name and one.owner
    }


def _handed_on(
    name: str, facts: Facts, candidates: Sequence[Candidate], inside: Collection[Decl]
) -> Iterator[Edge]:
    """``Out(field=round_field(model.field))`` and ``out.field = model.field``.

    A model that is made with the value of another one shows the same column. An assignment, and what is no model, does
    not lose the value where one of the two names is another: ``out.field = model.renamed``.
    """
    giving = [one for one in candidates if one.reads and one.name == name and not is_test(one.token.file)]
    for one in giving:
        target = _declared_at(one, facts, inside)
        for spot in one.reads:
            source = _landing(Point(one.token.file, *spot), name, facts, inside)
            if target is not None and source is not None and target != source:
                both = all(_is_model(decl, name, facts) for decl in (target, source))
                how: Literal["given", "alike"] = "given" if both and one.form == "keyword" else "alike"
                why = f"the value is handed on as it is in {one.token.file}:{one.token.line}"
                yield Edge(target, source, why, one.token.file, one.token.line, how)


def _is_model(decl: Decl, name: str, facts: Facts) -> bool:
    return any(one.form in _MODELS for one in facts.index.declared_at(decl, name))


def _declared_at(one: Candidate, facts: Facts, inside: Collection[Decl]) -> Decl | None:
    direct = _landing(Point(one.token.file, one.token.line, one.token.column), one.name, facts, inside)
    if direct is not None or one.call is None:
        return direct
    (keys,) = facts.classes_of(one.token.file, [one.call])
    found = {decl for key in keys if (decl := facts.declaring(key, one.name))}
    return found.pop() if len(found) == 1 else None


def _landing(point: Point, name: str, facts: Facts, inside: Collection[Decl]) -> Decl | None:
    """The one declaration that a token means; ``inside``: attributes that no class body declares."""
    (landings,) = facts.definitions([point])
    if len(landings) != 1:
        return None
    decl = landings[0].file, landings[0].line
    return decl if facts.owner_of(decl, name) is not None or decl in inside else None
