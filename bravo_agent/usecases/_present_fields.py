"""A field that is to be added and is there: whether it is the one that is asked for, and what to do where it is not."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator
from dataclasses import replace

from bravo_agent.errors import UsageError
from bravo_agent.model.entities import Entity, Field, Shape
from bravo_agent.model.refactor import Add

_SHOWN = 120


def same_field(present: Field, asked: Field) -> bool:
    """Whether both take the same values and say the same where nobody gives one."""
    if present.computed or asked.computed:
        return present.computed == asked.computed and _shape(present.shape) == _shape(asked.shape)
    return (
        _shape(present.shape) == _shape(asked.shape)
        and present.required == asked.required
        and _normal(present.default) == _normal(asked.default)
    )


def field_exists(
    entity: Entity, present: Field, asked: Field | None, change: Add, stands: str, wish: str
) -> UsageError:
    """The error that says what stands there, where, and how to come to what is asked for."""
    place = f"{present.place.file}:{present.place.line}"
    there = (
        f"as `{_short(stands)}`" if stands else "computed" if present.computed else "written in an odd way"
    )
    computed = f", computed as {_short(change.computed)}" if change.computed is not None else ""
    return UsageError(
        "field-exists",
        f"{entity.name} has a {change.field} already, {there}, in {place}; "
        f"asked for was `{_short(wish) or f'{change.field}: {change.type}'}`{computed}",
        hint=f"Nothing was changed. {_way(entity, present, asked, change, place)}, or add a field of another name.",
    )


def _way(entity: Entity, present: Field, asked: Field | None, change: Add, place: str) -> str:
    name = f"{entity.name}.{change.field}"
    if present.computed != (change.computed is not None):
        return f"Take away what is there first, with `bravo-agent refactor drop {name}`"
    if present.computed:
        return f"Change by hand how it is computed in {place}"
    before, after = (replace(_shape(one.shape), optional=False) for one in (present, asked or present))
    if before != after:
        return f"Give it the other type with `bravo-agent refactor retype {name} {shlex.quote(change.type)}`"
    if asked is not None and asked.shape.optional and not present.shape.optional:
        annotation = change.type if "None" in change.type else f"{change.type} | None"
        return f"Let it take None with `bravo-agent refactor retype {name} {shlex.quote(annotation)}`"
    return f"Change its default, its bounds, or whether it takes None by hand in {place}"


def declaration_at(text: str, line: int, name: str) -> str:
    """The declaration of a field as Python would write it, on one line; "" where none stands there."""
    found = (one for one in _declared(text) if one.lineno == line and ast.unparse(one.target) == name)
    return next(map(ast.unparse, found), "")


def parts_of(declaration: str) -> tuple[str, ...]:
    """The annotation and, where there is one, the value of a declaration."""
    for one in _declared(f"class _:\n    {declaration or 'pass'}\n"):
        return tuple(ast.unparse(part) for part in (one.annotation, one.value) if part is not None)
    return ()


def _declared(text: str) -> Iterator[ast.AnnAssign]:
    try:
        tree = ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError):
        return
    for one in ast.walk(tree):
        if isinstance(one, ast.AnnAssign):
            yield one


def _shape(shape: Shape) -> Shape:
    """Without how it is written, where that is understood."""
    item = None if shape.item is None else _shape(shape.item)
    return replace(shape, text=shape.text if shape.kind == "unknown" else "", item=item)


def _normal(default: str | None) -> str | None:
    """A default however it is quoted and spaced."""
    try:
        return None if default is None else ast.dump(ast.parse(default, mode="eval"))
    except (SyntaxError, ValueError):
        return default


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 4]} ..."
