"""A shape as the annotation that an application would write, and the imports it needs."""

from __future__ import annotations

from bravo_agent.model.entities import Shape

_PLAIN = {
    "bool": ("bool", ()),
    "int": ("int", ()),
    "float": ("float", ()),
    "bytes": ("bytes", ()),
    "decimal": ("Decimal", ("from decimal import Decimal",)),
    "uuid": ("UUID", ("from uuid import UUID",)),
    "date": ("date", ("from datetime import date",)),
    "datetime": ("datetime", ("from datetime import datetime",)),
    "time": ("time", ("from datetime import time",)),
    "timedelta": ("timedelta", ("from datetime import timedelta",)),
    "str": ("str", ()),
    "any": ("Any", ("from typing import Any",)),
}
_CONSTRAINED = ("from typing import Annotated", "from pydantic import Field")


def annotation_of(shape: Shape) -> tuple[str, tuple[str, ...]] | None:
    """The annotation without None, and import lines; None where the shape does not tell (model, union)."""
    if shape.kind == "enum" and shape.labels:
        return f"Literal[{', '.join(_quoted(label) for label in shape.labels)}]", (
            "from typing import Literal",
        )
    if shape.kind in ("list", "dict"):
        return _container(shape)
    if shape.kind not in _PLAIN:
        return None
    name, imports = _PLAIN[shape.kind]
    bounds = ", ".join(
        f"{bound}={value}"
        for bound in ("max_length", "max_digits", "decimal_places")
        if (value := getattr(shape, bound)) is not None
    )
    if not bounds:
        return name, imports
    return f"Annotated[{name}, Field({bounds})]", (*imports, *_CONSTRAINED)


def _container(shape: Shape) -> tuple[str, tuple[str, ...]] | None:
    inner = annotation_of(shape.item or Shape("any"))
    if inner is None:
        return None
    item, imports = inner
    if shape.item is not None and shape.item.optional:
        item = f"{item} | None"
    return (f"list[{item}]" if shape.kind == "list" else f"dict[str, {item}]"), imports


def _quoted(label: str) -> str:
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"' if label.isprintable() else repr(label)
