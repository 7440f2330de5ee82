"""Members of objects in JSON and YAML files, with their places in the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from codemods._removal import without
from codemods._splice import Splice
from codemods._values import LeftAlone

_JSON = re.compile(r'"(?:[^"\\\n]|\\.)*"|[{}\[\],:]|[^\s"{}\[\],:]+')


@dataclass
class Members:
    """One object: its keys, and where each member begins and ends; ``block``: of YAML's form without brackets."""

    keys: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    block: bool = False
    opened: bool = True


def members(file: str, text: str) -> list[Members]:
    """All objects of the file; raises ``LeftAlone`` where it cannot be read."""
    if file.endswith((".yaml", ".yml")):
        try:
            nodes = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
        except yaml.YAMLError:
            raise LeftAlone("the file cannot be read as YAML") from None
        return [one for node in nodes for one in _in_yaml(node, text, set())]
    return _in_json(text)


def member_at(found: list[Members], offset: int) -> tuple[Members, int]:
    """The member whose key is at ``offset``; raises ``LeftAlone``."""
    for one in found:
        for number, (start, _) in enumerate(one.spans):
            if start <= offset <= start + len(one.keys[number]) + 1:
                return one, number
    raise LeftAlone("no key stands there any more")


def without_member(text: str, found: Members, number: int) -> list[Splice]:
    """Splices that take the member out; raises ``LeftAlone`` where that cannot be done by lines alone."""
    if not found.block:
        return without(text, found.spans, {number})
    if len(found.spans) == 1:
        raise LeftAlone("nothing would be left of the mapping", text.count("\n", 0, found.spans[0][0]) + 1)
    start, end = found.spans[number]
    head = text[text.rfind("\n", 0, start) + 1 : start]
    if head.strip():  # "- key: value": what follows takes its place
        if number + 1 == len(found.spans):
            raise LeftAlone("the line begins with something else", text.count("\n", 0, start) + 1)
        return [Splice(start, found.spans[number + 1][0], "")]
    line_end = text.find("\n", end)
    at_line_start = text[end - 1 : end] == "\n"
    after = end if at_line_start else len(text) if line_end < 0 else line_end + 1
    return [Splice(start - len(head), after, "")]


def _in_json(text: str) -> list[Members]:
    found: list[Members] = []
    stack: list[Members | None] = []
    last, is_key = 0, False
    for token in _JSON.finditer(text):
        sign = token[0]
        here = stack[-1] if stack else None
        if sign in "{[":
            stack.append(Members() if sign == "{" else None)
            is_key = sign == "{"
        elif sign in "}],":
            if here is not None and here.spans and here.opened is False:
                here.spans[-1] = (here.spans[-1][0], last)
                here.opened = True
            if sign != "," and stack:
                closed = stack.pop()
                if closed is not None:
                    found.append(closed)
            is_key = sign == "," and here is not None
        elif is_key and here is not None and sign.startswith('"'):
            here.keys.append(_said(sign))
            here.spans.append((token.start(), token.end()))
            here.opened, is_key = False, False
        last = token.end()
    return found


def _said(literal: str) -> str:
    try:
        return str(json.loads(literal))
    except ValueError:
        return literal[1:-1]


def _in_yaml(node: yaml.Node | None, text: str, seen: set[int]) -> Iterator[Members]:
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        found = Members(block=not node.flow_style)
        for key, value in node.value:
            found.keys.append(str(key.value) if isinstance(key, yaml.ScalarNode) else "")
            found.spans.append((key.start_mark.index, _end(value, text)))
        yield found
        for key, value in node.value:
            yield from _in_yaml(key, text, seen)
            yield from _in_yaml(value, text, seen)
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _in_yaml(one, text, seen)


def _end(node: yaml.Node, text: str) -> int:
    """Where what is written of a value ends: a block's own end is behind the comments that follow it."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1], text)
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1], text)
    end: int = node.end_mark.index
    return end
