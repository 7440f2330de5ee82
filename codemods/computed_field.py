"""Adds a computed field to a model: a property over its other fields, which every dump shows."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from bravo_agent.model.plan import ManualWork
from codemods._computed_field_examples import EXAMPLES
from codemods._declaration import model_class
from codemods._expression import over_fields
from codemods._imports import Imports
from codemods._requests import ComputeField
from codemods._source import Source, bound_names, statements
from codemods._splice import Splice, splice
from codemods._values import AddField, EditResult, Example, Home, LeftAlone
from codemods._verify import verify_class
from codemods._written import called, named

_IGNORED = re.compile(r"@computed_field[^\n]*?([ \t]*#[ \t]*type:[ \t]*ignore[^\r\n]*)")


def ignored_in(text: str) -> str:
    """The comment for type checkers behind a ``computed_field`` of the text, or ""."""
    found = _IGNORED.search(text)
    return found[1] if found else ""


@dataclass(frozen=True)
class ComputedFieldKind:
    """The kind ``computed-field``. ``home.names`` are the fields that the expression may name."""

    title: str = "Add a computed field to a model"
    examples: tuple[Example[ComputeField], ...] = EXAMPLES

    def carry(self, text: str, edit: ComputeField, home: Home, file: str = "") -> EditResult:
        """``text`` with the property."""
        try:
            source = Source(text)
            return EditResult(source.bom + _edited(source, edit, home))
        except LeftAlone as left:
            suggestion = f"add to class {home.model}: {edit.field} = {edit.expression}"
            return EditResult(text, (ManualWork(file, left.line, left.why, suggestion),))


def _edited(source: Source, edit: ComputeField, home: Home) -> str:
    model = model_class(source, home.model)
    bound = {name: one for one in statements(model.body) for name in bound_names(one)}
    if edit.field in bound:
        if isinstance(bound[edit.field], cst.FunctionDef):
            return source.text
        raise LeftAlone(f"{edit.field} is something else in {home.model}", source.line(bound[edit.field]))
    if not isinstance(model.body, cst.IndentedBlock):
        raise LeftAlone(f"class {home.model} is written on one line", source.line(model))
    expression, needed = over_fields(edit.expression, home.names, lambda name: f"self.{name}")
    imports, hidden = Imports(source, home), set(bound) | {edit.field}
    request = AddField(home.model, edit.field, edit.annotation, (*edit.imports, *needed), module=home.module)
    annotation = named(edit.annotation, request, imports, hidden)
    own = [line for line in needed if line.split()[3] in expression] if edit.worked is None else []
    for line in own:
        _, module, _, name = line.split()
        if imports.use(module, name, hidden) != name:
            raise LeftAlone(f"{name} is something else in this file", source.line(model))
    decorator = imports.use("pydantic", "computed_field", hidden)
    if edit.worked is not None:
        expression = called(edit.worked, imports)
    found = _IGNORED.search(source.text)
    # Without a neighbour in the file it is as in the application's other files.
    comment = found[1] if found else "" if "@computed_field" in source.text else edit.ignore
    block = _block(source, model, edit.field, annotation, expression, f"{decorator}{comment}")
    after = splice(source.text, [block, *imports.splices()])
    verify_class(source, after, home.model, {edit.field})
    return after


def _block(
    source: Source, model: cst.ClassDef, name: str, annotation: str, expression: str, decorator: str
) -> Splice:
    """Behind the last statement of the class."""
    last = model.body.body[-1]
    first = model.body.body[0]
    indent = source.indent(
        first.decorators[0] if isinstance(first, cst.FunctionDef) and first.decorators else first
    )
    step = "\t" if "\t" in indent else "    "
    lines = [
        "",
        f"{indent}@{decorator}",
        f"{indent}@property",
        f"{indent}def {name}(self) -> {annotation}:",
        f"{indent}{step}return {expression}",
    ]
    place = source.after_line(last)
    text = source.newline.join(lines)
    if source.text[:place].endswith(("\n", "\r")):
        return Splice(place, place, text + source.newline)
    return Splice(place, place, source.newline + text)


KIND = ComputedFieldKind()
