"""The types of Zod's schemas: TypeScript has to be told them where schemas refer to one another in a circle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from bravo_agent.artifacts._exported import literal, untold
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
    without_null,
)
from bravo_agent.artifacts._zod_words import literals_type, text_type


def type_of(node: Node, named: Mapping[str, Node]) -> str:
    """The type of the schema that ``zod`` writes for ``node``."""
    inner, nullable = without_null(node)
    return f"z.ZodNullable<{_type(inner, named)}>" if nullable else _type(node, named)


def _type(node: Node, named: Mapping[str, Node]) -> str:
    match node:
        case Anything():
            return "z.ZodUnknown"
        case Never():
            return "z.ZodNever"
        case Null():
            return "z.ZodNull"
        case Truth():
            return "z.ZodBoolean"
        case Literals():
            return literals_type(node)
        case Text():
            return text_type(node)
        case Number(whole):
            return "z.ZodInt" if whole else "z.ZodNumber"
        case Array(item):
            return f"z.ZodArray<{type_of(item, named)}>"
        case Row():
            return _row(node, named)
        case Table(value, key):
            return _table(value, key, named)
        case Object():
            return "z.ZodType<unknown>"
        case Union():
            return _union(node, named)
        case Both(members):
            found = type_of(members[0], named)
            for one in members[1:]:
                found = f"z.ZodIntersection<{found}, {type_of(one, named)}>"
            return found
        case Ref(name):
            return f"typeof {name}Schema"
    assert_never(node)


def is_tagged(node: Node, tag: str, named: Mapping[str, Node]) -> bool:
    """Whether ``tag`` of ``node`` is one of some literals: what ``z.discriminatedUnion`` needs."""
    found = named[node.name] if isinstance(node, Ref) else node
    if isinstance(found, Union):
        return all(is_tagged(one, tag, named) for one in found.members)
    if not isinstance(found, Object):
        return False
    value = next((one.node for one in found.properties if one.name == tag), None)
    return isinstance(named[value.name] if isinstance(value, Ref) else value, Literals)


def _row(node: Row, named: Mapping[str, Node]) -> str:
    first = [type_of(one, named) for one in node.first[: node.least]]
    first += [f"z.ZodOptional<{type_of(one, named)}>" for one in node.first[node.least :]]
    return (
        f"z.ZodTuple<[{', '.join(first)}], {type_of(node.rest, named) if node.rest is not None else 'null'}>"
    )


def _table(value: Node, key: Node | None, named: Mapping[str, Node]) -> str:
    found = named[key.name] if isinstance(key, Ref) else key
    if isinstance(found, Literals):
        # what it is called in Zod's own types is not public
        return "z.ZodType<Record<string, unknown>>"
    told = "z.ZodString" if key is None else type_of(key, named)
    return f"z.ZodRecord<{told}, {type_of(value, named)}>"


def _union(node: Union, named: Mapping[str, Node]) -> str:
    if any(untold(one, node.tag, named) for one in node.members):
        return "z.ZodType<unknown>"
    members = ", ".join(dict.fromkeys(type_of(one, named) for one in node.members))
    if node.tag is not None and all(is_tagged(one, node.tag, named) for one in node.members):
        return f"z.ZodDiscriminatedUnion<[{members}], {literal(node.tag)}>"
    return f"z.ZodUnion<[{members}]>"
