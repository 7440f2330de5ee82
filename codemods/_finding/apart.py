"""What is not decided with a field although it carries its value: what never is, and what somebody wants left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from bravo_agent.errors import UsageError
from bravo_agent.model.code import Beside, FieldRef
from bravo_agent.model.entities import Entity, Place
from codemods._finding.facts import Facts
from codemods._finding.models import Decl
from codemods._finding.values import Edge


def declined(ref: FieldRef, facts: Facts, members: Collection[Decl], apart: Sequence[str]) -> frozenset[Decl]:
    """The declarations of the classes ``apart`` names; raises ``UsageError`` where one has none among ``members``."""
    refs = {decl: found for decl in sorted(members) if (found := _declared(decl, ref, facts)) is not None}
    out: set[Decl] = set()
    for name in apart:
        named = {
            decl
            for decl, one in refs.items()
            if name in (one.entity, f"{one.module}:{one.entity}")
            and (one.module, one.entity) != (ref.module, ref.entity)
        }
        if not named:
            others = sorted({one.entity for one in refs.values()} - {ref.entity})
            known = f"With it: {', '.join(others)}." if others else "Nothing is decided with it."
            raise UsageError(
                "class-not-apart",
                f"{name} is not decided with {ref.entity}.{ref.field}, so that it cannot be left out",
                hint=f"{known} What only inherits the field has no name of its own for it.",
            )
        out |= named
    return frozenset(out)


def refuse_lineage(ref: FieldRef, facts: Facts, edges: Iterable[Edge], members: Collection[Decl]) -> None:
    """Raises ``UsageError`` where a class left out overrides what is a member, or the other way round."""
    for edge in sorted(edges):
        if edge.how == "inherits" and (edge.one in members) != (edge.other in members):
            outside = edge.other if edge.one in members else edge.one
            found = _declared(outside, ref, facts)
            raise UsageError(
                "class-not-apart",
                f"{found.entity if found else outside[0]} cannot be left out: {edge.why}",
                hint="A class and what overrides its field have one name for it. Leave out both, or none.",
            )


def beside(
    ref: FieldRef,
    facts: Facts,
    edges: Iterable[Edge],
    members: Mapping[Decl, str],
    inside: Mapping[Decl, FieldRef],
) -> Iterator[Beside]:
    """What is tied to a member and is none: every place by which data pass by name, of the others the first one.

    ``inside``: attributes that no class body declares.
    """
    told: set[FieldRef] = set()
    for edge in sorted(edges, key=lambda one: (one.how != "filled", one.file, one.line)):
        if (edge.one in members) == (edge.other in members):
            continue
        outside = edge.other if edge.one in members else edge.one
        found = _declared(outside, ref, facts) or inside.get(outside)
        by_name = edge.how == "filled"
        if found is not None and (by_name or found not in told):
            told.add(found)
            yield Beside(found, edge.why, edge.file, edge.line, by_name)


def _declared(decl: Decl, ref: FieldRef, facts: Facts) -> FieldRef | None:
    """Whose field, or whose document key, stands there."""
    owner = facts.owner_of(decl, ref.field)
    if owner is not None:
        entity = facts.entities.get(owner)
        return ref_of(entity or Entity(owner.qualname, module_of(owner.file), Place(*decl), ()), ref.field)
    for entity in facts.index.read_at(decl, ref.field):
        field = entity.by_document_name(ref.field)
        if field is not None:
            return FieldRef(entity.module, entity.name, field.name, ref.field)
    return None


def ref_of(entity: Entity, name: str) -> FieldRef:
    """The field of that name, with its document key where that differs."""
    field = entity.field(name)
    alias = field.document_name if field is not None and field.document_name != name else None
    return FieldRef(entity.module, entity.name, name, alias)


def module_of(file: str) -> str:
    """The dotted name that a file of the project most likely has."""
    parts = file.removesuffix(".py").removeprefix("src/").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
