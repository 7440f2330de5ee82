"""Imports that an edit left without a use go too, where that is certain."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

import libcst as cst

from codemods._source import Source
from codemods._splice import Splice, splice

_LIBRARIES = frozenset(["pydantic", "bson"])


def without_unused(text: str, names: Iterable[str], file: str) -> tuple[str, frozenset[str]]:
    """``text`` without the imports of ``names`` that it does not use any more, and which names those are.

    Only names of the standard library, Pydantic and bson, imported on one line at the top, that occur nowhere
    else in the file, comments and texts included. A package's own file may re-export what it imports.
    """
    gone: set[str] = set()
    if file.endswith("__init__.py"):
        return text, frozenset()
    for name in sorted(set(names)):
        if len(re.findall(rf"\b{re.escape(name)}\b", text)) == 1:
            shorter = _without(Source(text), name)
            if shorter is not None:
                text, gone = shorter, gone | {name}
    return text, frozenset(gone)


def _without(source: Source, name: str) -> str | None:
    for line in source.module.body:
        if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
            continue
        one = line.body[0]
        if not isinstance(one, cst.ImportFrom) or isinstance(one.names, cst.ImportStar) or not _is_known(one):
            continue
        place = [number for number, alias in enumerate(one.names) if alias.evaluated_name == name]
        if place and one.names[place[0]].asname is None:
            found = _cut(source, line, list(one.names), place[0])
            return None if found is None else splice(source.text, [found])
    return None


def _is_known(one: cst.ImportFrom) -> bool:
    node = one.module
    while isinstance(node, cst.Attribute):
        node = node.value  # type: ignore[assignment]
    top = node.value if isinstance(node, cst.Name) else ""
    return not one.relative and (top in sys.stdlib_module_names or top in _LIBRARIES)


def _cut(
    source: Source, line: cst.SimpleStatementLine, names: list[cst.ImportAlias], at: int
) -> Splice | None:
    place = source.range(line)
    behind = source.text[source.end(line.body[0]) : source.after_line(line)].strip()
    if behind.startswith("#"):
        return None
    if len(names) > 1:
        if at + 1 < len(names):
            start, end = source.start(names[at]), source.start(names[at + 1])
            return None if "#" in source.text[start:end] else Splice(start, end, "")
        # the last one of several lines may have a comma behind it
        one_line = place.start.line == place.end.line
        return Splice(source.end(names[at - 1].name), source.end(names[at].name), "") if one_line else None
    return _whole_line(source, line)


def _whole_line(source: Source, line: cst.SimpleStatementLine) -> Splice:
    """With the empty line behind it, where it stood alone between empty lines or at the top."""
    start, end = source.line_start(line), source.after_line(line)
    before = source.text[:start].splitlines()[-1:]
    after = re.match(r"[ \t]*(\r\n|\r|\n)", source.text[end:])
    alone = (not before or not before[0].strip()) and after is not None
    return Splice(start, end + (after.end() if alone and after else 0), "")
