# ruff: noqa: B905, UP006, UP035
"""Tables of a test: what ``parametrize`` and loops run over, and which row it is right now."""

from __future__ import annotations

import ast
from typing import Any, Callable, Dict, List, Tuple

from ._sources import Function, Source, bindings
from ._values import UNKNOWN, same, value_of


def argument_names(function: Function) -> List[str]:
    """The names of its parameters."""
    given = function.args
    return [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


def loop_names(target: ast.AST) -> List[str]:
    """What a loop binds."""
    return [one.id for one in ast.walk(target) if isinstance(one, ast.Name)]


def tables_of(source: Source, function: Function) -> List[Tuple[List[str], ast.expr]]:
    """(names, rows) of every parametrize that holds for the function."""
    classes = [
        one
        for one in ast.walk(source.tree)
        if isinstance(one, ast.ClassDef) and any(child is function for child in ast.walk(one))
    ]
    marks = [mark for one in (function, *classes) for mark in one.decorator_list]
    marks += [
        mark
        for one in bindings(source.tree, "pytestmark")
        if isinstance(one, ast.Assign)
        for mark in (one.value.elts if isinstance(one.value, (ast.List, ast.Tuple)) else [one.value])
    ]
    found = []
    for mark in marks:
        if (
            isinstance(mark, ast.Call)
            and isinstance(mark.func, ast.Attribute)
            and mark.func.attr == "parametrize"
        ):
            given: dict[Any, ast.expr] = dict(zip(("argnames", "argvalues"), mark.args))
            given.update((keyword.arg, keyword.value) for keyword in mark.keywords)
            names = value_of(given["argnames"]) if "argnames" in given else UNKNOWN
            if isinstance(names, str):
                names = [name.strip() for name in names.split(",") if name.strip()]
            if isinstance(names, (list, tuple)) and "argvalues" in given:
                found.append((list(names), given["argvalues"]))
    return found


def cells_of(width: int) -> Callable[[ast.expr], List[ast.expr]]:
    """Gives the cells of a row of so many columns."""

    def cells(row: ast.expr) -> List[ast.expr]:
        if isinstance(row, ast.Call) and getattr(row.func, "attr", getattr(row.func, "id", "")) == "param":
            return row.args
        if width == 1:
            return [row]
        return row.elts if isinstance(row, (ast.Tuple, ast.List)) else []

    return cells


def fits(cells: List[ast.expr], names: List[str], values: Dict[str, Any]) -> bool:
    """Whether no written cell says anything else than the value."""
    if len(cells) != len(names):
        return False
    known = [(value_of(cell), values.get(name, UNKNOWN)) for cell, name in zip(cells, names)]
    return all(cell is UNKNOWN or value is UNKNOWN or same(cell, value) for cell, value in known)
