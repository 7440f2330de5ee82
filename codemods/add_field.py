"""Adds a field to a Pydantic model, in the style of its neighbours; nothing but the inserted text changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import libcst as cst

from bravo_agent.model.plan import Edit, InsertField, ManualWork, ModelEdit, Patch
from bravo_agent.planning.naming import field_name
from codemods._add_field_examples import EXAMPLES
from codemods._declaration import model_class
from codemods._expression import over_fields
from codemods._growing import grow
from codemods._imports import Imports
from codemods._place import place_for_field
from codemods._source import Source, bound_names, statements
from codemods._splice import splice
from codemods._values import AddField, EditResult, Example, Home, LeftAlone
from codemods._verify import verify_added
from codemods._wanted import field_request, has_literal
from codemods._written import annotation_for, called, named, optional, quoted


@dataclass(frozen=True)
class AddFieldKind:
    """The kind ``add-field``."""

    title: str = "Add a field to a model"
    examples: tuple[Example[AddField], ...] = EXAMPLES

    def edit(self, source: str, request: AddField, file: str = "") -> EditResult:
        """``source`` with the field; a place that is not understood comes back as manual work."""
        try:
            return EditResult(_edited(source, request))
        except LeftAlone as left:
            suggestion = f"{field_name(request.field)}: {request.annotation}"
            work = ManualWork(file, left.line, left.why, f"add to class {request.model}: {suggestion}")
            return EditResult(source, (work,))

    def carry(self, text: str, edit: ModelEdit, home: Home, file: str = "") -> EditResult:
        """``text`` with a field for a column."""
        assert isinstance(edit, InsertField)
        if not has_literal(edit):
            why = f"a default of {edit.column.type.sql} is not written by itself"
            return EditResult(text, (ManualWork(file, 1, why, f"add {edit.column.name} to {home.model}"),))
        return self.edit(text, field_request(edit, home), file)

    def apply_to_project(
        self, project: Path, file: str, request: AddField, overlay: Mapping[str, str] | None = None
    ) -> Patch:
        """The patch of ``file``; ``overlay`` (file -> text) goes before what is on disk."""
        try:
            known = (overlay or {}).get(file)
            before = known if known is not None else (project / file).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return Patch(manual=(ManualWork(file, 1, "the file cannot be read as UTF-8", request.field),))
        result = self.edit(before, request, file)
        edits = (Edit(file, before, result.text),) if result.text != before else ()
        return Patch(edits, result.manual)


def _edited(text: str, request: AddField) -> str:
    source = Source(text)
    model = model_class(source, request.model)
    name = field_name(request.field)
    if name in request.taken:
        name += "_"  # as for the names that Pydantic's own model has taken
    if _is_there(source, model, request, name):
        return text
    place = place_for_field(source, model)
    imports = Imports(source, request)
    hidden = {*source.bound_in(model), name}
    declaration = _declaration(source, model, request, name, imports, hidden)
    # the form of the place is worked out before anything is written
    needed = imports.splices()
    after = splice(source.text, [place.splice(declaration, source.newline), *needed])
    if needed or not grow(source, request.model, place, declaration, name, after):
        verify_added(source, after, request.model, name)
    return source.bom + after


def _is_there(source: Source, model: cst.ClassDef, request: AddField, name: str) -> bool:
    """Whether the field exists, under its name or its alias; raises where the name is something else."""
    key = re.escape(request.alias or request.field)
    alias = re.compile(rf"\balias\s*=\s*([\"']){key}\1")
    if not {name, request.field} & source.bound_in(model) and not alias.search(source.code(model)):
        return False
    for one in statements(model.body):
        if isinstance(one, cst.AnnAssign) and alias.search(source.code(one)):
            return True
        bound = set(bound_names(one))
        # A column may be called model_config too; what has that name in a class is never a field.
        if isinstance(one, cst.AnnAssign) and bound & ({name, request.field} - {"model_config"}):
            return True
        if name in bound:
            raise LeftAlone(f"{model.name.value}.{name} is not a field", source.line(one))
    return False


def _declaration(
    source: Source, model: cst.ClassDef, request: AddField, name: str, imports: Imports, hidden: set[str]
) -> str:
    annotation = annotation_for(source, model, request, imports, hidden)
    if request.default == "None" and annotation != "Any":
        annotation = optional(source, annotation, imports, hidden)
    default = named(request.default, request, imports, hidden) if request.default is not None else None
    alias = request.alias if request.alias is not None else request.field
    text = f"{name}: {annotation}"
    if alias != name or request.expression is not None or request.worked is not None:
        field = imports.use("pydantic", "Field", hidden)
        parts = [f"default={default}"] if default is not None else []
        parts += _factory(source, request, imports, hidden)
        parts += [f"alias={quoted(source, alias)}"] if alias != name else []
        text += f" = {field}({_fitting(source, model, text, field, parts)})"
    elif default is not None:
        text += f" = {default}"
    return text + (f"  # {request.comment}" if request.comment else "")


def _fitting(source: Source, model: cst.ClassDef, text: str, field: str, parts: list[str]) -> str:
    """Arguments on the line, or on lines of their own where they are longer than the file's lines are."""
    longest = max(88, *(len(one) for one in source.text.splitlines()[:200]))
    first = model.body.body[0]
    indent = (
        source.indent(first) if isinstance(model.body, cst.IndentedBlock) else f"{source.indent(model)}    "
    )
    if len(f"{indent}{text} = {field}({', '.join(parts)})") <= longest:
        return ", ".join(parts)
    step = indent + ("\t" if "\t" in indent else "    ")
    comma = "," if len(parts) > 1 else ""
    return f"\n{step}" + f",\n{step}".join(parts) + f"{comma}\n{indent}"


def _factory(source: Source, request: AddField, imports: Imports, hidden: set[str]) -> list[str]:
    """Works the value out of the fields that were validated before it."""
    if request.worked is not None:
        return [f"default_factory=lambda data: {called(request.worked, imports)}"]
    if request.expression is None:
        return []
    value, needed = over_fields(request.expression, request.names, lambda one: f"data[{quoted(source, one)}]")
    for line in needed:
        _, module, _, name = line.split()
        if imports.use(module, name, hidden) != name:
            raise LeftAlone(f"{name} is something else in this file")
    return [f"default_factory=lambda data: {value}"]


KIND = AddFieldKind()
