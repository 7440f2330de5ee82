"""What an edit of the whole code is made from, and places in its files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from bravo_agent.model.code import Finding, Occurrence, Token, Unread
from bravo_agent.model.entities import ModelSet
from bravo_agent.model.plan import ManualWork, ModelEdit
from bravo_agent.model.refactor import CodeChange, Treated
from codemods._source import BOM

PROSE = ("comment", "docstring", "text")
DATA = (".json", ".yaml", ".yml")
"""Files of data that are read as what they are."""
OPEN = ("mixed", "unknown")
"""Verdicts that ask for a person."""
_PYTHON = (".py", ".pyi")
_LINES_TOLD = 5
_LINE_END = re.compile(r"\r\n|\r|\n")
_Asked = TypeVar("_Asked", covariant=True)


@dataclass(frozen=True)
class Code:
    """The application, as far as one field is concerned.

    ``read`` gives a file's text with byte order mark and line ends as they are; None where it cannot be edited.
    ``named`` are the Python files that hold a word. ``key``: the document key that the field has after its rename,
    where the application makes it from the name.
    """

    finding: Finding
    models: ModelSet
    read: Callable[[str], str | None]
    named: Callable[[str], Iterable[str]]
    key: str | None = None


@dataclass(frozen=True)
class CodeExample(Generic[_Asked]):
    """Files before and after; in ``before`` a word in «» is a target, in ‹› another thing, in ¿? nobody knows.

    ``after`` is None where nothing is edited; ``why`` is a part of the reason.
    """

    name: str
    request: _Asked
    before: Mapping[str, str]
    after: Mapping[str, str] | None = None
    why: str = ""


class CodeCodemod(Protocol):
    """A file of codemods/ that carries a change through all files that name the field."""

    title: str

    def through(self, code: Code, edit: ModelEdit) -> CodeChange:
        """The patch of all files; done already: an empty one."""
        ...


@dataclass
class Text:
    """A file's text as the finder counts it: lines from 1, columns in code points, no byte order mark."""

    file: str
    whole: str
    text: str = field(init=False)
    _starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.whole.removeprefix(BOM)
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(self.text))]

    def offset(self, token: Token) -> int:
        """Where the token begins; the end of the text where there is no such line."""
        if token.line > len(self._starts):
            return len(self.text)
        return self._starts[token.line - 1] + token.column

    def word(self, token: Token) -> str:
        """What stands there."""
        start = self.offset(token)
        return self.text[start : start + token.end - token.column]

    def with_bom(self, text: str) -> str:
        """``text`` with the byte order mark that the file has."""
        return self.whole[: len(self.whole) - len(self.text)] + text


def by_file(occurrences: Iterable[Occurrence]) -> dict[str, list[Occurrence]]:
    """Sorted by file."""
    found: dict[str, list[Occurrence]] = {}
    for one in sorted(occurrences, key=lambda one: (one.token.file, one.token.line, one.token.column)):
        found.setdefault(one.token.file, []).append(one)
    return found


def work(one: Occurrence, why: str, suggestion: str = "") -> ManualWork:
    """The place as work for a person."""
    return ManualWork(one.token.file, one.token.line, why, suggestion)


def not_known(one: Occurrence) -> str:
    """Why nobody but a person can say what the place means."""
    known = "this is the field on one way and something else on another"
    said = known if one.verdict == "mixed" else "nobody can tell whether this is the field"
    return f"{said} ({one.role}: {one.why or 'only its name is known'})"


def ordered(found: Iterable[ManualWork]) -> tuple[ManualWork, ...]:
    """Each once, by place."""
    return tuple(sorted(set(found), key=lambda one: (one.file, one.line, one.why)))


def treated(finding: Finding, edited: Iterable[Token], by_hand: Iterable[Token]) -> tuple[Treated, ...]:
    """Every occurrence with what became of it."""
    done, left = set(edited), set(by_hand)
    return tuple(
        Treated(one, "edited" if one.token in done else "manual" if one.token in left else "left")
        for one in finding.occurrences
    )


def unread(finding: Finding) -> tuple[ManualWork, ...]:
    """Files that nobody could read and that may use the field, or that hold its name as a key."""
    return tuple(found for one in finding.unread for found in _not_read(one))


def not_editable(found: Iterable[Occurrence], suggestion: str) -> list[ManualWork]:
    """Places of a file whose text is no UTF-8: read by its own encoding, and never written."""
    why = "it means the field, and the file is not in UTF-8, so that it is left as it is"
    return [work(one, why, suggestion) for one in found]


def _not_read(one: Unread) -> Iterator[ManualWork]:
    code = one.may_use and one.file.endswith(_PYTHON)
    if one.may_use and not one.keys:
        yield ManualWork(one.file, 1, f"it was not read: {one.why}")
    for line in one.keys[:_LINES_TOLD]:
        more = len(one.keys) - _LINES_TOLD if line == one.keys[:_LINES_TOLD][-1] else 0
        also = f" (and on {more} more lines)" if more > 0 else ""
        said = (
            f"it was not read: {one.why}; the name stands here" if code else "the name stands here as a key"
        )
        yield ManualWork(one.file, line, f"{said}{also}" if code else f"{said}{also}, and {one.why}")


def left_alone(finding: Finding) -> tuple[str, ...]:
    """A note on each file that names the field and is never edited."""
    return tuple(
        f"{one.file} is left as it is: {one.why}"
        for one in finding.unread
        if not one.may_use and not one.keys
    )
