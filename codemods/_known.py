"""The application's own named types: a new field uses the one that means precisely the same."""

from __future__ import annotations

import re
from dataclasses import replace

import libcst as cst

from bravo_agent.model.entities import Shape
from codemods._imports import Imports
from codemods._source import Source
from codemods._values import AddField, KnownType


def known_type(
    source: Source,
    model: cst.ClassDef,
    request: AddField,
    imports: Imports,
    hidden: set[str],
    shape: Shape | None,
) -> str | None:
    """The application's own name for ``shape``, where this file has it or imports from its module."""
    if shape is None:
        return None
    fitting = [one for one in request.known_types if _same(one.shape, shape) and one.name not in hidden]
    near = [one for one in fitting if _is_near(source, model, request, imports, one)]
    if not near:
        return None
    inside = source.text[source.start(model) : source.end(model)]

    def used(one: KnownType) -> tuple[int, int, str]:
        word = re.compile(rf"\b{re.escape(one.name)}\b")
        return -len(word.findall(inside)), -len(word.findall(source.text)), one.name

    best = min(near, key=used)
    return best.name if best.module == request.module else imports.use(best.module, best.name, hidden)


def _is_near(
    source: Source, model: cst.ClassDef, request: AddField, imports: Imports, one: KnownType
) -> bool:
    if one.module != request.module:
        siblings = (request.module or "").rpartition(".")[0]
        return imports.written(one.module) is not None or (
            siblings != "" and one.module.rpartition(".")[0] == siblings
        )
    above = source.text[: source.start(model)]
    return re.search(rf"^(?:type\s+|class\s+)?{re.escape(one.name)}\b", above, re.MULTILINE) is not None


def _same(one: Shape, other: Shape) -> bool:
    def bare(shape: Shape) -> Shape:
        inner = bare(shape.item) if shape.item is not None else None
        return replace(shape, text="", optional=False, item=inner)

    return bare(one) == bare(other)
