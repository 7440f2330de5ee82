"""Where a model's class and its field stand in a file; what is odd there is left alone."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import libcst as cst

from bravo_agent.model.change import Role, Use
from bravo_agent.model.plan import ManualWork
from codemods._source import Source, bound_names, statements
from codemods._values import EditResult, Home, LeftAlone

_PLACES_TOLD = 5


@dataclass(frozen=True)
class Declaration:
    """``statement`` declares the field, on a ``line`` of the body of ``model``."""

    model: cst.ClassDef
    line: cst.SimpleStatementLine
    statement: cst.AnnAssign

    @property
    def name(self) -> cst.Name:
        """The field's name where it is declared."""
        assert isinstance(self.statement.target, cst.Name)
        return self.statement.target


def model_class(source: Source, name: str) -> cst.ClassDef:
    """The class of that name; raises ``LeftAlone`` where there is none or more than one."""
    found = source.classes(name)
    if len(found) > 1:
        raise LeftAlone(f"class {name} is defined {len(found)} times", source.line(found[1]))
    if found:
        return found[0]
    for one in statements(source.module):
        if name in bound_names(one):
            made = isinstance(one, (cst.Assign, cst.AnnAssign))
            why = "is made dynamically" if made else "is not defined here but imported"
            raise LeftAlone(f"class {name} {why}", source.line(one))
    raise LeftAlone(f"there is no class {name} in this file")


def class_at(text: str, line: int) -> str | None:
    """The qualified name of the innermost class around ``line``, or None."""
    source = Source(text)
    return _class_at(source, source.module, line, "")


def lines_of(text: str, name: str) -> range:
    """The lines of the class (or top-level assignment) ``name``; none where it is not there once."""
    source = Source(text)
    bound = [one for one in statements(source.module) if name in bound_names(one)]
    found: Sequence[cst.CSTNode] = source.classes(name) or bound
    if len(found) != 1:
        return range(0)
    place = source.range(found[0])
    return range(place.start.line, place.end.line + 1)


def class_text(text: str, name: str) -> str:
    """The source of the class, "" where it is not there once."""
    lines = lines_of(text, name)
    return "\n".join(text.splitlines()[lines.start - 1 : lines.stop - 1]) if lines else ""


def names_in(text: str, name: str) -> tuple[str, ...]:
    """What the body of class ``name`` binds; () where it is not there."""
    try:
        source = Source(text)
    except LeftAlone:
        return ()
    return tuple(
        sorted(
            {
                own
                for model in source.classes(name)
                for one in statements(model.body)
                for own in bound_names(one)
            }
        )
    )


def field_lines(text: str) -> frozenset[int]:
    """The lines of all declarations in class bodies; none where the text does not parse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return frozenset()
    declared = (
        one
        for model in ast.walk(tree)
        if isinstance(model, ast.ClassDef)
        for one in model.body
        if isinstance(one, ast.AnnAssign)
    )
    return frozenset(line for one in declared for line in range(one.lineno, (one.end_lineno or 0) + 1))


def declaration_of(source: Source, model: cst.ClassDef, field: str) -> Declaration | None:
    """The field's only declaration, None without one; raises ``LeftAlone`` where it is not an ordinary one."""
    bound = [one for one in statements(model.body) if field in bound_names(one)]
    if not bound:
        return None
    if len(bound) > 1:
        raise LeftAlone(f"{model.name.value}.{field} is declared {len(bound)} times", source.line(bound[1]))
    for line in model.body.body:
        if isinstance(line, cst.SimpleStatementLine) and bound[0] in line.body:
            if not isinstance(bound[0], cst.AnnAssign):
                break
            return Declaration(model, line, bound[0])
    raise LeftAlone(f"{model.name.value}.{field} is not declared as an ordinary field", source.line(bound[0]))


def needed(declaration: Declaration | None, source: Source, model: cst.ClassDef, field: str) -> Declaration:
    """The declaration; raises ``LeftAlone`` where there is none."""
    if declaration is None:
        raise LeftAlone(f"{model.name.value} does not declare {field}", source.line(model))
    return declaration


def refuse_uses(uses: Sequence[Use], why: str, roles: Sequence[Role] | None = None, line: int = 1) -> None:
    """Raises ``LeftAlone`` that lists ``uses`` (of ``roles``, where they are given)."""
    found = [use for use in uses if roles is None or use.role in roles]
    if found:
        places = ", ".join(f"{use.file}:{use.line} ({use.role})" for use in found[:_PLACES_TOLD])
        # A field that everything reads fills a log; the change report holds all of them.
        more = f" and {len(found) - _PLACES_TOLD} more places" if len(found) > _PLACES_TOLD else ""
        raise LeftAlone(f"{why}: {places}{more}", line)


def attempt(text: str, file: str, home: Home, suggestion: str, edit: Callable[[Source], str]) -> EditResult:
    """What ``edit`` makes of the text; what it leaves alone is manual work with ``suggestion``."""
    try:
        source = Source(text)
        return EditResult(source.bom + edit(source))
    except LeftAlone as left:
        line = left.line if left.line > 1 else next(iter(_lines(text, home)), 1)
        return EditResult(text, (ManualWork(file, line, left.why, suggestion),))


def _lines(text: str, home: Home) -> range:
    try:
        return lines_of(text, home.definition or home.model)
    except LeftAlone:
        return range(0)


def _class_at(source: Source, body: cst.BaseSuite | cst.Module, line: int, outer: str) -> str | None:
    for one in statements(body):
        if isinstance(one, cst.ClassDef):
            place = source.range(one)
            if place.start.line <= line <= place.end.line:
                name = f"{outer}{one.name.value}"
                return _class_at(source, one.body, line, f"{name}.") or name
    return None
