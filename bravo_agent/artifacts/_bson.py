"""Nodes as MongoDB's ``$jsonSchema`` takes them: draft 4, flat, with BSON's types.

Stored values are looked at more kindly than JSON would be: a date-time may be a date, a UUID binary, a Decimal a
Decimal128. What refers to itself cannot be said: it is cut there, and a description says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, assert_never

from bravo_agent.artifacts._exported import untold
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
from bravo_agent.artifacts._patterns import CannotSayError, pcre
from bravo_agent.artifacts._schema_nodes import unsupported

Json = dict[str, Any]
CUT = "recursive: MongoDB's schema cannot say what is below here"
_STORED = {
    "date-time": ["date", "string"],
    "date": ["date", "string"],
    "uuid": ["binData", "string"],
    "uuid4": ["binData", "string"],
    "binary": ["binData", "string"],
}
_NUMBERS = ["int", "long", "double"]
_INT64 = 2**63


@dataclass(frozen=True)
class Bson:
    """Flattens nodes of ``named`` definitions; ``inside`` are those that are being flattened."""

    named: Mapping[str, Node]
    place: str
    inside: frozenset[str] = frozenset()

    def schema(self, node: Node) -> Json:
        """The ``$jsonSchema`` of ``node``."""
        match node:
            case Anything():
                return {}
            case Never():
                return {"not": {}}
            case Null():
                return {"bsonType": "null"}
            case Truth():
                return {"bsonType": "bool"}
            case Literals(values):
                return {"enum": [_number(value) for value in values]}
            case Text():
                return self._text(node)
            case Number():
                return {
                    "bsonType": _NUMBERS,
                    **bounds(node),
                    **({"multipleOf": 1} if _any_whole(node) else {}),
                }
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
                return {"allOf": [self.schema(one) for one in members]}
            case Ref(name):
                return self._ref(name)
        assert_never(node)

    def texts(self, node: Text) -> Json:
        """What a text is held to, besides being one."""
        told: Json = {"minLength": node.least or None, "maxLength": node.most}
        if node.pattern is not None:
            try:
                told["pattern"] = pcre(node.pattern)
            except CannotSayError as error:
                raise unsupported(self.place, f"{error} in a pattern (MongoDB has no word for it)") from None
        return _said(told)

    def _text(self, node: Text) -> Json:
        return {"bsonType": _STORED.get(node.format or "", "string"), **self.texts(node)}

    def _array(self, node: Array) -> Json:
        items = {"items": self.schema(node.item)} if node.item != Anything() else {}
        return {"bsonType": "array", **items, **counts(node)}

    def _row(self, node: Row) -> Json:
        first = [self.schema(one) for one in node.first]
        rest: Any = False if node.rest is None else self.schema(node.rest)
        most = {"maxItems": len(first)} if node.rest is None else {}
        found = {"bsonType": "array", **_said({"minItems": node.least or None}), **most}
        return {**found, "items": first, "additionalItems": rest} if first else found

    def _table(self, node: Table) -> Json:
        found = {
            "bsonType": "object",
            **_said({"minProperties": node.least or None, "maxProperties": node.most}),
        }
        value = self.schema(node.value)
        key = self.named.get(node.key.name) if isinstance(node.key, Ref) else node.key
        if isinstance(key, Literals):
            return {
                **found,
                "properties": {str(one): value for one in key.values},
                "additionalProperties": False,
            }
        pattern = self._keys(key) if isinstance(key, Text) else None
        if pattern is not None:
            return {**found, "patternProperties": {pattern: value}, "additionalProperties": False}
        return {**found, "additionalProperties": value} if value else found

    def _keys(self, key: Text) -> str | None:
        if key.pattern is not None:
            return str(self.texts(key)["pattern"])
        if key.least or key.most is not None:
            return f"(?s)^.{{{key.least or 0},{'' if key.most is None else key.most}}}\\z"
        return None

    def _object(self, node: Object) -> Json:
        found: Json = {"bsonType": "object"}
        if node.properties:
            found["properties"] = {one.name: self.schema(one.node) for one in node.properties}
        if required := [one.name for one in node.properties if one.required]:
            found["required"] = required
        if node.extra not in (None, Anything()):
            found["additionalProperties"] = False if node.extra == Never() else self.schema(node.extra)
        return found

    def _union(self, node: Union) -> Json:
        members = list(node.members)
        if is_decimal(node):
            return {"bsonType": [*_NUMBERS, "decimal", "string"], **self._of_decimal(members)}
        found = [self._member(one, node.tag) for one in members]
        return {"anyOf": found}

    def _of_decimal(self, members: list[Node]) -> Json:
        """Keywords of a number hold for numbers alone, those of a text for texts."""
        found: Json = {}
        for one in members:
            found |= (
                bounds(one) if isinstance(one, Number) else self.texts(one) if isinstance(one, Text) else {}
            )
        return found

    def _member(self, node: Node, tag: str | None) -> Json:
        found = untold(node, tag, self.named)
        schema = self.schema(node)
        return {**schema, "required": sorted({*schema.get("required", ()), found.name})} if found else schema

    def _ref(self, name: str) -> Json:
        if name in self.inside:
            kind = {"bsonType": "object"} if isinstance(self.named[name], Object) else {}
            return {**kind, "description": CUT}
        return replace(self, inside=self.inside | {name}).schema(self.named[name])


def is_decimal(node: Node) -> bool:
    """A number or a text of no kind: what Pydantic says of a Decimal."""
    if not isinstance(node, Union) or len(node.members) != 2:
        return False
    number, text = node.members
    return isinstance(number, Number) and not number.whole and isinstance(text, Text) and text.format is None


def bounds(node: Number) -> Json:
    """The bounds of a number, in the words of draft 4."""
    found: Json = {}
    for keyword, reached, passed, tighter in (
        ("minimum", node.least, node.above, max),
        ("maximum", node.most, node.below, min),
    ):
        given = [one for one in (reached, passed) if one is not None]
        if given:
            found[keyword] = _number(tighter(given))
            if passed is not None and found[keyword] == _number(passed):
                found[f"exclusive{keyword.capitalize()}"] = True
    return {**found, **_said({"multipleOf": node.multiple_of})}


def counts(node: Array) -> Json:
    """How many items, and whether none comes twice."""
    told = _said({"minItems": node.least or None, "maxItems": node.most})
    return {**told, **({"uniqueItems": True} if node.unique else {})}


def _any_whole(node: Number) -> bool:
    return node.whole and node.multiple_of is None


def _number(value: Any) -> Any:
    """``value``, a whole number that is no int64 as a double."""
    big = isinstance(value, int) and not isinstance(value, bool) and not -_INT64 <= value < _INT64
    return float(value) if big else value


def _said(told: Mapping[str, Any]) -> Json:
    return {keyword: value for keyword, value in told.items() if value is not None}
