"""Gives a field another type: its bounds where only they differ, else the annotation; None and description stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import libcst as cst

from bravo_agent.model.change import Role
from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import ManualWork, ModelEdit, RetypeField
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
from codemods._constraints import ONE_BOUND, Judge, Written, beside_type, in_type, said_in
from codemods._conversions import in_python
from codemods._declaration import Declaration, attempt, declaration_of, model_class, needed, refuse_uses
from codemods._defaults import follow_default, written_default
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

_HELD_ELSEWHERE: Final = "Check it elsewhere, in a validator, where it is still to hold."
BLOCKING: Final[tuple[Role, ...]] = ("calculation", "rounding", "validation", "serialization", "api")
"""Roles that depend on what the values are: code in them may break or be silently wrong under another type."""

_OF_DECIMALS = ("PgNumeric",)
_OF_COLUMNS = ("PgDecimal", "PgTime")
"""Types that ``init`` writes: they read what a column of the old type is loaded as, and hold nothing else."""


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
        lost: list[_Lost] = []
        made = attempt(text, file, home, suggestion, lambda source: _edited(source, edit, home, file, lost))
        if made.manual:
            return made
        told = (ManualWork(file, one.line, one.why, _HELD_ELSEWHERE) for one in lost)
        return replace(made, lost=tuple(told))


@dataclass(frozen=True)
class _Lost:
    """A constraint that the new type does not take."""

    line: int
    why: str


def _edited(source: Source, edit: RetypeField, home: Home, file: str, lost: list[_Lost]) -> str:
    model = model_class(source, home.model)
    declared = needed(declaration_of(source, model, edit.field), source, model, edit.field)
    line = source.line(declared.statement)
    try:
        return _retyped(source, edit, home, file, declared, lost)
    except LeftAlone as left:
        raise LeftAlone(left.why, left.line if left.line > 1 else line) from None


def _retyped(
    source: Source, edit: RetypeField, home: Home, file: str, declared: Declaration, lost: list[_Lost]
) -> str:
    line = source.line(declared.statement)
    refuse_uses((*home.inside, *home.outside), "its values are worked with", BLOCKING, line)
    default = follow_default(source, declared.statement.value, edit.after)
    imports = Imports(source, home)
    node, value = declared.statement.annotation.annotation, declared.statement.value
    place = _innermost(source, _Place(node, edit.before, edit.after, value, home.annotation))
    splices = _bounds(source, place)
    if splices is None:
        splices = _whole(source, declared, place, home, imports)
        lost += _lost(source, place, home)
    default = default or _as_decimal(source, declared, edit, imports)
    after = splice(source.text, [*default, *splices, *imports.splices()])
    names = set(re.findall(r"\w+", source.code(declared.statement)))
    after, unused = without_unused(after, names, file)
    verify_class(source, after, home.model, {edit.field}, unused)
    return after


@dataclass(frozen=True)
class _Place:
    """What is to be replaced: an expression without None, inside all lists that stay.

    ``value`` is what the field is assigned, where that belongs to the expression and not to a list around it;
    ``wished`` what somebody wants to stand there.
    """

    node: cst.BaseExpression
    before: Shape
    after: Shape
    value: cst.BaseExpression | None
    wished: str | None = None

    @property
    def judge(self) -> Judge:
        """Which constraints stay."""
        return Judge(self.before, self.after, said_in(self.wished or ""), self.wished is not None)

    def constraints(self, source: Source, call: cst.Call) -> list[cst.Arg]:
        """Those of ``call`` that go."""
        judge = self.judge
        return [
            arg for arg in call.args if arg.keyword and judge.goes(arg.keyword.value, source.code(arg.value))
        ]


def _innermost(source: Source, place: _Place) -> _Place:
    node, _ = beside_none(source, place.node)
    before, after = place.before, place.after
    if isinstance(node, cst.Subscript) and last_name(node.value) in ("list", "List"):
        items, wished = subscripts(node), _item(place.wished)
        known = place.wished is None or wished is not None
        if before.kind == after.kind == "list" and before.item and after.item and len(items) == 1 and known:
            return _innermost(source, _Place(items[0], before.item, after.item, None, wished))
    return replace(place, node=node)


def _item(annotation: str | None) -> str | None:
    """What stands in the brackets of ``list[...]``."""
    node = cst.parse_expression(annotation) if annotation is not None else None
    if isinstance(node, cst.Subscript) and last_name(node.value) in ("list", "List"):
        items = subscripts(node)
        return cst.Module([]).code_for_node(items[0]) if len(items) == 1 else None
    return None


def _bounds(source: Source, place: _Place) -> list[Splice] | None:
    """Only the numbers; None where the kinds differ, none is written here, or one has no successor."""
    if place.wished is not None or place.before.kind != place.after.kind or place.after.kind == "enum":
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
        named(place.wished, replace(request, imports=home.imports), imports, hidden)
        if place.wished is not None
        else annotation_for(source, declared.model, request, imports, hidden)
    )
    kept = list(_kept(source, place, annotation))
    of_texts = [one for call in _text_calls(place) for one in in_type(call, source.code)]
    own = [one.text for one in (*_of_type(source, place, home), *of_texts) if _stays(place, one)]
    if own:
        kept.append(f"{imports.use('pydantic', 'Field', hidden)}({', '.join(own)})")
    if kept:
        annotation = f"{imports.use('typing', 'Annotated', hidden)}[{', '.join([annotation, *kept])}]"
    found = [Splice(source.start(place.node), source.end(place.node), annotation)]
    value = place.value
    if isinstance(value, cst.Call) and is_field(value):
        gone = place.constraints(source, value)
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
            gone = place.constraints(source, extra)
            start = source.start(extra)
            cut = (
                Splice(one.start - start, one.end - start, one.text)
                for one in without_arguments(source, extra, gone)
            )
            if len(gone) < len(extra.args):
                yield splice(source.code(extra), cut)
        elif (bound := _bound_of(extra)) is not None:
            if not place.judge.goes(bound[0], source.code(bound[1])):
                yield source.code(extra)
        elif last_name(extra) in _OF_DECIMALS:
            if place.after.kind == "decimal" and "PgDecimal" not in annotation:
                yield source.code(extra)
        elif place.before.kind == place.after.kind or called(extra) != "StringConstraints":
            raise LeftAlone(f"{source.code(extra)} may belong to the old type alone", source.line(extra))


def _of_type(source: Source, place: _Place, home: Home) -> list[Written]:
    """What the old type says by itself, and nothing beside it."""
    node = place.node
    if last_name(node) in _OF_COLUMNS:
        return []
    if home.stands_for is not None and isinstance(node, (cst.Name, cst.Attribute)):
        meant = cst.parse_expression(home.stands_for)
        code = cst.Module([]).code_for_node
        return [*in_type(meant, code), *beside_type(meant, code)]
    if isinstance(node, cst.Subscript) and last_name(node.value) == "Annotated":
        node = subscripts(node)[0]
        if isinstance(node, cst.Subscript):
            return []
    alone = isinstance(node, (cst.Name, cst.Attribute, cst.Call))
    return list(in_type(node, source.code)) if alone else []


def _bound_of(node: cst.BaseExpression) -> tuple[str, cst.BaseExpression] | None:
    """``Ge(0)`` is ``ge=0``."""
    if not isinstance(node, cst.Call) or called(node) not in ONE_BOUND or len(node.args) != 1:
        return None
    return ONE_BOUND[called(node)], node.args[0].value


def _text_calls(place: _Place) -> list[cst.Call]:
    """``StringConstraints(...)``, which goes with a type that is no text."""
    if place.before.kind == place.after.kind or not isinstance(place.node, cst.Subscript):
        return []
    beside = subscripts(place.node)[1:]
    return [one for one in beside if isinstance(one, cst.Call) and called(one) == "StringConstraints"]


def _stays(place: _Place, one: Written) -> bool:
    return one.name in CONSTRAINTS and not place.judge.goes(one.name, one.value)


def _lost(source: Source, place: _Place, home: Home) -> Iterator[_Lost]:
    """All that goes and that nothing stands for afterwards."""
    judge, line = place.judge, source.line(place.node)
    of_type = _of_type(source, place, home)
    for one in of_type:
        if not _stays(place, one) and not judge.replaced(one.name):
            inside = isinstance(place.node, (cst.Name, cst.Attribute))
            where = line if inside or one.node is place.node else source.line(one.node)
            text = f"{one.text} (of {source.code(place.node)})" if inside else one.text
            yield _Lost(where, _gone(place, text) if one.name else f"{text} goes with the old type")
    beside = [place.value] if isinstance(place.value, cst.Call) and is_field(place.value) else []
    if isinstance(place.node, cst.Subscript) and last_name(place.node.value) == "Annotated":
        beside += [one for one in subscripts(place.node)[1:] if isinstance(one, cst.Call)]
    for call in beside:
        bound = _bound_of(call)
        if bound and judge.goes(bound[0], source.code(bound[1])) and not judge.replaced(bound[0]):
            yield _Lost(source.line(call), _gone(place, source.code(call)))
        for arg in call.args:
            name = arg.keyword.value if arg.keyword is not None else ""
            of_texts = call in _text_calls(place) and name not in CONSTRAINTS
            goes = of_texts or judge.goes(name, source.code(arg.value))
            if goes and not judge.replaced(name):
                yield _Lost(source.line(arg), _gone(place, source.code(arg)))
    known = {id(call) for call in beside} | {id(place.node)}
    for call in constraint_calls(place.node):
        if id(call) not in known and not any(one.node in call.args for one in of_type):
            for arg in call.args:
                name = arg.keyword.value if arg.keyword is not None else ""
                if name in CONSTRAINTS and not judge.replaced(name):
                    yield _Lost(source.line(arg), _gone(place, source.code(arg)))


def _gone(place: _Place, text: str) -> str:
    after = place.wished or place.after.kind
    return f"the constraint {text} goes with the old type: {after} does not take it"


def _as_decimal(source: Source, declared: Declaration, edit: RetypeField, imports: Imports) -> list[Splice]:
    """A written default as a decimal: the import is there with the type."""
    default, _ = written_default(declared.statement.value)
    if default is None or edit.after.kind != "decimal" or edit.before.kind == "decimal":
        return []
    new = in_python(source.code(default), edit.after)
    if new is None or new.text == source.code(default) or not new.imports:
        return []
    name = imports.use("decimal", "Decimal", imports.bound_in(declared.model))
    return [Splice(source.start(default), source.end(default), new.text.replace("Decimal(", f"{name}(", 1))]


KIND = RetypeFieldKind()
