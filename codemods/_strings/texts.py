"""Where the texts of a Python file hold one of the names, by the node of the syntax tree."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from bravo_agent.model.code import Token
from codemods._finding.files import occurrences
from codemods._finding.lines import line_starts

_QUOTES = ("'", '"')
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True)
class Text:
    """A token in a text; ``whole``: the text is nothing but the name; ``before``: what stands before it."""

    token: Token
    name: str
    whole: bool
    before: str = ""


def texts_of(file: str, source: str, tree: ast.AST, name: str) -> list[tuple[ast.Constant, tuple[Text, ...]]]:
    """The constants that hold ``name``. Texts whose pieces cannot be told apart are left out."""
    return list(_Finder(file, source, name).of_tree(tree))


class _Finder:
    def __init__(self, file: str, source: str, name: str) -> None:
        self._file = file
        self._source = source
        self._name = name
        self._starts = line_starts(source)

    def of_tree(self, tree: ast.AST) -> Iterator[tuple[ast.Constant, tuple[Text, ...]]]:
        for child in ast.iter_child_nodes(tree):
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue  # a docstring, or a comment of its kind
            if isinstance(child, (ast.Constant, ast.JoinedStr)):
                yield from self._of_text(child)
            else:
                yield from self.of_tree(child)

    def _of_text(self, node: ast.Constant | ast.JoinedStr) -> Iterator[tuple[ast.Constant, tuple[Text, ...]]]:
        if isinstance(node, ast.Constant) and not isinstance(node.value, str):
            return
        start = self._offset(node.lineno, node.col_offset)
        end = self._offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        if self._name not in self._source[start:end]:
            return
        pieces = text_pieces(self._source, start, end)
        written = [begin for piece in pieces for begin in occurrences(self._source, self._name, *piece)]
        meant = [
            (one, value, begin)
            for one, value in _constants(node)
            for begin in sorted(occurrences(value, self._name))
            if not _after_letter(value, begin)
        ]
        if len(written) != len(meant):
            return
        parts = [id(one) for one in node.values] if isinstance(node, ast.JoinedStr) else []
        found: dict[int, tuple[ast.Constant, list[Text]]] = {}
        for place, (one, value, begin) in zip(written, meant, strict=True):
            text = self._text(value, place, begin, id(one) in parts)
            found.setdefault(id(one), (one, []))[1].append(text)
        yield from ((one, tuple(texts)) for one, texts in found.values())

    def _text(self, value: str, place: int, begin: int, is_part: bool) -> Text:
        line = bisect_right(self._starts, place)
        column = place - self._starts[line - 1]
        token = Token(self._file, line, column, column + len(self._name))
        before = value[:begin]
        return Text(
            token, self._name, value == self._name and not is_part, f"{{}}{before}" if is_part else before
        )

    def _offset(self, line: int, column: int) -> int:
        """``column`` counts bytes, as ast does."""
        start = self._starts[line - 1]
        end = self._starts[line] if line < len(self._starts) else len(self._source)
        text = self._source[start:end]
        return start + (column if text.isascii() else len(text.encode()[:column].decode()))


def _constants(node: ast.AST) -> Iterator[tuple[ast.Constant, str]]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node, node.value
        return
    for child in ast.iter_child_nodes(node):
        yield from _constants(child)


def _after_letter(value: str, begin: int) -> bool:
    """In a value there are no escapes: a backslash and an ``n`` before the name are a letter."""
    return value[begin - 1 : begin].isalnum()


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
        if sign == "\\" or (formatted and sign in "{}" and source[place : place + 2] == sign * 2):
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
