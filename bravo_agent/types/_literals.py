"""PostgreSQL's text of nested values, taken apart: arrays, composites, ranges, hstore. Elements stay text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bravo_agent.types._rejection import Rejection

Nested = list["Nested | str | None"]

_DIMENSIONS = re.compile(r"(\[[-+]?\d+:[-+]?\d+\])+=")
_PAIR = re.compile(r'"((?:[^"\\]|\\.)*)"=>(?:NULL|"((?:[^"\\]|\\.)*)")(?:, |$)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_QUOTED = re.compile(r'\\(.)|"(")', re.DOTALL)


def array_items(text: str, delimiter: str = ",") -> Nested:
    """``{1,{2,NULL}}`` -> nested lists of texts; the lower bounds of ``[0:2]={...}`` are dropped."""
    start = _DIMENSIONS.match(text)
    body = text[start.end() :] if start else text
    if not (body.startswith("{") and body.endswith("}")):
        raise Rejection("array-malformed")
    return _build(_array_tokens(body, delimiter))


def _build(tokens: Iterator[tuple[str, str | None]]) -> Nested:
    root: Nested = []
    stack: list[Nested] = [root]
    for sort, value in tokens:
        if sort == "{":
            inner: Nested = []
            stack[-1].append(inner)
            stack.append(inner)
        elif sort == "}":
            stack.pop()
        else:
            stack[-1].append(value)
    first = root[0]
    assert isinstance(first, list)
    return first


def _array_tokens(text: str, delimiter: str) -> Iterator[tuple[str, str | None]]:
    """Braces, and items as (``item``, text or None); one regular expression step per token."""
    stop = re.escape(delimiter)
    token = re.compile(rf'([{{}}])|{stop}|"((?:[^"\\]|\\.)*)"|((?:[^{{}}"\\{stop}]|\\.)+)', re.DOTALL)
    for match in token.finditer(text):
        brace, quoted, bare = match.groups()
        if brace:
            yield brace, None
        elif quoted is not None:
            yield "item", _ESCAPED.sub(r"\1", quoted)
        elif bare is not None:
            yield "item", None if bare.upper() == "NULL" else _ESCAPED.sub(r"\1", bare)


@dataclass(frozen=True)
class RangeText:
    """A range's bounds as text (None: unbounded); an empty range has bounds ``()``."""

    lower: str | None
    upper: str | None
    bounds: str
    empty: bool


def range_parts(text: str) -> RangeText:
    """``[1,10)``, ``(,"a b"]``, ``empty`` -> its parts."""
    if text == "empty":
        return RangeText(None, None, "()", True)
    fields = _fields(text[1:-1])
    if len(fields) != 2 or text[0] not in "[(" or text[-1] not in "])":
        raise Rejection("range-malformed")
    return RangeText(fields[0], fields[1], text[0] + text[-1], False)


_RANGE = re.compile(r'empty|[\[(](?:[^"\[\]()\\]|\\.|"(?:[^"\\]|\\.|"")*")*[\])]', re.DOTALL)


def multirange_parts(text: str) -> list[RangeText]:
    """``{[1,3),[5,7)}`` -> its ranges."""
    return [range_parts(found.group()) for found in _RANGE.finditer(text[1:-1])]


def row_fields(text: str) -> list[str | None]:
    r"""``(1,"a \"b",,"")`` -> ``['1', 'a "b', None, '']``; inside quotes a quote may be doubled, too."""
    return _fields(text[1:-1])


_FIELD = re.compile(r'((?:[^",\\]|\\.|"(?:[^"\\]|\\.|"")*")*)(,|$)', re.DOTALL)
_PIECE = re.compile(r'"((?:[^"\\]|\\.|"")*)"|\\(.)|([^"\\]+)', re.DOTALL)


def _fields(text: str) -> list[str | None]:
    """Fields between commas; nothing at all is NULL, and only quotes make an empty string."""
    fields: list[str | None] = []
    for match in _FIELD.finditer(text):
        fields.append(_field(match.group(1)) if match.group(1) else None)
        if not match.group(2):
            break
    return fields


def _field(text: str) -> str:
    if '"' not in text and "\\" not in text:
        return text
    return "".join(
        _QUOTED.sub(lambda m: m.group(1) or m.group(2), quoted) if quoted is not None else escaped or bare
        for quoted, escaped, bare in (_piece(m) for m in _PIECE.finditer(text))
    )


def _piece(match: re.Match[str]) -> tuple[str | None, str | None, str]:
    return match.group(1), match.group(2), match.group(3) or ""


def hstore_pairs(text: str) -> list[tuple[str, str | None]]:
    """The pairs of ``"a"=>"1", "b"=>NULL``."""
    return [
        (_ESCAPED.sub(r"\1", key), None if value is None else _ESCAPED.sub(r"\1", value))
        for key, value in (match.groups() for match in _PAIR.finditer(text))
    ]
