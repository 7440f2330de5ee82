# ruff: noqa: PTH118, PTH123, PTH202, UP006, UP035
"""Data files that the tests have opened: an expected value that stands in one of them is found by its value."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Iterator, List, Tuple

from ._sources import Leaf, Unclear
from ._values import data_text, same

SUFFIXES = (".json", ".yaml", ".yml")
_LARGEST = 4_000_000


class Documents:
    """Files by path, read when asked; ``opened`` grows while the tests run."""

    def __init__(self, root: str) -> None:
        self._root = os.path.join(root, "")
        self._read: Dict[str, Any] = {}
        self.opened: Dict[str, None] = {}

    def note(self, path: str) -> None:
        """A file was opened."""
        if path.endswith(SUFFIXES):
            full = os.path.realpath(path)
            if full.startswith(self._root):
                self.opened[full] = None

    def leaves(self, expected: Any, actual: Any) -> List[Leaf]:
        """What has to change where ``expected`` stands; it has to stand in one place only."""
        found = [
            (file, path) for file in list(self.opened) for path in _places(self._content(file), expected)
        ]
        if len(found) != 1:
            where = "in more than one place" if found else "in no data file that was opened"
            raise Unclear(f"the expected value comes from a call, and stands {where}")
        file, path = found[0]
        differences = list(_differences(path, expected, actual))
        return [Leaf(file, data_text(was), data_text(now), path=list(at)) for at, was, now in differences]

    def _content(self, file: str) -> Any:
        if file not in self._read:
            try:
                if os.path.getsize(file) > _LARGEST:
                    raise ValueError(file)
                with open(file, encoding="utf-8-sig") as opened:
                    self._read[file] = _parsed(file, opened.read())
            except (OSError, ValueError):
                self._read[file] = None
        return self._read[file]


def _parsed(file: str, text: str) -> Any:
    if file.endswith(".json"):
        return json.loads(text)
    try:
        import yaml
    except ImportError:
        raise ValueError("no YAML here") from None
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        raise ValueError("not YAML") from None


def _places(content: Any, wanted: Any, path: Tuple[Any, ...] = ()) -> Iterator[Tuple[Any, ...]]:
    if same(content, wanted):
        yield path
        return
    children: Any = ()
    if isinstance(content, dict):
        children = content.items()
    elif isinstance(content, list):
        children = enumerate(content)
    for key, child in children:
        yield from _places(child, wanted, (*path, key))


def _differences(path: Tuple[Any, ...], was: Any, now: Any) -> Iterator[Tuple[Tuple[Any, ...], Any, Any]]:
    if same(was, now):
        return
    if isinstance(was, dict) and isinstance(now, dict) and set(was) == set(now):
        for key in was:
            yield from _differences((*path, key), was[key], now[key])
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for number, one in enumerate(was):
            yield from _differences((*path, number), one, now[number])
    elif type(was) is type(now) and not isinstance(was, (dict, list)):
        yield path, was, now
    else:
        raise Unclear("it is of another form now")
