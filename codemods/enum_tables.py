"""Places that speak of every label of an enum, one by one: what belongs there for a new one only people know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from bravo_agent.model.entities import ModelSet
from bravo_agent.model.plan import ManualWork, Patch
from bravo_agent.model.refactor import CodeChange
from codemods._around import last_name, plain_text
from codemods._class_names import ClassNames, class_names
from codemods._enum_tables_examples import EXAMPLES
from codemods._everywhere import Code, CodeExample, Text, ordered
from codemods._requests import NewLabels
from codemods._source import Source
from codemods._values import LeftAlone

_NEVER = ("assert_never", "assert_unreachable", "unreachable")


@dataclass(frozen=True)
class EnumTablesKind:
    """The kind ``enum-tables``. It edits nothing, and lists what spoke of all labels and does not any more."""

    title: str = "List what speaks of every label of an enum"
    examples: tuple[CodeExample[NewLabels], ...] = EXAMPLES

    def through(self, code: Code, edit: NewLabels) -> CodeChange:
        """The places as manual work."""
        new = [label for label in edit.after if label not in edit.before]
        if not new or not edit.before:
            return CodeChange()
        words = [edit.enum.name] if edit.enum else list(edit.before)
        found: list[ManualWork] = []
        for file in sorted({file for word in words for file in code.named(word)}):
            whole = code.read(file)
            try:
                source = Source(Text(file, whole).text) if whole is not None else None
            except LeftAlone:
                continue
            if source is not None:
                found += _in_file(code, source, file, edit, new)
        return CodeChange(Patch((), ordered(found)))


def _in_file(code: Code, source: Source, file: str, edit: NewLabels, new: list[str]) -> Iterator[ManualWork]:
    names = ClassNames(frozenset(), frozenset(), frozenset())
    if edit.enum is not None:
        models = ModelSet((edit.enum, *code.models.entities))
        names = class_names(source, file, [edit.enum], models, code.read)
    finder = _Finder(edit, names)
    source.module.visit(finder)
    whose = edit.enum.name if edit.enum else f"{edit.entity}.{edit.field}"
    for node, what in finder.found:
        advice = f"Say what is to be done with {', '.join(new)}."
        yield ManualWork(file, source.line(node), f"{what} of {whose} but {', '.join(new)}", advice)


class _Finder(cst.CSTVisitor):
    """``found``: places that speak of all labels that there were, and of no other."""

    def __init__(self, edit: NewLabels, names: ClassNames) -> None:
        self.found: list[tuple[cst.CSTNode, str]] = []
        self._all = set(edit.before)
        self._names = names
        self._members = dict(edit.members)
        self._is_enum = edit.enum is not None

    def visit_Dict(self, node: cst.Dict) -> None:
        """A table."""
        keys = [one.key for one in node.elements if isinstance(one, cst.DictElement)]
        if len(keys) == len(node.elements):
            self._note(node, keys, "this table has an entry for every label")

    def visit_List(self, node: cst.List) -> None:
        """A list."""
        self._note(node, [one.value for one in node.elements], "this list holds every label")

    def visit_Tuple(self, node: cst.Tuple) -> None:
        """A tuple."""
        self._note(node, [one.value for one in node.elements], "this tuple holds every label")

    def visit_Set(self, node: cst.Set) -> None:
        """A set."""
        self._note(node, [one.value for one in node.elements], "this set holds every label")

    def visit_Subscript(self, node: cst.Subscript) -> None:
        """A Literal; the one of the field itself has the new label already, or is edited."""
        if last_name(node.value) == "Literal":
            parts = [one.slice.value for one in node.slice if isinstance(one.slice, cst.Index)]
            self._note(node, parts, "this Literal lists every label")

    def visit_Match(self, node: cst.Match) -> None:
        """Cases without one for all the rest, or with one that must never be reached."""
        spoken: list[cst.BaseExpression] = []
        for case in node.cases:
            if case.guard is not None:
                continue
            if _takes_all(case.pattern):
                if not _is_never(case.body):
                    return
            else:
                spoken += _values(case.pattern)
        self._note(node, spoken, "this match has a case for every label")

    def visit_If(self, node: cst.If) -> None:
        """``if ... elif ...`` over one value."""
        asked: list[cst.BaseExpression] = []
        one: cst.If | cst.Else | None = node
        while isinstance(one, cst.If):
            asked += _asked(one.test)
            one = one.orelse
        self._note(node, asked, "these questions ask for every label")

    def _note(self, node: cst.CSTNode, parts: Iterable[cst.BaseExpression], what: str) -> None:
        labels = [self._label(one) for one in parts]
        if len(self._all) > 1 and len(labels) >= len(self._all) and set(labels) == self._all:
            self.found.append((node, what))

    def _label(self, node: cst.BaseExpression) -> str | None:
        if isinstance(node, cst.Attribute) and node.attr.value == "value":
            return self._label(node.value)
        if isinstance(node, cst.Attribute) and self._names.means(node.value):
            return self._members.get(node.attr.value)
        return plain_text(node)


def _takes_all(pattern: cst.MatchPattern) -> bool:
    return isinstance(pattern, cst.MatchAs) and pattern.pattern is None


def _is_never(body: cst.BaseSuite) -> bool:
    for line in body.body:
        for one in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if (
                isinstance(one, cst.Expr)
                and isinstance(one.value, cst.Call)
                and last_name(one.value.func) in _NEVER
            ):
                return True
    return False


def _values(pattern: cst.MatchPattern) -> list[cst.BaseExpression]:
    if isinstance(pattern, cst.MatchOr):
        return [value for one in pattern.patterns for value in _values(one.pattern)]
    if isinstance(pattern, cst.MatchAs) and pattern.pattern is not None:
        return _values(pattern.pattern)
    return [pattern.value] if isinstance(pattern, cst.MatchValue) else []


def _asked(test: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.Or):
        return [*_asked(test.left), *_asked(test.right)]
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        only = test.comparisons[0]
        if isinstance(only.operator, (cst.Is, cst.Equal)):
            return [only.comparator]
    return []


KIND = EnumTablesKind()
