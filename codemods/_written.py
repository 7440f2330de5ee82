"""Annotations and literals as one file of the application writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from bravo_agent.model.entities import Shape
from codemods._imports import Imports, free_names, renamed, wanted_names
from codemods._known import known_type
from codemods._source import Source
from codemods._values import AddField, LeftAlone, Worked


def annotation_for(
    source: Source, model: cst.ClassDef, request: AddField, imports: Imports, hidden: set[str]
) -> str:
    """The annotation of ``request`` in this file: the application's own name for it, or written out."""
    known = known_type(source, model, request, imports, hidden, request.shape)
    if known is not None:
        return known
    annotation = request.annotation
    if request.shape is not None and request.shape.kind == "decimal" and "Decimal" in free_names(annotation):
        # An application that reads BSON's Decimal128 does so in a named type: a bare Decimal would refuse it.
        base = known_type(source, model, request, imports, hidden, Shape("decimal"))
        if base is not None:
            return named(renamed(annotation, {"Decimal": base}), request, imports, hidden, {base})
    return named(annotation, request, imports, hidden)


def named(
    expression: str, request: AddField, imports: Imports, hidden: set[str], known: set[str] | None = None
) -> str:
    """``expression`` with each name imported, under another name where its own is taken."""
    modules = wanted_names(request)
    names: dict[str, str] = {}
    for name in free_names(expression):
        if name in modules:
            names[name] = imports.use(modules[name], name, hidden)
        elif name not in imports.bound and name not in (known or ()):
            raise LeftAlone(f"nothing says where {name} comes from")
        elif name in hidden:
            raise LeftAlone(f"the model has a field {name}, which hides the type {name}")
    for name in _hidden_builtins(expression, hidden):
        raise LeftAlone(f"the model has a field {name}, which hides the type {name}")
    return renamed(expression, names)


def _hidden_builtins(expression: str, hidden: set[str]) -> Iterator[str]:
    words = set(re.findall(r"\b[a-z]+\b", re.sub(r"\"[^\"]*\"|'[^']*'", "", expression)))
    yield from sorted(
        words & hidden & {"bool", "int", "float", "str", "bytes", "list", "dict", "set", "tuple"}
    )


def optional(source: Source, annotation: str, imports: Imports, hidden: set[str]) -> str:
    """``X | None`` unless the file writes ``Optional[X]`` only."""
    if re.search(r"\bOptional\[", source.text) and not re.search(r"\|\s*None\b", source.text):
        return f"{imports.use('typing', 'Optional', hidden)}[{annotation}]"
    return f"{annotation} | None"


def called(worked: Worked, imports: Imports) -> str:
    """The call, its function imported; what the class body binds is no matter in a function of its own."""
    if worked.module is not None and imports.use(worked.module, worked.name) != worked.name:
        raise LeftAlone(f"{worked.name} is something else in this file")
    return worked.text


def quoted(source: Source, text: str) -> str:
    """``text`` as a literal, in the quotes that the file prefers."""
    single = source.text.count("'") > source.text.count('"')
    plain = repr(text)
    if single or '"' in text or "\\" in plain:
        return plain
    return f'"{plain[1:-1]}"'
