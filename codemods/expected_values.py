"""Writes expected values of tests anew: the literals that a test run gave, and nothing around them.

What is written is a proposal: the caller shows it as such, and a person says whether the new values are right.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bravo_agent.model.code import Token
from bravo_agent.model.plan import ManualWork
from codemods._data_nodes import at, data_tree
from codemods._everywhere import Text
from codemods._expected_values_examples import EXAMPLES
from codemods._new_value import NewValue
from codemods._source import Source
from codemods._splice import Splice, splice
from codemods._values import EditResult, Example, Home, LeftAlone

_YAML = (".yaml", ".yml")


@dataclass(frozen=True)
class ExpectedValuesKind:
    """The kind ``expected-values``. All values of a file are written, or none of them."""

    title: str = "Write expected values of tests anew"
    examples: tuple[Example[tuple[NewValue, ...]], ...] = EXAMPLES

    def carry(self, text: str, values: Sequence[NewValue], home: Home, file: str = "") -> EditResult:
        """``text`` with the values; written already: the same text."""
        try:
            return EditResult(_edited(Text(file, text), values))
        except LeftAlone as left:
            line = next((one.place[0] for one in values if one.place), left.line)
            work = ManualWork(file, line, left.why, "Write the values that the tests ask for by hand.")
            return EditResult(text, (work,))


def line_of(file: str, text: str, value: NewValue) -> int:
    """The line that a value stands on; 1 where it is not found."""
    if value.place is not None:
        return value.place[0]
    tree = data_tree(file, text)
    node = at(tree, value.path) if tree else None
    return text.count("\n", 0, node.start) + 1 if node else 1


def _edited(text: Text, values: Sequence[NewValue]) -> str:
    in_data = [one for one in values if one.place is None]
    if in_data:
        after = splice(text.text, _in_data(text, in_data))
        if data_tree(text.file, after) is None:
            raise LeftAlone("the edit would leave a file that cannot be read")
        return text.with_bom(after)
    Source(text.text)
    splices = list(_in_python(text, values))
    after = splice(text.text, splices)
    lines = {one.place[0] for one in values if one.place}
    if _shape(text.text, lines) != _shape(after, lines):
        raise LeftAlone("more than the value would change", min(lines))
    return text.with_bom(after)


def _in_python(text: Text, values: Sequence[NewValue]) -> Iterator[Splice]:
    """A value that is written already moves those behind it on its line."""
    moved: dict[int, int] = {}
    for value in sorted(values, key=lambda one: one.place or (0, 0, 0)):
        line, column, end = value.place or (1, 0, 0)
        start = text.offset(Token(text.file, line, column, end)) + moved.get(line, 0)
        if text.text.startswith(value.before, start) and end - column == len(value.before):
            yield Splice(start, start + len(value.before), value.after)
        elif text.text.startswith(value.after, start):
            moved[line] = moved.get(line, 0) + len(value.after) - len(value.before)
        else:
            raise LeftAlone(f"the place does not hold {value.before}", line)


def _in_data(text: Text, values: Sequence[NewValue]) -> Iterator[Splice]:
    tree = data_tree(text.file, text.text)
    if tree is None:
        raise LeftAlone("the file does not parse")
    for value in values:
        node = at(tree, value.path)
        path = ".".join(str(step) for step in value.path)
        if node is None or node.kind != "value":
            raise LeftAlone(f"the file does not hold {path}")
        before, after = json.loads(value.before), json.loads(value.after)
        if node.value == after and type(node.value) is type(after):
            continue
        if node.value != before or type(node.value) is not type(before):
            raise LeftAlone(
                f"the place does not hold {value.before}", text.text.count("\n", 0, node.start) + 1
            )
        yield Splice(node.start, node.end, _in_style(text, node.start, value))


def _in_style(text: Text, start: int, value: NewValue) -> str:
    """In the quotes that stand there; YAML without quotes gets them where it would be read as something else."""
    sign = text.text[start : start + 1]
    if sign == "'" and text.file.endswith(_YAML) and value.after.startswith('"') and "\\" not in value.after:
        return "'" + value.after[1:-1].replace("'", "''") + "'"
    return value.after


def _shape(text: str, lines: set[int]) -> str:
    """The tree without the values on ``lines``; raises ``LeftAlone`` where it does not parse."""
    try:
        tree = _Blank(lines).visit(ast.parse(text))
    except (SyntaxError, ValueError):
        raise LeftAlone("the edit would leave a file that does not parse") from None
    return ast.dump(tree)


class _Blank(ast.NodeTransformer):
    def __init__(self, lines: set[int]) -> None:
        self._lines = lines

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """A value on one of the lines is any value."""
        return ast.Constant(None) if node.lineno in self._lines else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """A sign before a number belongs to it."""
        plain = isinstance(node.operand, ast.Constant) and isinstance(node.op, (ast.USub, ast.UAdd))
        return self.visit(node.operand) if plain else self.generic_visit(node)


KIND = ExpectedValuesKind()
