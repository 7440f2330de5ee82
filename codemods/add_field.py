"""Adds a field to a Pydantic model, in the style of its neighbours; nothing but the inserted text changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import libcst as cst

from bravo_agent.model.entities import Shape
from bravo_agent.model.plan import Edit, ManualWork, Patch
from bravo_agent.planning.naming import field_name
from codemods._add_field_examples import EXAMPLES
from codemods._imports import Imports, free_names, renamed, wanted_names
from codemods._known import known_type
from codemods._place import place_for_field
from codemods._source import Source, bound_names, statements
from codemods._splice import splice
from codemods._values import AddField, EditResult, Example, LeftAlone
from codemods._verify import verify_added


@dataclass(frozen=True)
class AddFieldKind:
    """The kind ``add-field``."""

    title: str = "Add a field to a model"
    examples: tuple[Example, ...] = EXAMPLES

    def edit(self, source: str, request: AddField, file: str = "") -> EditResult:
        """``source`` with the field; a place that is not understood comes back as manual work."""
        try:
            return EditResult(_edited(source, request))
        except LeftAlone as left:
            suggestion = f"{field_name(request.field)}: {request.annotation}"
            work = ManualWork(file, left.line, left.why, f"add to class {request.model}: {suggestion}")
            return EditResult(source, (work,))

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
    model = _model(source, request)
    name = field_name(request.field)
    if _is_there(source, model, request, name):
        return text
    place = place_for_field(source, model)
    imports = Imports(source, request)
    hidden = {bound for one in statements(model.body) for bound in bound_names(one)} | {name}
    declaration = _declaration(source, model, request, name, imports, hidden)
    # the form of the place is worked out before anything is written
    after = splice(source.text, [place.splice(declaration, source.newline), *imports.splices()])
    verify_added(source, after, request.model, name)
    return source.bom + after


def _model(source: Source, request: AddField) -> cst.ClassDef:
    found = source.classes(request.model)
    if len(found) > 1:
        raise LeftAlone(f"class {request.model} is defined {len(found)} times", source.line(found[1]))
    if found:
        return found[0]
    for one in statements(source.module):
        if request.model in bound_names(one):
            made = isinstance(one, (cst.Assign, cst.AnnAssign))
            why = "is made dynamically" if made else "is not defined here but imported"
            raise LeftAlone(f"class {request.model} {why}", source.line(one))
    raise LeftAlone(f"there is no class {request.model} in this file")


def _is_there(source: Source, model: cst.ClassDef, request: AddField, name: str) -> bool:
    """Whether the field exists, under its name or its alias; raises where the name is something else."""
    key = re.escape(request.alias or request.field)
    alias = re.compile(rf"\balias\s*=\s*([\"']){key}\1")
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
    annotation = _annotation(source, model, request, imports, hidden)
    if request.default == "None" and annotation != "Any":
        annotation = _optional(source, annotation, imports, hidden)
    default = _named(request.default, request, imports, hidden) if request.default is not None else None
    alias = request.alias if request.alias is not None else request.field
    text = f"{name}: {annotation}"
    if alias != name:
        field = imports.use("pydantic", "Field", hidden)
        parts = [f"default={default}"] if default is not None else []
        text += f" = {field}({', '.join([*parts, f'alias={_quoted(source, alias)}'])})"
    elif default is not None:
        text += f" = {default}"
    return text + (f"  # {request.comment}" if request.comment else "")


def _annotation(
    source: Source, model: cst.ClassDef, request: AddField, imports: Imports, hidden: set[str]
) -> str:
    known = known_type(source, model, request, imports, hidden, request.shape)
    if known is not None:
        return known
    annotation = request.annotation
    if request.shape is not None and request.shape.kind == "decimal" and "Decimal" in free_names(annotation):
        # An application that reads BSON's Decimal128 does so in a named type: a bare Decimal would refuse it.
        base = known_type(source, model, request, imports, hidden, Shape("decimal"))
        if base is not None:
            return _named(renamed(annotation, {"Decimal": base}), request, imports, hidden, {base})
    return _named(annotation, request, imports, hidden)


def _named(
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


def _optional(source: Source, annotation: str, imports: Imports, hidden: set[str]) -> str:
    """``X | None`` unless the file writes ``Optional[X]`` only."""
    if re.search(r"\bOptional\[", source.text) and not re.search(r"\|\s*None\b", source.text):
        return f"{imports.use('typing', 'Optional', hidden)}[{annotation}]"
    return f"{annotation} | None"


def _quoted(source: Source, text: str) -> str:
    single = source.text.count("'") > source.text.count('"')
    plain = repr(text)
    if single or '"' in text or "\\" in plain:
        return plain
    return f'"{plain[1:-1]}"'


KIND = AddFieldKind()
