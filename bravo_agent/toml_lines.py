"""On which lines of a TOML text entries stand. tomllib does not say, nor does tomlkit.

Found by headers and keys as people write them. What is written in another way (an inline array, a quoted header)
has no line: a reader is then told the entry's number, never a wrong line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\s-]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*(["']?)([\w.-]+)\1\s*=""")


def entry_lines(text: str, arrays: Mapping[str, int], tables: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """``rules.0`` or ``kinds.new_field`` -> line, from 1; by the last part of the header's name.

    ``arrays``: how many entries each array of tables has (``policy.rules``); ``tables``: the keys of each table
    (``policy.kinds``). Where the text seems to have more or fewer, a string only looks like an entry: then none
    of that array or key has a line.
    """
    found: dict[str, list[int]] = {}
    for name, line in _entries(text):
        found.setdefault(name, []).append(line)
    lines: dict[str, int] = {}
    for array, count in arrays.items():
        places = found.get(array, [])
        if len(places) == count:
            lines |= {f"{_last(array)}.{number}": line for number, line in enumerate(places)}
    for table, keys in tables.items():
        for key in keys:
            places = found.get(f"{table}.{key}", [])
            if len(places) == 1:
                lines[f"{_last(table)}.{key}"] = places[0]
    return lines


def _entries(text: str) -> Iterator[tuple[str, int]]:
    """(dotted name, line) of each header of an array of tables, and of each key."""
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            table = re.sub(r"\s", "", header[2])
            if header[1] == "[[":
                yield table, number
        elif key := _KEY.match(line):
            yield f"{table}.{key[2]}" if table else key[2], number


def _last(name: str) -> str:
    return name.rpartition(".")[2]
