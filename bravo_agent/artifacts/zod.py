"""Zod 4 schemas of the application's models, from the JSON Schema that Pydantic gives.

They accept what that schema accepts. What it does not say (validators of the model's own, the digits of a Decimal)
they do not say either.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, assert_never

from bravo_agent.artifacts._exported import (
    Exported,
    comment,
    exported,
    in_order,
    is_recursive,
    literal,
    property_key,
    untold,
)
from bravo_agent.artifacts._fitting import fits
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
    refs,
    without_null,
)
from bravo_agent.artifacts._zod_types import is_tagged, type_of
from bravo_agent.artifacts._zod_words import HELPERS, bounds, literals_code, number_code, text_code

_HEADER = """\
// Zod 4 schemas of the application's models. XSchema is what the application writes, XInputSchema what it reads.
// An integer beyond 2^53 is refused: a number cannot hold it.
import * as z from "zod";
"""


@dataclass(frozen=True)
class Zod:
    """The kind ``zod``."""

    regenerated: bool = True

    def files(self, given: Given, folder: str) -> Files:
        """The one file that ``folder`` names."""
        return {folder: schemas(exported(given.definitions()))}


def schemas(found: Sequence[Exported]) -> str:
    """A module of all of them, each after what it refers to."""
    named = {one.name: one.definition.node for one in found}
    body = []
    for group in in_order(found):
        circle = frozenset(one.name for one in group) if is_recursive(group) else frozenset[str]()
        body += [_declaration(one, _Schemas(named, circle, one.name)) for one in group]
    needed = [text for name, text in HELPERS.items() if any(re.search(rf"\b{name}\b", one) for one in body)]
    return "\n".join([_HEADER, *needed, *body])


def _declaration(one: Exported, schemas: _Schemas) -> str:
    definition, node = one.definition, one.definition.node
    if one.same_as:
        return f"export const {one.name}Schema = {one.same_as}Schema;\n"
    head = comment([definition.description, *(["@deprecated"] if definition.deprecated else [])])
    name = f"export const {one.name}Schema"
    if schemas.circle and not isinstance(node, Object):
        # TypeScript cannot infer the type of what stands for itself and is no object
        return f"{head}{name}: z.ZodType<unknown> = z.lazy(() => {schemas.code(node)});\n"
    return f"{head}{name} = {schemas.code(node)};\n"


@dataclass(frozen=True)
class _Schemas:
    """Emits nodes of the definition ``place``; it and those of ``circle`` refer to one another."""

    named: Mapping[str, Node]
    circle: frozenset[str]
    place: str

    def code(self, node: Node) -> str:
        """The schema of ``node`` as an expression."""
        inner, nullable = without_null(node)
        return f"{self._code(inner)}.nullable()" if nullable else self._code(node)

    def _code(self, node: Node) -> str:
        match node:
            case Anything():
                return "z.unknown()"
            case Never():
                return "z.never()"
            case Null():
                return "z.null()"
            case Truth():
                return "z.boolean()"
            case Literals():
                return literals_code(node)
            case Text():
                return text_code(node, self.place)
            case Number():
                return number_code(node)
            case Array():
                return self._array(node)
            case Row():
                return self._row(node)
            case Table():
                return self._table(node)
            case Object():
                return self._object(node)
            case Union():
                return self._union(node)
            case Both(members):
                codes = [self.code(one) for one in members]
                return reduce(lambda one, other: f"z.intersection({one}, {other})", codes)
            case Ref(name):
                return f"{name}Schema"
        assert_never(node)

    def _array(self, node: Array) -> str:
        code = f"z.array({self.code(node.item)})"
        code += f".min({node.least})" if node.least else ""
        code += f".max({node.most})" if node.most is not None else ""
        return (
            f'{code}.refine(_unique, "no item twice").meta({{ uniqueItems: true }})' if node.unique else code
        )

    def _row(self, node: Row) -> str:
        first = [self.code(one) for one in node.first[: node.least]]
        first += [f"{self.code(one)}.optional()" for one in node.first[node.least :]]
        rest = "" if node.rest is None else f", {self.code(node.rest)}"
        return f"z.tuple([{', '.join(first)}]{rest})"

    def _table(self, node: Table) -> str:
        value, labels = self.code(node.value), self._labels(node.key)
        key = "z.string()" if node.key is None else self.code(node.key)
        if labels:
            # unlike z.record with an enum, a model does not ask for all of them
            texts = all(isinstance(one, str) for one in labels)
            key = key if texts else literals_code(Literals(tuple(str(one) for one in labels)))
            code = f"z.partialRecord({key}, {value})"
        else:
            code = f"z.record({key}, {value})"
        if not node.least and node.most is None:
            return code
        return code + bounds("_keys", node.least, node.most, "keys", ("minProperties", "maxProperties"))

    def _labels(self, key: Node | None) -> tuple[Any, ...]:
        found = self.named[key.name] if isinstance(key, Ref) else key
        return found.values if isinstance(found, Literals) else ()

    def _object(self, node: Object) -> str:
        lines = "".join(self._property(one) for one in node.properties)
        body = f"{{\n{lines}}}" if lines else "{}"
        if node.extra == Never():
            return f"z.strictObject({body})"
        if isinstance(node.extra, Anything):
            return f"z.looseObject({body})"
        if node.extra is None:
            return f"z.object({body})"
        extra = self.code(node.extra)
        late = f"z.lazy((): z.ZodType => {extra})" if self._late(node.extra) else extra
        return f"z.object({body}).catchall({late})"

    def _late(self, node: Node) -> bool:
        return any(name in self.circle for name in refs(node))

    def _property(self, one: Property) -> str:
        code, key = self.code(one.node) + self._missing(one), property_key(one.name)
        key = f"[{key}]" if one.name == "__proto__" else key
        head = comment([one.description, *(["@deprecated"] if one.deprecated else [])], "  ")
        if not self._late(one.node):
            return f"{head}  {key}: {code},\n"
        told = type_of(one.node, self.named)
        if not one.required:
            told = f"z.{'ZodDefault' if '.default(' in self._missing(one) else 'ZodOptional'}<{told}>"
        return f"{head}  get {key}(): {told} {{\n    return {code};\n  }},\n"

    def _missing(self, one: Property) -> str:
        if one.required:
            return ""
        if one.default is None or not fits(one.node, json.loads(one.default.text), self.named):
            return ".optional()"
        return f".default({one.default.text})"

    def _union(self, node: Union) -> str:
        members = [self._member(one, node.tag) for one in node.members]
        if node.tag is not None and all(is_tagged(one, node.tag, self.named) for one in node.members):
            return f"z.discriminatedUnion({literal(node.tag)}, [{', '.join(members)}])"
        return f"z.union([{', '.join(dict.fromkeys(members))}])"

    def _member(self, node: Node, tag: str | None) -> str:
        """A member of a union; the tag that tells it is there even where the model has a default for it."""
        found = untold(node, tag, self.named)
        if found is None:
            return self.code(node)
        return f"{self.code(node)}.extend({{ {property_key(found.name)}: {self.code(found.node)} }})"


KIND = Zod()
