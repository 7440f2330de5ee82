"""After an edit: the difference is what was meant, and nothing else."""

from __future__ import annotations

from collections.abc import Collection

import libcst as cst

from codemods._source import Source, bound_names, statements
from codemods._values import LeftAlone

Statement = cst.BaseSmallStatement | cst.BaseCompoundStatement


def verify_added(before: Source, after: str, model: str, name: str) -> None:
    """Raises ``LeftAlone`` where ``after`` differs by more than field ``name`` of ``model``."""
    now = verify_class(before, after, model, {name})
    new = now.classes(model)[0]
    if [one for one in statements(new.body) if name in bound_names(one)] == []:
        raise LeftAlone("the edit would not add the field", before.line(before.classes(model)[0]))


def verify_class(
    before: Source, after: str, model: str, touched: Collection[str], lost: Collection[str] = ()
) -> Source:
    """``after``, parsed; raises ``LeftAlone`` where it differs by more than statements of the class that bind
    a name of ``touched``, and by more than imports of the names ``lost``."""
    now = Source(after)
    found = now.classes(model)
    old = before.classes(model)[0]
    if len(found) != 1 or _body(found[0], touched) != _body(old, touched):
        raise LeftAlone("the edit would change more of the class than the field", before.line(old))
    if _rest(now, found[0]) != _rest(before, old):
        raise LeftAlone("the edit would change more of the file than the class and its imports")
    _verify_imports(before, now, lost)
    return now


def verify_top(before: Source, after: str, touched: Collection[str], lost: Collection[str] = ()) -> Source:
    """As ``verify_class``, for statements of the module itself."""
    now = Source(after)
    if _statements(now, touched) != _statements(before, touched):
        raise LeftAlone("the edit would change more of the file than was meant")
    _verify_imports(before, now, lost)
    return now


def _verify_imports(before: Source, now: Source, lost: Collection[str]) -> None:
    if not _imported(before) - set(lost) <= _imported(now):
        raise LeftAlone("the edit would lose an import")


def _statements(source: Source, touched: Collection[str]) -> list[str]:
    kept = (one for one in statements(source.module) if not isinstance(one, (cst.Import, cst.ImportFrom)))
    return [source.code(one) for one in kept if not set(touched) & set(bound_names(one))]


def _body(model: cst.ClassDef, without: Collection[str]) -> list[str]:
    """The code of the statements of a class, fillers and those that bind a name of ``without`` left out.

    A text right behind a field describes it, and is left out with it.
    """
    empty = cst.Module([])
    found: list[str] = []
    described = False
    for one in statements(model.body):
        text = isinstance(one, cst.Expr) and isinstance(one.value, (cst.SimpleString, cst.ConcatenatedString))
        if (text and described) or _is_filler(one):
            continue
        described = bool(set(without) & set(bound_names(one)))
        if not described:
            found.append(empty.code_for_node(one).strip())
    return found


def _is_filler(one: Statement) -> bool:
    return isinstance(one, cst.Pass) or (isinstance(one, cst.Expr) and isinstance(one.value, cst.Ellipsis))


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
