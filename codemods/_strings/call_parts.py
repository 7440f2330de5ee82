"""What the tables of known calls are made of."""

from __future__ import annotations

import ast
from collections.abc import Callable

from codemods._strings.graph import Call, Node, load

Known = Callable[[Call, Node], None]
"""Draws the edges of a call; the second is what the method is called on (or what is called)."""


def plain(call: Call) -> Node:
    """A node for something inside of ``call``."""
    return Node("plain", call.file, call.node.lineno)


def inner(call: Call, base: Node, *labels: str) -> Node:
    """What lies in ``base`` under ``labels``."""
    for label in labels:
        base = load(base, label, plain(call))
    return base


def argument(call: Call, place: int, name: str = "") -> Node | None:
    """An argument by place or by name."""
    if name in call.named:
        return call.named[name]
    return call.positional[place] if place < len(call.positional) else None


def key_text(call: Call, place: int = 0) -> str | None:
    """The text that stands there."""
    if place < len(call.node.args):
        match call.node.args[place]:
            case ast.Constant(value=str(text)):
                return text
    return None
