"""Gives a field another type: its bounds where only they differ, else the annotation; None and description stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import libcst as cst

from bravo_agent.model.change import Role
from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import ModelEdit, RetypeField
from codemods._annotate import annotation_of
from codemods._calls import (
    BOUNDS,
    CONSTRAINTS,
    called,
    constraint_calls,
    is_field,
    keyword,
    without_arguments,
)
from codemods._declaration import Declaration, attempt, declaration_of, model_class, needed, refuse_uses
from codemods._defaults import follow_default
from codemods._imports import Imports
from codemods._optional import beside_none, last_name, subscripts
from codemods._retype_field_examples import EXAMPLES
from codemods._source import Source
from codemods._splice import Splice, splice
from codemods._unused import without_unused
from codemods._values import EditResult, Example, Home, LeftAlone
from codemods._verify import verify_class
from codemods._wanted import type_request
from codemods._written import annotation_for, named

BLOCKING: Final[tuple[Role, ...]] = ("calculation", "rounding", "validation", "serialization", "api")
"""Roles that depend on what the values are: code in them may break or be silently wrong under another type."""

_OF_DECIMALS = ("PgNumeric",)


@dataclass(frozen=True)
class RetypeFieldKind:
    """The kind ``retype-field``.

    Uses that calculate, round, validate, serialise or answer a request with the field keep it from being made,
    those in the class itself too. A test, a fixture, a query or a mere mention does not.
    """

    title: str = "Give a field of a model another type"
    examples: tuple[Example[RetypeField], ...] = EXAMPLES

    def carry(self, text: str, edit: ModelEdit, home: Home, file: str = "") -> EditResult:
        """``text`` with the field's new type."""
        assert isinstance(edit, RetypeField)
        written = (annotation_of(edit.after) or ("Any", ()))[0]
        suggestion = f"{home.model}.{edit.field}: {written}"
        return attempt(text, file, home, suggestion, lambda source: _edited(source, edit, home, file))


def _edited(source: Source, edit: RetypeField, home: Home, file: str) -> str:
    model = model_class(source, home.model)
    declared = needed(declaration_of(source, model, edit.field), source, model, edit.field)
    line = source.line(declared.statement)
    refuse_uses((*home.inside, *home.outside), "its values are worked with", BLOCKING, line)
    default = follow_default(source, declared.statement.value, edit.after)
    imports = Imports(source, home)
    node, value = declared.statement.annotation.annotation, declared.statement.value
    place = _innermost(source, _Place(node, edit.before, edit.after, value))
    splices = _bounds(source, place, wished=home.annotation is not None)
    if splices is None:
        splices = _whole(source, declared, place, home, imports)
    after = splice(source.text, [*default, *splices, *imports.splices()])
    names = set(re.findall(r"\w+", source.code(declared.statement)))
    after, lost = without_unused(after, names, file)
    verify_class(source, after, home.model, {edit.field}, lost)
    return after


_NUMBERS = frozenset({"int", "float", "decimal"})
_NUMERIC = frozenset({"ge", "gt", "le", "lt"})


@dataclass(frozen=True)
class _Place:
    """What is to be replaced: an expression without None, inside all lists that stay.

    ``value`` is what the field is assigned, where that belongs to the expression and not to a list around it.
    """

    node: cst.BaseExpression
    before: Shape
    after: Shape
    value: cst.BaseExpression | None

    @property
    def gone(self) -> frozenset[str]:
        """Arguments of Field(...) that belong to the old type: of the same kind, only what a column's type says."""
        if self.before.kind == self.after.kind:
            return frozenset(BOUNDS)
        # Of numbers, bounds hold for every kind of number.
        numbers = {self.before.kind, self.after.kind} <= _NUMBERS
        return CONSTRAINTS - _NUMERIC if numbers else CONSTRAINTS

    def constraints(self, call: cst.Call) -> list[cst.Arg]:
        """Those of ``call``."""
        return [arg for arg in call.args if arg.keyword is not None and arg.keyword.value in self.gone]


