"""A model class of its own for a new table: at the end of the file, below imports that it needs."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import libcst as cst

from bravo_agent.model.plan import AddModel, ModelEdit
from codemods._add_model_examples import EXAMPLES
from codemods._declaration import attempt
from codemods._imports import Imports
from codemods._source import Source, bound_names, statements
from codemods._splice import Splice, splice
from codemods._values import EditResult, Example, Home, LeftAlone, ModelText
from codemods._verify import verify_top


@dataclass(frozen=True)
class AddModelKind:
    """The kind ``add-model``. The class is what ``init --from-database`` would have written."""

    title: str = "Add a model for a table"
    examples: tuple[Example[AddModel], ...] = EXAMPLES

    def carry(self, text: str, edit: ModelEdit, home: Home, file: str = "") -> EditResult:
        """``text`` with the class; "" becomes a module."""
        assert isinstance(edit, AddModel)
        suggestion = f"write a model for {edit.table.key}"
        return attempt(text, file, home, suggestion, lambda source: _edited(source, home))


def _edited(source: Source, home: Home) -> str:
    written = home.written
    if written is None:
        raise LeftAlone("nothing says what the model looks like")
    if written.name in _bound(source):
        if source.classes(written.name):
            return source.text
        raise LeftAlone(f"{written.name} is something else in this file")
    if not source.text.strip():
        return written.whole
    prelude = _prelude(source, written)
    imports = Imports(source, home)
    for module, name in _wanted((*written.imports, *(written.prelude_imports if prelude else ()))):
        if imports.use(module, name) != name:
            raise LeftAlone(f"{name} is something else in this file")
    end = len(source.text)
    missing = "\n" * max(0, 3 - source.text[len(source.text.rstrip("\r\n")) :].count("\n"))
    block = missing + "\n\n\n".join(part.strip("\n") for part in (prelude, written.code) if part) + "\n"
    appended = Splice(end, end, block.replace("\n", source.newline))
    after = splice(source.text, [*imports.splices(), appended])
    verify_top(source, after, {written.name, *_names(prelude)})
    return after


def _prelude(source: Source, written: ModelText) -> str:
    """What the annotations need besides imports, as far as the file has it not."""
    lines = written.prelude.split("\n")
    ends = [0, *(one.end_lineno or 0 for one in ast.parse(written.prelude).body)]
    missing: list[str] = []
    for start, end in pairwise(ends):
        part = "\n".join(lines[start:end])
        there = set(_names(part)) & _bound(source)
        if not there:
            missing.append(part)
        elif part.strip() not in source.text.replace("\r\n", "\n"):
            raise LeftAlone(f"{', '.join(sorted(there))} is something else in this file")
    return "\n".join(missing)


def _names(code: str) -> list[str]:
    return [
        name for one in statements(cst.parse_module(code)) if not _is_import(one) for name in bound_names(one)
    ]


def _wanted(lines: Iterable[str]) -> list[tuple[str, str]]:
    found = [
        (one.module or "", alias.name)
        for line in lines
        for one in ast.parse(line).body
        if isinstance(one, ast.ImportFrom)
        for alias in one.names
    ]
    return sorted(set(found))


def _is_import(one: cst.CSTNode) -> bool:
    return isinstance(one, (cst.Import, cst.ImportFrom))


def _bound(source: Source) -> set[str]:
    return {name for one in statements(source.module) for name in bound_names(one)}


KIND = AddModelKind()
