"""Elements taken out of a list in brackets, with their commas and lines, so that the rest stays as it is.

For arguments, the elements of Python's literals, and the members of JSON alike: places in a text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from codemods._splice import Splice

Span = tuple[int, int]
_GAP = re.compile(r"(?:\s|\\\n|#[^\r\n]*)*")
_LINE_END = re.compile(r"\r\n|\r|\n")


def without(
    text: str, spans: Sequence[Span], gone: Collection[int], *, keep_comma: bool = False
) -> list[Splice]:
    """Splices that take out the elements numbered ``gone`` of ``spans`` (in order, without their commas).

    ``keep_comma``: a single element that is left keeps a comma behind it, as a tuple needs it.
    """
    if not gone:
        return []
    if len(set(gone)) == len(spans):
        return [_all(text, spans)]
    found = [_run(text, spans, first, last) for first, last in _runs(gone)]
    if len(spans) - 1 in gone and _comma(text, spans[-1][1]) is None:
        found += _last_comma(text, spans, gone, found[-1].start, keep=keep_comma)
    left = [span for number, span in enumerate(spans) if number not in gone]
    if keep_comma and len(left) == 1 and _comma(text, left[0][1]) is None:
        found.append(Splice(left[0][1], left[0][1], ","))
    return found


def _runs(gone: Collection[int]) -> list[tuple[int, int]]:
    """The numbers as (first, last) of neighbours."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(gone)):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _run(text: str, spans: Sequence[Span], first: int, last: int) -> Splice:
    start, end = spans[first][0], spans[last][1]
    comma = _comma(text, end)
    after = end if comma is None else comma + 1
    if _alone(text, start, after):
        return Splice(_line_start(text, start), _next_line(text, after), "")
    is_last = last + 1 == len(spans)
    if not is_last and not _LINE_END.search(text, after, spans[last + 1][0]):
        return Splice(start, spans[last + 1][0], "")
    if first and not _LINE_END.search(text, spans[first - 1][1], start):
        return Splice(_back(text, start), after, "")
    if is_last and first and "#" not in text[spans[first - 1][1] : start]:
        return Splice((_comma(text, spans[first - 1][1]) or start - 1) + 1, after, "")
    return Splice(start, after if is_last else spans[last + 1][0], "")


def _last_comma(
    text: str, spans: Sequence[Span], gone: Collection[int], before: int, *, keep: bool
) -> list[Splice]:
    """The comma of what is last now, where the one that was last had none."""
    left = [number for number in range(len(spans)) if number not in gone]
    comma = _comma(text, spans[left[-1]][1])
    if comma is None or comma >= before or (keep and len(left) == 1):
        return []
    return [Splice(_back(text, comma), comma + 1, "")]


def _all(text: str, spans: Sequence[Span]) -> Splice:
    """Everything between the brackets but comments."""
    first, last = spans[0][0], spans[-1][1]
    comma = _comma(text, last)
    end = last if comma is None else comma + 1
    back = _back(text, first, lines=True)
    bare = text[back - 1 : back] in ("(", "[", "{") and "#" not in text[_line_start(text, back) : back]
    rest = re.compile(r"\s*").match(text, end)
    return Splice(back if bare else first, rest.end() if rest else end, "")


def _comma(text: str, end: int) -> int | None:
    """The comma behind an element, past white space and comments."""
    found = _GAP.match(text, end)
    place = found.end() if found else end
    return place if text[place : place + 1] == "," else None


def _alone(text: str, start: int, end: int) -> bool:
    """Whether the lines of ``[start, end)`` hold nothing else but a comment behind it."""
    before = text[_line_start(text, start) : start]
    behind = text[end : _line_end(text, end)].strip()
    return not before.strip() and (not behind or behind.startswith("#"))


def _back(text: str, place: int, *, lines: bool = False) -> int:
    signs = " \t\r\n" if lines else " \t"
    while place > 0 and text[place - 1] in signs:
        place -= 1
    return place


def _line_start(text: str, place: int) -> int:
    return max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1


def _line_end(text: str, place: int) -> int:
    found = _LINE_END.search(text, place)
    return found.start() if found else len(text)


def _next_line(text: str, place: int) -> int:
    found = _LINE_END.search(text, place)
    return found.end() if found else len(text)
