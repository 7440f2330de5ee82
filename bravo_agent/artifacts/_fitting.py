"""Whether a default is a value of its type: Pydantic does not look, and ``x: int = None`` is not rare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from bravo_agent.artifacts._nodes import (
    Anything,
    Array,
    Both,
    Literals,
    Never,
    Node,
    Null,
    Number,
    Object,
    Ref,
    Row,
    Table,
    Text,
    Truth,
    Union,
)


def fits(node: Node, value: Any, named: Mapping[str, Node]) -> bool:
    """Whether ``value`` has the type of ``node``, whole and with no key too many; bounds do not count."""
    match node:
        case Anything():
            return True
        case Never() | Both():
            return False
        case Null():
            return value is None
        case Truth():
            return isinstance(value, bool)
        case Literals(values):
            return any(type(one) is type(value) and one == value for one in values)
        case Text():
            return isinstance(value, str)
        case Number(whole):
            return isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        case Array(item):
            return isinstance(value, list) and all(fits(item, one, named) for one in value)
        case Row(first, _, rest):
            return isinstance(value, list) and _row(first, rest, value, named)
        case Table(inner, key):
            return (
                isinstance(value, dict) and key is None and all(fits(inner, v, named) for v in value.values())
            )
        case Object():
            return isinstance(value, dict) and _object(node, value, named)
        case Union(members):
            return any(fits(member, value, named) for member in members)
        case Ref(name):
            return fits(named[name], value, named)
    assert_never(node)


def _row(first: tuple[Node, ...], rest: Node | None, value: list[Any], named: Mapping[str, Node]) -> bool:
    if len(value) < len(first) or (rest is None and len(value) > len(first)):
        return False
    kinds = [*first, *[rest] * (len(value) - len(first))]
    return all(kind is not None and fits(kind, one, named) for kind, one in zip(kinds, value, strict=True))


def _object(node: Object, value: dict[str, Any], named: Mapping[str, Node]) -> bool:
    wanted = {one.name: one.node for one in node.properties}
    return value.keys() == wanted.keys() and all(fits(wanted[key], value[key], named) for key in value)
