"""An element put into a list in brackets, or a member into a block of YAML, in the style of its neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from codemods._removal import Span
from codemods._splice import Splice

_GAP = re.compile(r"(?:\s|\\\n|#[^\r\n]*)*")
_LINE_END = re.compile(r"\r\n|\r|\n")


def with_element(text: str, spans: Sequence[Span], after: int, new: str, newline: str) -> list[Splice]:
    """Splices that put ``new`` behind element number ``after`` of ``spans`` (in order, without their commas)."""
    start, end = spans[after]
    comma = _comma(text, end)
    is_last = after + 1 == len(spans)
    if _begins_line(text, start) and (is_last or _begins_line(text, spans[after + 1][0])):
        indent = text[_line_start(text, start) : start]
        behind = _line_end(text, end if comma is None else comma)
        if comma is None:
            closed = not _rest_of_line(text, end)
            place = behind if closed else end
            return [Splice(end, end, ","), Splice(place, place, f"{newline}{indent}{new}")]
        return [Splice(behind, behind, f"{newline}{indent}{new},")]
    if is_last or comma is None:
        return [Splice(end, end, f", {new}")]
    following = spans[after + 1][0]
    if _LINE_END.search(text, comma, following):
        return [Splice(comma + 1, comma + 1, f" {new},")]
    return [Splice(following, following, f"{new}, ")]


def with_line(text: str, start: int, end: int, new: str, newline: str) -> Splice:
    """``new`` as a line of its own below the member at ``[start, end)``, as far to the right as that one."""
    indent = re.sub(r"[^ ]", " ", text[_line_start(text, start) : start])
    place = _line_end(text, max(start, _before_space(text, end)))
    return Splice(place, place, f"{newline}{indent}{new}")


def newline_of(text: str) -> str:
    """The line end that most lines have."""
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"


def _comma(text: str, end: int) -> int | None:
    found = _GAP.match(text, end)
    place = found.end() if found else end
    return place if text[place : place + 1] == "," else None


def _begins_line(text: str, start: int) -> bool:
    return not text[_line_start(text, start) : start].strip()


def _rest_of_line(text: str, end: int) -> str:
    """What stands behind the element on its line, comments left out."""
    return re.sub(r"#.*", "", text[end : _line_end(text, end)]).strip()


def _before_space(text: str, end: int) -> int:
    while end > 0 and text[end - 1] in " \t\r\n":
        end -= 1
    return end


def _line_start(text: str, place: int) -> int:
    return max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1


def _line_end(text: str, place: int) -> int:
    found = _LINE_END.search(text, place)
    return found.start() if found else len(text)
