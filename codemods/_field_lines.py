"""The lines of a field that goes: its declaration, the text below, and the comment above where it is its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from codemods._declaration import Declaration
from codemods._source import Source
from codemods._splice import Splice

_HEADING = re.compile(r"[-=*~#_]{3,}|^#+\s*$", re.MULTILINE)
_FOR_TOOLS = re.compile(r"^#\s*(?:fmt|isort|ruff|pylint|mypy|type|pragma|noqa|region|endregion)\b[:\s]?")
ORPHAN = "the comment stood directly above {}, which is gone: nobody can tell whether it spoke of it"


@dataclass(frozen=True)
class CommentAbove:
    """``count`` lines of comments; ``goes`` with the field, or is an ``orphan`` where it stays."""

    count: int = 0
    goes: bool = False
    orphan: bool = False


def field_lines(source: Source, declared: Declaration) -> Splice:
    """Takes them out; ``pass`` where the class would be left with nothing."""
    body = list(declared.model.body.body)
    last = _text_below(declared) or declared.line
    above = comment_above(declared)
    start = source.line_start(declared.line, above.count if above.goes else 0)
    if all(one in (declared.line, last) for one in body):
        return Splice(start, source.end(last), source.indent(declared.line) + "pass")
    return Splice(start, source.after_line(last), "")


def comment_above(declared: Declaration) -> CommentAbove:
    """A comment goes that speaks of this field and of no other one of its class.

    What stands above several fields without a blank line heads them all; there its first line has to name the field.
    """
    lines = list(_lines(declared.line))
    if not lines:
        return CommentAbove()
    text = "\n".join(lines)
    name, heads = declared.name.value, _heads_more(declared)
    others = [one for one in _fields(declared.model) if one != name]
    speaks = _names(lines[0] if heads else text, name) and not any(_names(text, one) for one in others)
    own = not _HEADING.search(text) and not any(_FOR_TOOLS.match(line) for line in lines)
    goes = speaks and own
    return CommentAbove(len(lines), goes, orphan=not goes and (not heads or _names(text, name)))


def _lines(line: cst.SimpleStatementLine) -> Iterator[str]:
    """The comments with nothing between them and the statement."""
    found: list[str] = []
    for one in reversed(line.leading_lines):
        if one.comment is None:
            break
        found.append(one.comment.value)
    yield from reversed(found)


def _heads_more(declared: Declaration) -> bool:
    """Whether another field stands right below, with nothing between them."""
    body = list(declared.model.body.body)
    at = body.index(_text_below(declared) or declared.line) + 1
    below = body[at] if at < len(body) else None
    if not isinstance(below, cst.SimpleStatementLine) or below.leading_lines:
        return False
    return isinstance(below.body[0], (cst.AnnAssign, cst.Assign))


def _fields(model: cst.ClassDef) -> Iterator[str]:
    for line in model.body.body:
        for one in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(one, cst.AnnAssign) and isinstance(one.target, cst.Name):
                yield one.target.value


def _names(text: str, field: str) -> bool:
    """Whether the words of the name stand there: ``daily_budget``, ``Daily budget``, ``daily-budget``."""
    words = [re.escape(word) for word in field.strip("_").split("_") if word]
    return bool(words) and re.search(rf"(?<!\w){'[_ -]?'.join(words)}(?!\w)", text, re.IGNORECASE) is not None


def _text_below(declared: Declaration) -> cst.SimpleStatementLine | None:
    """The text that describes the field."""
    body = list(declared.model.body.body)
    at = body.index(declared.line) + 1
    below = body[at] if at < len(body) else None
    if not isinstance(below, cst.SimpleStatementLine) or not isinstance(below.body[0], cst.Expr):
        return None
    is_text = isinstance(below.body[0].value, (cst.SimpleString, cst.ConcatenatedString))
    return below if is_text else None
