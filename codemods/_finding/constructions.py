"""Where a class is called in files that nobody edits: notebooks, documentation, Python that is not read or must stay.

By its name alone, as it is written: that is enough to list a place, and never enough to edit it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from bravo_agent.model.code import Unread
from codemods._finding.files import DOCUMENTS, PYTHON, read_repository, text_of
from codemods._finding.keys import code_cells, places_in_cells
from codemods._finding.lines import LINE_END, line_starts
from codemods._finding.positions import parsed

_FENCE = re.compile(r"[ >]{0,6}(`{3,}|~{3,})")
_BLOCK = re.compile(r"(?: {4}|\t| *>>>| *\.\.\. )")
_NOTEBOOK = ".ipynb"
_LONGEST = 5_000
"""Characters of a call that are looked through for what it is given."""


def find_constructions(
    project: Path,
    sources: Sequence[str],
    exclude: Sequence[str],
    names: Collection[str],
    given: str,
    listed: Collection[str] | None = None,
) -> tuple[Unread, ...]:
    """Files that name a class and are never edited, each with why and the lines of calls without ``given``."""
    files = read_repository(project, sources, exclude, names, listed=listed)
    why = {one.file: one.why for one, _ in files.unread}
    why |= dict.fromkeys(files.documents, "it is documentation")
    for file in files.hits:
        read = parsed(files.python[file])
        if isinstance(read, str):
            why[file] = read
        elif not text_of(project, file)[1]:
            why[file] = "it is not in UTF-8"
    calls = _Calls(names, given)
    return tuple(
        Unread(file, said, keys=tuple(calls.lines(file, text_of(project, file)[0])))
        for file, said in sorted(why.items())
        if file.endswith((*PYTHON, *DOCUMENTS, _NOTEBOOK))
    )


class _Calls:
    def __init__(self, names: Collection[str], given: str) -> None:
        classes = "|".join(re.escape(name) for name in sorted(names))
        makes = r"(?:\[[^\]\n]*\])?(?:\.(?:model_)?construct|\.(?:model_validate|parse_obj)(?=\(\s*\{))?"
        self._call = re.compile(rf"(?<!\w)(?<!class )(?<!def )(?:{classes}){makes}\s*\(")
        self._given = re.compile(rf"(?<!\w){re.escape(given)}[\"']?\s*[=:]")

    def lines(self, file: str, text: str) -> Iterator[int]:
        """The lines on which the calls begin."""
        starts = line_starts(text)
        if file.endswith(_NOTEBOOK):
            cells = [cell for cell in code_cells(text) if self._call.search(cell)]
            chosen = {line for cell in cells for line in self._in_cell(cell)}
            places: Iterator[int] = places_in_cells(text, chosen)
        else:
            blocks = _in_blocks(file, text) if file.endswith(DOCUMENTS) else None
            places = (
                place
                for place in self._places(text)
                if blocks is None or bisect_right(starts, place) in blocks
            )
        yield from sorted({bisect_right(starts, place) for place in places})

    def _in_cell(self, cell: str) -> Iterator[str]:
        starts = [*line_starts(cell), len(cell)]
        for place in self._places(cell):
            number = bisect_right(starts, place)
            yield cell[starts[number - 1] : starts[number]]

    def _places(self, text: str) -> Iterator[int]:
        for found in self._call.finditer(text):
            line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
            if "#" not in line and not self._given.search(_arguments(text, found.end())):
                yield found.start()


def _arguments(text: str, start: int) -> str:
    """From an opened bracket to the closing one, however its texts are quoted."""
    depth = 1
    for place in range(start, min(len(text), start + _LONGEST)):
        depth += (text[place] in "([{") - (text[place] in ")]}")
        if depth == 0:
            return text[start:place]
    return text[start : start + _LONGEST]


def _in_blocks(file: str, text: str) -> set[int]:
    """The lines of documentation that are code: between fences, or indented as such."""
    found: set[int] = set()
    fence = ""
    for number, line in enumerate(LINE_END.split(text), 1):
        opened = _FENCE.match(line) if file.endswith(".md") else None
        if opened and (not fence or (opened[1].startswith(fence) and not line.strip(" >`~"))):
            fence = "" if fence else opened[1]
        elif fence or _BLOCK.match(line) or (line.startswith("  ") and not file.endswith(".md")):
            found.add(number)
    return found
