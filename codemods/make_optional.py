"""Lets a field be None: in its annotation, and as its default where it has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import libcst as cst

from bravo_agent.model.change import Role
from bravo_agent.model.plan import MakeOptional, ModelEdit
from codemods._calls import is_field, with_first
from codemods._declaration import Declaration, attempt, declaration_of, model_class, needed, refuse_uses
from codemods._defaults import has_default
from codemods._imports import Imports
from codemods._make_optional_examples import EXAMPLES
from codemods._optional import beside_none
from codemods._source import Source
from codemods._splice import Splice, splice
from codemods._values import EditResult, Example, Home
from codemods._verify import verify_class
from codemods._written import optional

BLOCKING: Final[tuple[Role, ...]] = ("calculation", "rounding", "validation", "serialization", "api")
"""Roles whose code works with the value, and may not expect None."""


@dataclass(frozen=True)
class MakeOptionalKind:
    """The kind ``make-optional``.

    Uses that calculate, round, validate, serialise or answer a request with the field keep it from being made,
    those in the class itself too. A test, a fixture, a query or a mere mention does not.
    """

    title: str = "Let a field of a model be None"
    examples: tuple[Example[MakeOptional], ...] = EXAMPLES

    def carry(self, text: str, edit: ModelEdit, home: Home, file: str = "") -> EditResult:
        """``text`` with the field optional."""
        assert isinstance(edit, MakeOptional)
        suggestion = f"let {home.model}.{edit.field} be None"
        return attempt(text, file, home, suggestion, lambda source: _edited(source, edit, home))


def _edited(source: Source, edit: MakeOptional, home: Home) -> str:
    model = model_class(source, home.model)
    declared = needed(declaration_of(source, model, edit.field), source, model, edit.field)
    node = declared.statement.annotation.annotation
    _, already = beside_none(source, node)
    if already or source.code(node) in ("Any", "None"):
        return source.text
    line = source.line(declared.statement)
    refuse_uses((*home.inside, *home.outside), "its values are worked with", BLOCKING, line)
    imports = Imports(source, home)
    written = optional(source, source.code(node), imports, imports.bound_in(model))
    splices = [Splice(source.start(node), source.end(node), written), *_default(source, declared)]
    after = splice(source.text, [*splices, *imports.splices()])
    verify_class(source, after, home.model, {edit.field})
    return after


def _default(source: Source, declared: Declaration) -> list[Splice]:
    """None, where the field had to be given."""
    value = declared.statement.value
    if has_default(value):
        return []
    if value is None:
        end = source.end(declared.statement.annotation.annotation)
        return [Splice(end, end, " = None")]
    if not (isinstance(value, cst.Call) and is_field(value)):
        return [Splice(source.start(value), source.end(value), "None")]
    given = [arg for arg in value.args if isinstance(arg.value, cst.Ellipsis)]
    if given:
        return [Splice(source.start(given[0].value), source.end(given[0].value), "None")]
    return [with_first(source, value, "default=None")]


KIND = MakeOptionalKind()
