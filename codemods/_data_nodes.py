"""JSON and YAML as values that know where they stand in their text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from json import JSONDecodeError, loads
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

import yaml

_SPACE = re.compile(r"[ \t\r\n]*")
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null|NaN|-?Infinity")


@dataclass(frozen=True)
class DataNode:
    """A value at ``[start, end)``; of an object the ``members`` are (key, start of the key, node), of a list items."""

    start: int
    end: int
    kind: str  # object, list, value
    value: Any = None
    members: tuple[tuple[str, int, DataNode], ...] = ()
    items: tuple[DataNode, ...] = ()

    def member(self, key: str) -> DataNode | None:
        """The node of a key; of a key that is there twice the last, which is the one that counts."""
        return next((node for name, _, node in reversed(self.members) if name == key), None)

    def walk(self) -> Iterator[DataNode]:
        """This one and all inside of it, outer ones first."""
        yield self
        for _, _, node in self.members:
            yield from node.walk()
        for node in self.items:
            yield from node.walk()


def data_tree(file: str, text: str) -> DataNode | None:
    """The only document of a file; None where it does not parse, or holds another number of documents."""
    try:
        if file.endswith((".yaml", ".yml")):
            found = yaml.compose(text, Loader=yaml.SafeLoader)
            return None if found is None else _from_yaml(found, {})
        return _Json(text).document()
    except (ValueError, RecursionError, yaml.YAMLError):
        return None


def at(node: DataNode, path: Sequence[str | int]) -> DataNode | None:
    """The node that ``path`` leads to."""
    for step in path:
        if isinstance(step, int) and node.kind == "list" and step < len(node.items):
            node = node.items[step]
        elif node.kind == "object" and (found := node.member(str(step))) is not None:
            node = found
        else:
            return None
    return node


class _Json:
    """One document; raises ``ValueError``."""

    def __init__(self, text: str) -> None:
        self._text = text

    def document(self) -> DataNode:
        node = self._node(self._skip(0))
        if self._skip(node.end) != len(self._text):
            raise ValueError("more than one document")
        return node

    def _skip(self, place: int) -> int:
        found = _SPACE.match(self._text, place)
        return found.end() if found else place

    def _node(self, start: int) -> DataNode:
        sign = self._text[start : start + 1]
        if sign == "{":
            return self._object(start)
        if sign == "[":
            return self._list(start)
        if sign == '"':
            value, end = self._string(start)
            return DataNode(start, end, "value", value)
        found = _PLAIN.match(self._text, start)
        if found is None:
            raise ValueError("not JSON")
        return DataNode(start, found.end(), "value", loads(found[0]))

    def _string(self, start: int) -> tuple[str, int]:
        try:
            value, end = scanstring(self._text, start + 1, True)
        except JSONDecodeError as error:
            raise ValueError(str(error)) from None
        return value, end

    def _object(self, start: int) -> DataNode:
        members: list[tuple[str, int, DataNode]] = []
        place = self._skip(start + 1)
        while self._text[place : place + 1] != "}":
            if members:
                place = self._after(place, ",")
            key, end = self._string(place) if self._text[place : place + 1] == '"' else self._refuse()
            node = self._node(self._after(self._skip(end), ":"))
            members.append((key, place, node))
            place = self._skip(node.end)
        return DataNode(start, place + 1, "object", members=tuple(members))

    def _list(self, start: int) -> DataNode:
        items: list[DataNode] = []
        place = self._skip(start + 1)
        while self._text[place : place + 1] != "]":
            if items:
                place = self._after(place, ",")
            node = self._node(place)
            items.append(node)
            place = self._skip(node.end)
        return DataNode(start, place + 1, "list", items=tuple(items))

    def _after(self, place: int, sign: str) -> int:
        if self._text[place : place + 1] != sign:
            self._refuse()
        return self._skip(place + 1)

    def _refuse(self) -> tuple[str, int]:
        raise ValueError("not JSON")


def _from_yaml(node: yaml.Node, known: dict[int, DataNode]) -> DataNode:
    """Anchored nodes come back as the same one, a node inside of itself as nothing."""
    if id(node) in known:
        return known[id(node)]
    start, end = node.start_mark.index, node.end_mark.index
    known[id(node)] = DataNode(start, start, "value")
    if isinstance(node, yaml.MappingNode):
        members = tuple(
            (str(key.value), key.start_mark.index, _from_yaml(value, known))
            for key, value in node.value
            if isinstance(key, yaml.ScalarNode)
        )
        found = DataNode(start, end, "object", members=members)
    elif isinstance(node, yaml.SequenceNode):
        found = DataNode(start, end, "list", items=tuple(_from_yaml(one, known) for one in node.value))
    else:
        loader = yaml.SafeLoader("")
        try:
            value = loader.construct_object(node)
        finally:
            loader.dispose()
        found = DataNode(start, end, "value", value)
    known[id(node)] = found
    return found
