"""Shapes of library types, shapes within bounds, and one shape for the members of a union."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bravo_agent.model.entities import Shape, ShapeKind
from bravo_agent.stores.application._names import CALLS, CONTAINERS, MAPPINGS, SCALARS

UNKNOWN = Shape("unknown")


def external(name: str) -> Shape:
    """The shape of a library's type, by its dotted name."""
    if name in SCALARS:
        return Shape(SCALARS[name])
    if name in CALLS:
        return Shape(CALLS[name])
    if name in MAPPINGS:
        return Shape("dict", item=Shape("any"))
    return Shape("list", item=Shape("any")) if name in CONTAINERS else UNKNOWN


def bounded(shape: Shape, bounds: dict[str, int]) -> Shape:
    """``shape`` with the bounds that its kind has."""
    fitting: dict[ShapeKind, tuple[str, ...]] = {
        "str": ("max_length",),
        "bytes": ("max_length",),
        "decimal": ("max_digits", "decimal_places"),
    }
    wanted = {name: bounds[name] for name in fitting.get(shape.kind, ()) if name in bounds}
    return replace(shape, **wanted)  # type: ignore[arg-type]


def bare(shape: Shape) -> Shape:
    """``shape`` without the texts of its annotation."""
    return replace(shape, text="", item=bare(shape.item) if shape.item else None)


def merge(shapes: Iterable[Shape]) -> Shape:
    """One shape for the members of a union (None left out): their common one, or kind ``union``."""
    members = list(shapes)
    if not members:
        return Shape("any")
    if len(members) == 1 or len({bare(replace(member, optional=False)) for member in members}) == 1:
        return members[0]
    if any(member.kind == "unknown" for member in members):
        return UNKNOWN
    labels = tuple(dict.fromkeys(label for member in members for label in member.labels))
    return Shape("enum", labels=labels) if all(m.kind == "enum" for m in members) else Shape("union")
