"""A new field's line that can be read by itself: then the file around it need not be read once more for it."""

from __future__ import annotations

import libcst as cst

from codemods._place import Place
from codemods._source import Source
from codemods._tree import keep_tree


def grow(source: Source, model: str, place: Place, declaration: str, name: str, after: str) -> bool:
    """Whether ``after`` is ``source`` with the declaration of ``name`` as a line of its own, and nothing else.

    Then its tree is known. Anything but a field below another statement of an ordinary class is left to be read.
    """
    classes = _classes(source, model)
    block = classes[-1].body if classes else None
    if not isinstance(block, cst.IndentedBlock) or not _is_line(source, place, declaration):
        return False
    at = next((n for n in range(len(block.body), 0, -1) if source.start(block.body[n - 1]) < place.start), 0)
    if at == 0 or source.after_line(block.body[at - 1]) != place.start:
        return False
    tree = source.tree.with_line(classes, at, name, f"{declaration}{source.newline}", place.before)
    if tree is not None:
        keep_tree(after, tree)
    return tree is not None


def _classes(source: Source, model: str) -> list[cst.ClassDef]:
    """The class and those around it, the outermost first; nothing where one of them stands in something else."""
    found, body = list[cst.ClassDef](), list[cst.CSTNode](source.module.body)
    for name in model.split("."):
        one = next((one for one in body if isinstance(one, cst.ClassDef) and one.name.value == name), None)
        if one is None:
            return []
        found.append(one)
        body = list(one.body.body)
    return found


def _is_line(source: Source, place: Place, declaration: str) -> bool:
    """Whether it goes between two whole lines."""
    inserted = place.start == place.end and place.after == "\n" and "\n" not in place.before
    goes_on = source.text[: place.start].rstrip("\r\n").endswith("\\")
    return inserted and not goes_on and len(declaration.splitlines()) == 1
