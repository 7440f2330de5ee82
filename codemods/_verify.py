"""After an edit: the difference is the field and its imports, and nothing else."""

from __future__ import annotations

import libcst as cst

from codemods._source import Source, bound_names, statements
from codemods._values import LeftAlone


def verify_added(before: Source, after: str, model: str, name: str) -> None:
    """Raises ``LeftAlone`` where ``after`` differs by more than field ``name`` of ``model``."""
    now = Source(after)
    old, new = before.classes(model)[0], now.classes(model)[0]
    if _body(new, without=name) != _body(old):
        raise LeftAlone("the edit would change more of the class than the field", before.line(old))
    if [one for one in statements(new.body) if name in bound_names(one)] == []:
        raise LeftAlone("the edit would not add the field", before.line(old))
    if _rest(now, new) != _rest(before, old):
        raise LeftAlone("the edit would change more of the file than the class and its imports")
    if not _imported(before) <= _imported(now):
        raise LeftAlone("the edit would lose an import")


def _body(model: cst.ClassDef, without: str | None = None) -> list[str]:
    """The code of the statements of a class, fillers and ``without`` left out."""
    empty = cst.Module([])
    return [
        empty.code_for_node(one).strip()
        for one in statements(model.body)
        if not (without is not None and without in bound_names(one))
        and not isinstance(one, cst.Pass)
        and not (isinstance(one, cst.Expr) and isinstance(one.value, cst.Ellipsis))
    ]


def _rest(source: Source, model: cst.ClassDef) -> list[str]:
    """The code of all top-level statements except imports and the one that holds ``model``."""
    return [
        source.code(one)
        for one in source.module.body
        if not _is_import(one) and not (source.start(one) <= source.start(model) < source.end(one))
    ]


def _is_import(one: cst.CSTNode) -> bool:
    return isinstance(one, cst.SimpleStatementLine) and all(
        isinstance(small, (cst.Import, cst.ImportFrom)) for small in one.body
    )


def _imported(source: Source) -> set[str]:
    return {
        name
        for one in statements(source.module)
        if isinstance(one, (cst.Import, cst.ImportFrom))
        for name in bound_names(one)
    }
