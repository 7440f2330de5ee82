"""What a column's field is to look like in this application, as a request to write it."""

from __future__ import annotations

import re
from dataclasses import replace

from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import InsertField
from bravo_agent.planning.naming import document_name
from bravo_agent.types import family
from codemods._annotate import annotation_of
from codemods._values import AddField, Home


def field_request(edit: InsertField, home: Home) -> AddField:
    """A new field for the column: optional, or with the default or the expression that was given."""
    shape = family(edit.column.type).shape(edit.column.type)
    default = "None" if edit.default is None else literal(edit.default, shape)
    request = type_request(edit.column.name, shape, home, default)
    if edit.expression is None:
        return request
    return replace(request, default=None, expression=edit.expression, names=home.names)


def has_literal(edit: InsertField) -> bool:
    """Whether the default that was given can be written as a literal."""
    kind = family(edit.column.type).shape(edit.column.type).kind
    return edit.default is None or kind in ("int", "float", "bool", "decimal", "str", "enum")


def type_request(name: str, shape: Shape, home: Home, default: str | None = "None") -> AddField:
    """A field called ``name`` of ``shape``, in the application's own named types where it has some."""
    annotation, imports = annotation_of(shape) or ("Any", ("from typing import Any",))
    decimals = [one for one in home.known_types if one.shape.kind == "decimal"]
    # One of the same module is found in the file itself: a module must not import from itself.
    wide = next((one for one in decimals if _unbounded(one.shape) and one.module != home.module), None)
    bounded = shape.kind == "decimal" and not _unbounded(shape)
    if wide is not None and bounded and not any(one.shape == shape for one in decimals):
        bounds = f"Field(max_digits={shape.max_digits}, decimal_places={shape.decimal_places})"
        annotation = f"Annotated[{wide.name}, {bounds}]"
        imports = (
            "from typing import Annotated",
            "from pydantic import Field",
            f"from {wide.module} import {wide.name}",
        )
    if default is not None and "Decimal(" in default:
        imports = (*imports, "from decimal import Decimal")
    return AddField(
        home.model,
        name,
        annotation,
        imports,
        default,
        alias=document_name(name),
        module=home.module,
        package=home.package,
        shape=shape,
        known_types=home.known_types,
        taken=home.taken,
    )


def literal(value: str, shape: Shape) -> str:
    """The default as a Python expression of the field's kind."""
    if shape.kind in ("int", "float") and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return value
    if shape.kind == "bool" and value.lower() in ("true", "false"):
        return value.capitalize()
    if shape.kind == "decimal" and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return f'Decimal("{value}")'
    if shape.kind == "decimal":
        return f"Decimal({value!r})"
    return repr(value)


def _unbounded(shape: Shape) -> bool:
    return shape.max_digits is None and shape.decimal_places is None
