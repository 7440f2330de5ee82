"""JSON and YAML as values that know where their keys stand."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from bravo_agent.model.code import Token
from codemods._finding.lines import line_starts

_SPACE = re.compile(r"\s*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_SCALAR = re.compile(r"-?\d[\d.eE+-]*|true|false|null|NaN|-?Infinity")
_DEEPEST = 200


class NotReadable(Exception):
    """The text is not what its name says."""


@dataclass(eq=False)
class Value:
    """``kind``: object, list, text or plain; of an object each key with its token, None where it has no own one."""

    kind: str
    keys: list[tuple[str, Token | None, Value]] = field(default_factory=list)
    items: list[Value] = field(default_factory=list)


def read_values(file: str, text: str) -> list[Value]:
    """The documents of a file; raises ``NotReadable``."""
    if file.endswith((".yaml", ".yml")):
        return _Yaml(file, text).documents()
    return _Json(file, text).documents()


class _Places:
    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self.text = text
        self._starts = line_starts(text)

    def token(self, begin: int, name: str) -> Token | None:
        """The token of ``name`` at ``begin``, where it is written out there."""
        if not self.text.startswith(name, begin):
            return None
        line = bisect_right(self._starts, begin)
        column = begin - self._starts[line - 1]
        return Token(self._file, line, column, column + len(name))


class _Json:
    def __init__(self, file: str, text: str) -> None:
        self._places = _Places(file, text)
        self._text = text
        self._at = 0

    def documents(self) -> list[Value]:
        """One, or one after the other as in files of lines."""
        found: list[Value] = []
        self._skip()
        while self._at < len(self._text):
            found.append(self._value(0))
            self._skip()
        return found

    def _skip(self) -> None:
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space is not None else self._at

    def _value(self, depth: int) -> Value:
        sign = self._text[self._at : self._at + 1]
        if depth > _DEEPEST:
            raise NotReadable
        if sign == "{":
            return self._object(depth)
        if sign == "[":
            return self._list(depth)
        found = (_STRING if sign == '"' else _SCALAR).match(self._text, self._at)
        if found is None:
            raise NotReadable
        self._at = found.end()
        return Value("text" if sign == '"' else "plain")

    def _object(self, depth: int) -> Value:
        value = Value("object")
        for _ in self._parts("}"):
            found = _STRING.match(self._text, self._at)
            if found is None:
                raise NotReadable
            key = json.loads(found.group(), strict=False)
            token = self._places.token(found.start() + 1, key)
            self._at = found.end()
            self._expect(":")
            value.keys.append((key, token, self._value(depth + 1)))
        return value

    def _list(self, depth: int) -> Value:
        value = Value("list")
        for _ in self._parts("]"):
            value.items.append(self._value(depth + 1))
        return value

    def _parts(self, closing: str) -> Iterator[None]:
        """Stops at each part of what is open; ends behind ``closing``."""
        self._at += 1
        self._skip()
        if self._text[self._at : self._at + 1] == closing:
            self._at += 1
            return
        while True:
            yield
            self._skip()
            sign = self._text[self._at : self._at + 1]
            self._at += 1
            if sign == closing:
                return
            if sign != ",":
                raise NotReadable
            self._skip()

    def _expect(self, sign: str) -> None:
        self._skip()
        if self._text[self._at : self._at + 1] != sign:
            raise NotReadable
        self._at += 1
        self._skip()


class _Yaml:
    def __init__(self, file: str, text: str) -> None:
        self._places = _Places(file, text)
        self._text = text
        self._known: dict[int, Value] = {}

    def documents(self) -> list[Value]:
        """All documents; what an alias names is the same value again."""
        try:
            nodes = [
                node for node in yaml.compose_all(self._text, Loader=yaml.SafeLoader) if node is not None
            ]
        except (yaml.YAMLError, RecursionError, ValueError):
            raise NotReadable from None
        return [self._value(node) for node in nodes]

    def _value(self, node: yaml.Node) -> Value:
        known = self._known.get(id(node))
        if known is not None:
            return known
        if isinstance(node, yaml.MappingNode):
            value = self._known[id(node)] = Value("object")
            for key, inner in node.value:
                self._key(value, key, self._value(inner))
            return value
        if isinstance(node, yaml.SequenceNode):
            value = self._known[id(node)] = Value("list")
            value.items += [self._value(one) for one in node.value]
            return value
        return Value("text" if node.tag == "tag:yaml.org,2002:str" else "plain")

    def _key(self, value: Value, key: yaml.Node, inner: Value) -> None:
        if not isinstance(key, yaml.ScalarNode):
            return
        if key.tag == "tag:yaml.org,2002:merge":
            given = inner.items if inner.kind == "list" else [inner]
            own = {name for name, _, _ in value.keys}
            value.keys += [one for base in given for one in base.keys if one[0] not in own]
            return
        begin: int = key.start_mark.index
        if self._text[begin : begin + 1] in ("'", '"'):
            begin += 1
        value.keys.append((str(key.value), self._places.token(begin, str(key.value)), inner))
