"""Where the texts of a Python file hold one of the names, by the node of the syntax tree."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bravo_agent.model.code import Token
from codemods._finding.files import line_starts, occurrences

_QUOTES = ("'", '"')
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True)
class Text:
    """A token in a text; ``whole``: the text is nothing but the name."""

    token: Token
    name: str
    whole: bool


def texts_of(file: str, source: str, tree: ast.AST, names: Sequence[str]) -> dict[int, tuple[Text, ...]]:
    """By ``id`` of the constant that holds them. Texts whose pieces cannot be told apart are left out."""
    return dict(_Finder(file, source, names).of_tree(tree))


class _Finder:
    def __init__(self, file: str, source: str, names: Sequence[str]) -> None:
        self._file = file
        self._source = source
        self._names = names
        self._starts = line_starts(source)

    def of_tree(self, tree: ast.AST) -> Iterator[tuple[int, tuple[Text, ...]]]:
        for child in ast.iter_child_nodes(tree):
            if isinstance(child, (ast.Constant, ast.JoinedStr)):
                yield from self._of_text(child)
            else:
                yield from self.of_tree(child)

    def _of_text(self, node: ast.Constant | ast.JoinedStr) -> Iterator[tuple[int, tuple[Text, ...]]]:
        if isinstance(node, ast.Constant) and not isinstance(node.value, str):
            return
        start = self._offset(node.lineno, node.col_offset)
        end = self._offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        if not any(name in self._source[start:end] for name in self._names):
            return
        found = sorted(
            (begin, name)
            for piece in text_pieces(self._source, start, end)
            for name in self._names
            for begin in occurrences(self._source, name, *piece)
        )
        constants = list(_constants(node))
        counts = [sum(1 for name in self._names for _ in occurrences(one.value, name)) for one in constants]
        if sum(counts) != len(found):
            return
        place = 0
        for one, count in zip(constants, counts, strict=True):
            if count:
                yield id(one), tuple(self._text(one, *part) for part in found[place : place + count])
            place += count

    def _text(self, node: ast.Constant, begin: int, name: str) -> Text:
        line = bisect_right(self._starts, begin)
        column = begin - self._starts[line - 1]
        return Text(Token(self._file, line, column, column + len(name)), name, node.value == name)

    def _offset(self, line: int, column: int) -> int:
        """``column`` counts bytes, as ast does."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self._source)
        text = self._source[start:end]
        return start + (column if text.isascii() else len(text.encode()[:column].decode()))


def _constants(node: ast.AST) -> Iterator[ast.Constant]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node
        return
    for child in ast.iter_child_nodes(node):
        yield from _constants(child)


def text_pieces(source: str, start: int, end: int) -> list[tuple[int, int]]:
    """What stands between the quotes of the literals from ``start`` to ``end``, in order, nested ones too."""
    found: list[tuple[int, int]] = []
    place = start
    while place < end:
        if source[place] == "#":
            place = _line_end(source, place)
        elif source[place] in _QUOTES:
            prefix = source[max(start, place - 2) : place].lower()
            place = _literal(source, place, "f" in prefix, found)
        else:
            place += 1
    return found


def _line_end(source: str, place: int) -> int:
    while place < len(source) and source[place] not in "\r\n":
        place += 1
    return place


def _literal(source: str, place: int, formatted: bool, found: list[tuple[int, int]]) -> int:
    """Behind the literal that opens at ``place``."""
    quote = source[place] * 3 if source[place : place + 3] == source[place] * 3 else source[place]
    place = begin = place + len(quote)
    while place < len(source) and not source.startswith(quote, place):
        sign = source[place]
        if sign == "\\":
            place += 2
        elif formatted and sign in "{}" and source[place : place + 2] == sign * 2:
            place += 2
        elif formatted and sign == "{":
            found.append((begin, place))
            place = begin = _expression(source, place + 1, found)
        else:
            place += 1
    found.append((begin, place))
    return place + len(quote)


def _expression(source: str, place: int, found: list[tuple[int, int]]) -> int:
    """Behind the closing brace of an expression in an f-string; its format may hold expressions again."""
    depth = 0
    while place < len(source):
        sign = source[place]
        if sign in _QUOTES:
            place = _literal(source, place, "f" in source[place - 2 : place].lower(), found)
            continue
        if sign == "}" and depth == 0:
            return place + 1
        if sign == ":" and depth == 0:
            return _format(source, place + 1, found)
        depth += (sign in _OPEN) - (sign in _CLOSE)
        place += 1
    return place


def _format(source: str, place: int, found: list[tuple[int, int]]) -> int:
    begin = place
    while place < len(source) and source[place] != "}":
        if source[place] == "{":
            found.append((begin, place))
            place = begin = _expression(source, place + 1, found)
        else:
            place += 1
    found.append((begin, place))
    return place + 1