def _innermost(source: Source, place: _Place) -> _Place:
    node, _ = beside_none(source, place.node)
    before, after = place.before, place.after
    if isinstance(node, cst.Subscript) and last_name(node.value) in ("list", "List"):
        items = subscripts(node)
        if before.kind == after.kind == "list" and before.item and after.item and len(items) == 1:
            return _innermost(source, _Place(items[0], before.item, after.item, None))
    return _Place(node, before, after, place.value)


def _bounds(source: Source, place: _Place, *, wished: bool) -> list[Splice] | None:
    """Only the numbers; None where the kinds differ, none is written here, or one has no successor."""
    if wished or place.before.kind != place.after.kind or place.after.kind == "enum":
        return None
    calls = list(constraint_calls(place.node))
    calls += [place.value] if isinstance(place.value, cst.Call) and is_field(place.value) else []
    given = [(bound, arg) for call in calls for bound in BOUNDS if (arg := keyword(call, bound))]
    if not given or any(getattr(place.after, bound) is None for bound, _ in given):
        return None
    found: list[Splice] = []
    for bound, arg in given:
        wanted = getattr(place.after, bound)
        if not isinstance(arg.value, cst.Integer):
            raise LeftAlone(f"{bound} is not a plain number", source.line(arg))
        if arg.value.evaluated_value != wanted:
            found.append(Splice(source.start(arg.value), source.end(arg.value), str(wanted)))
    _refuse_least(source, calls, place.after)
    return found


def _refuse_least(source: Source, calls: list[cst.Call], after: Shape) -> None:
    for call in calls:
        least = keyword(call, "min_length")
        if least is None or after.max_length is None:
            continue
        if not isinstance(least.value, cst.Integer) or least.value.evaluated_value > after.max_length:
            raise LeftAlone("min_length is over the new length", source.line(least))


def _whole(
    source: Source, declared: Declaration, place: _Place, home: Home, imports: Imports
) -> list[Splice]:
    """The annotation beside None; what ``Field(...)`` says besides the old type's bounds stays."""
    hidden = imports.bound_in(declared.model)
    request = type_request(declared.name.value, place.after, home)
    annotation = (
        named(home.annotation, replace(request, imports=home.imports), imports, hidden)
        if home.annotation is not None
        else annotation_for(source, declared.model, request, imports, hidden)
    )
    kept = list(_kept(source, place, annotation))
    if kept:
        annotation = f"{imports.use('typing', 'Annotated', hidden)}[{', '.join([annotation, *kept])}]"
    found = [Splice(source.start(place.node), source.end(place.node), annotation)]
    value = place.value
    if isinstance(value, cst.Call) and is_field(value):
        gone = place.constraints(value)
        if gone and len(gone) == len(value.args):
            end = source.end(declared.statement.annotation.annotation)
            return [*found, Splice(end, source.end(value), "")]
        found += without_arguments(source, value, gone)
    return found


def _kept(source: Source, place: _Place, annotation: str) -> Iterator[str]:
    """What an Annotated says that is not of the old type alone."""
    if not isinstance(place.node, cst.Subscript) or last_name(place.node.value) != "Annotated":
        return
    for extra in subscripts(place.node)[1:]:
        if isinstance(extra, cst.Call) and is_field(extra):
            gone = place.constraints(extra)
            start = source.start(extra)
            cut = (
                Splice(one.start - start, one.end - start, one.text)
                for one in without_arguments(source, extra, gone)
            )
            if len(gone) < len(extra.args):
                yield splice(source.code(extra), cut)
        elif last_name(extra) in _OF_DECIMALS:
            if place.after.kind == "decimal" and "PgDecimal" not in annotation:
                yield source.code(extra)
        elif place.before.kind == place.after.kind or called(extra) != "StringConstraints":
            raise LeftAlone(f"{source.code(extra)} may belong to the old type alone", source.line(extra))


KIND = RetypeFieldKind()
