"""TypeScript types of the application's models, from the JSON Schema that Pydantic gives.

Types say less than a schema: no bounds, no patterns, and that other keys are forbidden is said by nothing. An
integer is a ``number``, which is exact up to 2^53.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from bravo_agent.artifacts._exported import Exported, comment, exported, literal, property_key, untold
from bravo_agent.artifacts._given import Files, Given
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
    Property,
    Ref,
    Row,
    Table,
    Text,
    Truth,
    Union,
)

_HEADER = """\
// Types of the application's models. X is what the application writes, XInput what it reads.
// Decimals are written as text. An integer is a number: beyond 2^53 (Number.MAX_SAFE_INTEGER) it is not exact.
"""


@dataclass(frozen=True)
class TypeScript:
    """The kind ``typescript``."""

    regenerated: bool = True

    def files(self, given: Given, folder: str) -> Files:
        """The one file that ``folder`` names."""
        return {folder: declarations(exported(given.definitions()))}


def declarations(found: Sequence[Exported]) -> str:
    """A module of all of them, in the order given."""
    types = Types({one.name: one.definition.node for one in found})
    return "\n".join([_HEADER, *(_declaration(one, types) for one in found)])


def _declaration(one: Exported, types: Types) -> str:
    definition, node = one.definition, one.definition.node
    if one.same_as:
        return f"export type {one.name} = {one.same_as};\n"
    head = comment([definition.description, *(["@deprecated"] if definition.deprecated else [])])
    if isinstance(node, Object):
        return f"{head}export interface {one.name} {types.body(node)}\n"
    return f"{head}export type {one.name} = {types.text(node)};\n"


@dataclass(frozen=True)
class Types:
    """The types of nodes, where ``named`` are the definitions by their exported names."""

    named: Mapping[str, Node]

    def text(self, node: Node) -> str:
        """The type of ``node``."""
        match node:
            case Anything():
                return "unknown"
            case Never():
                return "never"
            case Null():
                return "null"
            case Truth():
                return "boolean"
            case Literals(values):
                return " | ".join(map(literal, values))
            case Text():
                return "string"
            case Number():
                return "number"
            case Array(item):
                return f"{self._bracketed(item)}[]"
            case Row():
                return self._row(node)
            case Table():
                return self._table(node)
            case Object():
                return self.body(node, "  ")
            case Union():
                return " | ".join(dict.fromkeys(self._member(one, node.tag) for one in node.members))
            case Both(members):
                return " & ".join(map(self._bracketed, members))
            case Ref(name):
                return name
        assert_never(node)

    def body(self, node: Object, indent: str = "") -> str:
        """The type of an object, in braces."""
        lines = [self._property(one, f"{indent}  ") for one in node.properties]
        if node.extra not in (None, Never()):
            lines.append(f"{indent}  [key: string]: {self._extra(node)};\n")
        return "{\n" + "".join(lines) + f"{indent}}}" if lines else "{}"

    def _bracketed(self, node: Node) -> str:
        compound = isinstance(node, Both | Union) or (isinstance(node, Literals) and len(node.values) > 1)
        return f"({self.text(node)})" if compound else self.text(node)

    def _row(self, node: Row) -> str:
        optional = [f"{self._bracketed(one)}?" for one in node.first[node.least :]]
        rest = [] if node.rest is None else [f"...{self._bracketed(node.rest)}[]"]
        return f"[{', '.join([*map(self.text, node.first[: node.least]), *optional, *rest])}]"

    def _table(self, node: Table) -> str:
        value, named = self.text(node.value), isinstance(node.key, Ref | Literals)
        if node.key is None or not named:
            return f"{{ [key: string]: {value} }}"
        return f"{{ [key in {self.text(node.key)}]?: {value} }}"

    def _member(self, node: Node, tag: str | None) -> str:
        """A member of a union; the tag that tells it is there even where the model has a default for it."""
        text = f"({self.text(node)})" if isinstance(node, Both) else self.text(node)
        found = untold(node, tag, self.named)
        return f"({{ {property_key(found.name)}: {self.text(found.node)} }} & {text})" if found else text

    def _property(self, one: Property, indent: str) -> str:
        said = [one.description, *(["@deprecated"] if one.deprecated else [])]
        if one.default is not None:
            said.append(f"@default {one.default.text}")
        name = f"{'readonly ' if one.read_only else ''}{property_key(one.name)}{'' if one.required else '?'}"
        return f"{comment(said, indent)}{indent}{name}: {self.text(one.node)};\n"

    def _extra(self, node: Object) -> str:
        """The type of every key: it has to hold for the named properties too."""
        if node.extra is None or isinstance(node.extra, Anything):
            return "unknown"
        texts = [self.text(node.extra), *(self.text(one.node) for one in node.properties)]
        optional = any(not one.required for one in node.properties)
        return " | ".join(dict.fromkeys([*texts, *(["undefined"] if optional else [])]))


KIND = TypeScript()
