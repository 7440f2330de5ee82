"""A named decimal type that fields share: where it is written, and another one beside it for one field alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import libcst as cst

from codemods._calls import constraint_calls, keyword
from codemods._declaration import declaration_of, model_class
from codemods._imports import Imports
from codemods._modules import file_of_module
from codemods._optional import beside_none, last_name
from codemods._source import Source, bound_names, statements
from codemods._splice import Splice, splice
from codemods._values import Home, LeftAlone

_HOPS = 5


@dataclass(frozen=True)
class Places:
    """Bounds of a decimal: those that are None are not written."""

    digits: int | None
    places: int | None


@dataclass(frozen=True)
class Alias:
    """``name`` is assigned an annotation in ``file``, the module ``module``."""

    file: str
    module: str
    name: str
    source: Source
    line: cst.SimpleStatementLine
    value: cst.BaseExpression


def bounds_in(node: cst.CSTNode | None) -> list[cst.Arg]:
    """The ``max_digits`` and ``decimal_places`` that are written in an expression."""
    calls = constraint_calls(node)
    return [arg for call in calls for key in ("max_digits", "decimal_places") if (arg := keyword(call, key))]


def new_bounds(source: Source, given: list[cst.Arg], before: Places, after: Places) -> list[Splice]:
    """The old numbers replaced; raises ``LeftAlone`` where one is not the old number."""
    found: list[Splice] = []
    for arg in given:
        assert arg.keyword is not None
        key = arg.keyword.value
        old, new = (before.digits, after.digits) if key == "max_digits" else (before.places, after.places)
        if (
            not isinstance(arg.value, cst.Integer)
            or arg.value.evaluated_value not in (old, new)
            or new is None
        ):
            raise LeftAlone(f"{key} is not what the column had", source.line(arg))
        if arg.value.evaluated_value != new:
            found.append(Splice(source.start(arg.value), source.end(arg.value), str(new)))
    return [*found, *_more_bounds(source, given, before, after)]


def _more_bounds(source: Source, given: list[cst.Arg], before: Places, after: Places) -> Iterator[Splice]:
    """The bound that was not written, behind the one that was."""
    written = {arg.keyword.value for arg in given if arg.keyword is not None}
    end = source.end(given[-1].value)
    if "decimal_places" not in written and before.places is None and after.places is not None:
        yield Splice(end, end, f", decimal_places={after.places}")
    if "max_digits" not in written and before.digits is None and after.digits is not None:
        yield Splice(end, end, f", max_digits={after.digits}")


def alias_of(
    source: Source, module: str, package: bool, annotation: cst.BaseExpression, read: Callable[[str], Source | None],
    file_of: Callable[[str], str | None],
) -> Alias | None:  # fmt: skip
    """The project's own alias that the annotation names; None where it names none."""
    node, _ = beside_none(source, annotation)
    name = last_name(node)
    if not isinstance(node, cst.Name) or not name:
        return None
    file = file_of(module)
    for _ in range(_HOPS):
        for line in source.module.body:
            one = line.body[0] if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 else None
            if (
                isinstance(one, (cst.Assign, cst.AnnAssign))
                and name in bound_names(one)
                and one.value
                and file
            ):
                assert isinstance(line, cst.SimpleStatementLine)
                return Alias(file, module, name, source, line, one.value)
        imported = _imported(source, Home("", module, package), name)
        if imported is None:
            return None
        module, name = imported
        file = file_of(module)
        found = read(file) if file else None
        if found is None or file is None:
            return None
        source, package = found, file.endswith("__init__.py")
    return None


def named_type(read: Callable[[str], str | None], home: Home, file: str, field: str) -> str | None:
    """What the project's own name for the type of ``home``'s field stands for; None where it is written out."""

    def source_of(one: str) -> Source | None:
        text = read(one)
        try:
            return None if text is None else Source(text)
        except LeftAlone:
            return None

    def file_of(dotted: str) -> str | None:
        return file_of_module(dotted, file, home.module or "", lambda one: read(one) is not None)

    source = source_of(file)
    try:
        declared = source and declaration_of(source, model_class(source, home.model), field)
        if source is None or not declared:
            return None
        annotation = declared.statement.annotation.annotation
        found = alias_of(source, home.module or "", home.package, annotation, source_of, file_of)
    except LeftAlone:
        return None
    return found.source.code(found.value) if found is not None else None


def beside(alias: Alias, name: str, before: Places, after: Places) -> Splice:
    """An alias like the other one, with other numbers, on the line below it."""
    source = alias.source
    text = source.text[source.line_start(alias.line) : source.after_line(alias.line)]
    start = source.line_start(alias.line)
    cuts = [
        Splice(one.start - start, one.end - start, one.text)
        for one in new_bounds(source, bounds_in(alias.value), before, after)
    ]
    statement = alias.line.body[0]
    own = source.text.index(alias.name, source.start(statement)) - start
    cuts.append(Splice(own, own + len(alias.name), name))
    comment = re.search(r"[ \t]*#[^\r\n]*(?=[\r\n]*\Z)", text)
    if comment and alias.line.trailing_whitespace.comment:
        cuts.append(Splice(comment.start(), comment.end(), ""))
    end = source.after_line(alias.line)
    new = splice(text, cuts)
    if not text.endswith(("\n", "\r")):
        return Splice(end, end, source.newline + new)
    return Splice(end, end, new)


def free_name(field: str, alias: str, model: str, taken: set[str]) -> str:
    """``DailyCost`` for a field ``daily_cost``; where that is taken with the old alias behind, or the model before."""
    plain = "".join(part[:1].upper() + part[1:] for part in field.split("_") if part)
    longer = plain + alias if plain != alias else model.rpartition(".")[2] + plain
    for name in (plain, longer):
        if name not in taken and name.isidentifier():
            return name
    raise LeftAlone(f"a name for the new type is not free: {plain}")


def names_in(source: Source) -> set[str]:
    """All names that a module binds, and all capitalised words in it."""
    return {name for one in statements(source.module) for name in bound_names(one)} | set(
        re.findall(r"\b[A-Z]\w*", source.text)
    )


def _imported(source: Source, home: Home, name: str) -> tuple[str, str] | None:
    imports = Imports(source, home)
    for one in statements(source.module):
        if isinstance(one, cst.ImportFrom) and not isinstance(one.names, cst.ImportStar):
            for alias in one.names:
                if (alias.evaluated_alias or alias.evaluated_name) == name:
                    return imports.origin(one), alias.evaluated_name
    return None
